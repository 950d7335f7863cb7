//! The daemon: jobs run by themselves, on one computer or several, and nothing is lost when one of them dies.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support::{Presell, journey, sample};

pub(crate) const REFRESH: &str = "JOB_REL_PREODR_CAT";
/// Whoever waits longer waits for nothing.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// A daemon at work; killed with the value.
pub(crate) struct Daemon {
    child: Child,
    log: Receiver<String>,
    /// Its log so far.
    pub(crate) said: Vec<String>,
}

impl Daemon {
    pub(crate) fn start(presell: &Presell) -> Daemon {
        let mut child =
            presell.command(&["daemon", "--json"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let (tell, log) = channel();
        std::thread::spawn(move || lines.map_while(Result::ok).try_for_each(|line| tell.send(line)));
        let mut daemon = Daemon { child, log, said: Vec::new() };
        daemon.until("the daemon is at work");
        daemon
    }

    /// Waits for a line of its log that holds these words.
    pub(crate) fn until(&mut self, words: &str) -> Value {
        loop {
            let line = self
                .log
                .recv_timeout(PATIENCE)
                .unwrap_or_else(|_| panic!("the daemon never said \"{words}\": {:#?}", self.said));
            let value: Value = serde_json::from_str(&line)
                .unwrap_or_else(|e| panic!("a line of the log is one JSON document, {e}: {line}"));
            self.said.push(line.clone());
            if line.contains(words) {
                return value;
            }
        }
    }

    /// SIGTERM; returns its exit status and how long it took.
    pub(crate) fn stop(&mut self) -> (i32, Duration) {
        let asked = Instant::now();
        signal(&self.child, "-TERM");
        let status = self.child.wait().unwrap().code().unwrap_or(-1);
        self.said.extend(self.log.try_iter());
        (status, asked.elapsed())
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        // One that has ended already cannot be killed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn signal(child: &Child, signal: &str) {
    assert!(
        Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap().success(),
        "the signal is sent"
    );
}

/// Asks until the answer is as wanted.
fn until(what: &str, mut asked: impl FnMut() -> bool) {
    let began = Instant::now();
    while !asked() {
        assert!(began.elapsed() < PATIENCE, "it never came to this: {what}");
    }
}

journey! {
    fn from_a_purchase_order_to_a_listed_product_while_the_daemon_runs(presell: Presell) {
        presell.json(&["import", "products", &sample("products.csv")]);
        presell.json(&["import", "inventory", &sample("inventory.csv")]);
        let mut daemon = Daemon::start(&presell);
        let on = presell.json(&["job", "enable", REFRESH]);
        daemon.until("finished");
        let before = presell.json(&["catalog"]).as_array().unwrap().len();
        let report = presell.json(&["import", "purchase-orders", &sample("purchase-orders.csv")]);
        assert_eq!(report["refreshing"], true, "the import says that the catalog follows by itself");
        daemon.until("finished");
        let listed = presell.json(&["catalog"]).as_array().unwrap().len();
        assert!(listed > before, "products are listed, and nobody typed refresh");
        let hourly = presell.json(&["job", "save", REFRESH, "--every", "HOURLY"]);
        assert!(hourly["nextRun"].as_str() > on["nextRun"].as_str(), "the next run moves");
        let skipped = presell.json(&["job", "skip", REFRESH]);
        assert_eq!(skipped["skipped"], hourly["nextRun"], "one is left out");
        let off = presell.json(&["job", "disable", REFRESH]);
        assert_eq!((&off["state"], &off["nextRun"]), (&"DRAFT".into(), &Value::Null), "it is gone from the pending ones");
        let history = presell.json(&["runs", "--job", REFRESH]);
        let states: Vec<&str> = history.as_array().unwrap().iter().filter_map(|run| run["state"].as_str()).collect();
        assert_eq!(states, ["SKIPPED", "FINISHED", "FINISHED"], "and its history is kept");
        let (status, took) = daemon.stop();
        assert_eq!(status, 0, "SIGTERM ends it in order");
        assert!(took < Duration::from_secs(10), "within ten seconds, not {took:?}");
    }
}

journey! {
    fn a_daemon_that_is_killed_at_work_is_replaced_by_another_and_its_run_is_done(presell: Presell) {
        let inbox = presell.folder().join("inbox");
        std::fs::create_dir_all(inbox.join("inventory")).unwrap();
        let mut first = Daemon::start(&presell);
        let path = format!("importPath={}", inbox.display());
        // It waits for the file to settle, so it is surely at work when it is killed.
        std::fs::write(inbox.join("inventory/stock.csv"), "sku,facility,quantity\nS-1,WH,4\n").unwrap();
        presell.json(&["job", "enable", "JOB_PRC_PND_DML", "--param", &path, "--param", "fileProcessingDelay=2", "--at", "now"]);
        first.until("started");
        signal(&first.child, "-KILL");
        first.child.wait().unwrap();
        let mut second = Daemon::start(&presell);
        second.until("recovered");
        let crashed = presell.json(&["runs", "--state", "crashed"]);
        assert!(crashed[0]["detail"].as_str().unwrap().contains("recovered from daemon"), "it is told who was at it: {crashed}");
        // Its retry need not be waited for: the same work can be had now.
        presell.run(&["job", "run", "JOB_PRC_PND_DML", "--param", "fileProcessingDelay=0"]);
        until("the file is taken once", || presell.json(&["imports"]).as_array().unwrap().len() == 1);
        assert!(inbox.join("done/inventory/stock.csv").exists(), "and moved away");
        assert!(presell.json(&["runs", "--state", "running"]).as_array().unwrap().is_empty(), "nothing is left open");
        second.stop();
    }
}

journey! {
    fn a_daemon_that_is_stopped_at_work_hands_it_back_and_another_goes_on(presell: Presell) {
        let inbox = presell.folder().join("inbox");
        std::fs::create_dir_all(inbox.join("inventory")).unwrap();
        std::fs::write(inbox.join("inventory/stock.csv"), "sku,facility,quantity\nS-1,WH,4\n").unwrap();
        let mut first = Daemon::start(&presell);
        let path = format!("importPath={}", inbox.display());
        presell.json(&["job", "enable", "JOB_PRC_PND_DML", "--every", "EVERYDAY", "--param", &path, "--param", "fileProcessingDelay=600", "--at", "now"]);
        let started = first.until("started");
        let (status, took) = first.stop();
        assert_eq!(status, 0, "stopping is no failure");
        assert!(took < Duration::from_secs(10), "within ten seconds, not {took:?}");
        let run = presell.json(&["run", "show", &started["run"].to_string()]);
        assert_eq!((&run["state"], &run["reason"]), (&"CANCELLED".into(), &"APP_QUIT".into()), "it says why it ended: {run}");
        let mut second = Daemon::start(&presell);
        // The file itself asks for a run, too; whichever comes first has the lane.
        let next = loop {
            let goes_on = second.until("started");
            let next = presell.json(&["run", "show", &goes_on["run"].to_string()]);
            if next["origin"] == "RESUME" {
                break next;
            }
            presell.json(&["run", "stop", &next["id"].to_string()]);
        };
        assert_eq!((&next["attempt"], &next["dueAt"]), (&run["attempt"], &run["dueAt"]), "the same attempt at the same occurrence: {next}");
        presell.json(&["run", "stop", &next["id"].to_string()]);
        second.until("cancelled");
        second.stop();
    }
}

journey! {
    fn a_file_put_into_the_watched_folder_is_listed_without_a_word_from_anybody(presell: Presell) {
        let inbox = presell.folder().join("inbox");
        std::fs::create_dir_all(&inbox).unwrap();
        let mut daemon = Daemon::start(&presell);
        presell.json(&["job", "enable", REFRESH, "--every", "EVERYDAY"]);
        daemon.until("finished");
        let path = format!("importPath={}", inbox.display());
        presell.json(&["job", "enable", "JOB_PRC_PND_DML", "--every", "EVERYDAY", "--param", &path, "--param", "fileProcessingDelay=1"]);
        std::fs::create_dir_all(inbox.join("purchase-orders")).unwrap();
        std::fs::write(inbox.join("purchase-orders/po.csv"), "po,sku,quantity,arrival date,facility,new style\nPO-1,S-1,10,2026-12-24,WH,Y\n").unwrap();
        until("the product is listed", || presell.json(&["catalog"]).as_array().unwrap().len() == 1);
        let runs = presell.json(&["runs", "--job", "JOB_PRC_PND_DML"]);
        let parent = runs.as_array().unwrap().iter().find(|run| run["parent"].is_null()).unwrap();
        assert_eq!((&parent["origin"], &parent["actor"]), (&"EVENT".into(), &"watched folder".into()), "the arrival itself asked for it: {parent}");
        daemon.stop();
    }
}

journey! {
    fn a_file_is_taken_at_once_however_busy_people_are(presell: Presell) {
        let inbox = presell.folder().join("inbox");
        std::fs::create_dir_all(inbox.join("inventory")).unwrap();
        let mut daemon = Daemon::start(&presell);
        let path = format!("importPath={}", inbox.display());
        presell.json(&["job", "enable", "JOB_PRC_PND_DML", "--every", "EVERYDAY", "--param", &path, "--param", "fileProcessingDelay=0"]);
        std::fs::write(inbox.join("inventory/stock.csv"), "sku,facility,quantity\nS-1,WH,4\n").unwrap();
        until("the file is taken while somebody edits a schedule all the time", || {
            presell.json(&["job", "save", REFRESH, "--every", "HOURLY"]);
            presell.json(&["imports"]).as_array().unwrap().len() == 1
        });
        daemon.stop();
    }
}

journey! {
    fn two_daemons_and_a_command_on_one_database_run_nothing_twice(presell: Presell) {
        let (mut one, mut two) = (Daemon::start(&presell), Daemon::start(&presell));
        presell.json(&["job", "enable", "PS_UPD_CAT_ARRIVAL", "--every", "1s"]);
        presell.json(&["job", "enable", REFRESH, "--every", "1s"]);
        until("a dozen have run", || presell.json(&["runs", "--job", REFRESH, "--state", "finished"]).as_array().unwrap().len() >= 12);
        presell.json(&["job", "run", REFRESH]);
        presell.json(&["job", "disable", REFRESH]);
        presell.json(&["job", "disable", "PS_UPD_CAT_ARRIVAL"]);
        assert_eq!((one.stop().0, two.stop().0), (0, 0), "both stop in order");
        let runs = presell.json(&["runs", "--limit", "1000"]);
        let mut due: Vec<(String, String)> = runs.as_array().unwrap().iter()
            .filter_map(|run| Some((run["job"].as_str()?.to_owned(), run["dueAt"].as_str()?.to_owned()))).collect();
        let all = due.len();
        due.sort();
        due.dedup();
        assert_eq!(due.len(), all, "each occurrence has one row");
        assert!(runs.as_array().unwrap().iter().all(|run| matches!(run["state"].as_str(), Some("FINISHED" | "SKIPPED" | "CANCELLED"))), "and each has ended well: {runs}");
    }
}
