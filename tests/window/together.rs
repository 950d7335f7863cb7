//! The real window beside another computer, on one PostgreSQL.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use presell_store::Address;
use presell_store::testing::{Kind, Place};
use serde_json::json;

use crate::driver::{Home, Window, agent, program};

const REFRESH: &str = "JOB_REL_PREODR_CAT";
const NAME: &str = "Auto refresh pre-sell catalog";

#[test]
fn what_is_changed_on_another_computer_comes_to_the_window_and_back() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime for the test's database");
    let place = runtime.block_on(Place::new(Kind::Postgres));
    let Address::Server(url) = place.address.clone() else { panic!("the data is on a server") };
    {
        let other = Other::start(&url);
        let window = Window::open(&Home::on(url));
        other.ask("finish_first_start", &json!({}));
        window.go("#/pre-order");
        window.says(NAME);
        let began = Instant::now();
        other.ask("enable_job", &json!({ "id": REFRESH, "setting": { "every": "HOURLY" } }));
        window.says("1 job on");
        println!("a tick elsewhere was in the window after {:?}", began.elapsed());
        let mut changes = other.changes();
        let began = Instant::now();
        window.choose(&format!("Frequency of {NAME}"), "Every 30 minutes");
        let told = changes.next().expect("the other computer is told").expect("its host goes on");
        println!("a change in the window was told elsewhere after {:?}: {told}", began.elapsed());
        window.says(&format!("{NAME}: Every 30 minutes"));
        let job = other.ask("show_job", &json!({ "id": REFRESH }));
        assert_eq!(job["frequency"], "EVERY_30_MIN", "and finds the new frequency there: {job}");
    }
    runtime.block_on(place.remove());
}

/// Another computer's program.
struct Other {
    child: Child,
    url: String,
}

impl Other {
    fn start(database: &str) -> Other {
        let program = program("presell-host");
        let started = Command::new(&program).args(["serve", "--database", database]).stdout(Stdio::piped()).spawn();
        let mut child = started.unwrap_or_else(|error| panic!("{} is built before: {error}", program.display()));
        let mut url = String::new();
        let said = BufReader::new(child.stdout.take().expect("it is piped")).read_line(&mut url);
        said.expect("it says its address");
        Other { child, url: url.trim().to_owned() }
    }

    fn ask(&self, command: &str, arguments: &serde_json::Value) -> serde_json::Value {
        let answer = agent().post(format!("{}/rpc/{command}", self.url)).send_json(arguments);
        answer.and_then(|mut answer| answer.body_mut().read_json()).unwrap_or_else(|e| panic!("{command}: {e}"))
    }

    /// What it tells its pages, from now on.
    fn changes(&self) -> impl Iterator<Item = std::io::Result<String>> {
        let answer = agent().get(format!("{}/events", self.url)).call().expect("it tells its pages");
        let lines = BufReader::new(answer.into_body().into_reader()).lines();
        lines.filter(|line| line.as_ref().map_or(true, |line| line.starts_with("data:")))
    }
}

impl Drop for Other {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
