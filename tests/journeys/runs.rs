//! Runs as a person asks for them and reads them.

use crate::support::{Presell, journey, sample};

const REFRESH: &str = "JOB_REL_PREODR_CAT";

fn stocked(presell: &Presell) {
    for (kind, file) in
        [("products", "products.csv"), ("inventory", "inventory.csv"), ("purchase-orders", "purchase-orders.csv")]
    {
        presell.json(&["import", kind, &sample(file)]);
    }
}

journey! {
    fn a_job_run_now_leaves_its_schedule_alone_and_tells_what_it_did(presell: Presell) {
        stocked(&presell);
        let trial = presell.json(&["job", "run", REFRESH, "--dry-run"]);
        assert_eq!(trial["state"], "FINISHED", "a trial ends well: {trial}");
        assert!(trial["counts"]["changed"].as_u64() > Some(0), "and counts what would change");
        assert!(presell.json(&["catalog"]).as_array().unwrap().is_empty(), "but changes nothing");
        let run = presell.json(&["job", "run", REFRESH]);
        let counts = &run["counts"];
        let n = |field: &str| counts[field].as_u64().unwrap();
        assert_eq!(n("examined"), n("changed") + n("unchanged") + n("failed") + n("skipped"), "counts add up: {counts}");
        assert_eq!(presell.json(&["catalog"]).as_array().unwrap().len() as u64, n("changed"), "what it counted is listed");
        assert_eq!(presell.json(&["job", "show", REFRESH])["state"], "DRAFT", "its schedule is as it was");
        let last = &presell.json(&["job", "show", REFRESH])["lastRun"];
        assert_eq!((&last["id"], &last["state"], &last["counts"]), (&run["id"], &"FINISHED".into(), counts), "its card shows the last run");
        let shown = presell.json(&["run", "show", &run["id"].to_string()]);
        assert_eq!((&shown["origin"], &shown["attempt"]), (&"MANUAL".into(), &1.into()), "a person asked for it");
        assert!(shown["result"]["changes"].as_array().is_some_and(|c| !c.is_empty()), "with what changed: {shown}");
    }
}

journey! {
    fn a_run_that_fails_keeps_its_reason_and_its_parameters(presell: Presell) {
        let output = presell.run(&["job", "run", REFRESH, "--param", "productId=NO-SUCH", "--json"]);
        assert_eq!(output.status, 1, "a failed run is a failed command: {}", output.stderr);
        let run: serde_json::Value = serde_json::from_str(&output.stdout).unwrap();
        assert_eq!((&run["state"], &run["reason"]), (&"FAILED".into(), &"BAD_PARAMETERS".into()), "it failed, for this reason");
        let failed = presell.json(&["runs", "--state", "failed"]);
        assert_eq!(failed[0]["id"], run["id"], "and is found among the failed ones");
        assert!(failed[0]["error"].as_str().unwrap().contains("NO-SUCH"), "with the full words");
        assert_eq!(failed[0]["parameters"]["productId"][0], "NO-SUCH", "and what it was given");
        assert!(presell.json(&["runs", "--state", "finished"]).as_array().unwrap().is_empty(), "not among the others");
        let (status, _) = presell.error(&["run", "stop", &run["id"].to_string()]);
        assert_eq!(status, 1, "what has ended cannot be stopped");
    }
}

journey! {
    fn a_folder_of_files_is_taken_in_one_run_with_a_part_for_each(presell: Presell) {
        let inbox = presell.folder().join("inbox");
        for (kind, file) in [("products", "products.csv"), ("inventory", "inventory.csv"), ("purchase-orders", "purchase-orders.csv")] {
            std::fs::create_dir_all(inbox.join(kind)).unwrap();
            std::fs::copy(sample(file), inbox.join(kind).join(file)).unwrap();
        }
        let path = format!("importPath={}", inbox.display());
        let output = presell.run(&["job", "run", "JOB_PRC_PND_DML", "--param", &path, "--param", "fileProcessingDelay=0", "--json"]);
        assert_eq!(output.status, 3, "four rows wait for a confirmation, so it is done in part: {}", output.stderr);
        let run: serde_json::Value = serde_json::from_str(&output.stdout).unwrap();
        let parts = run["parts"].as_array().unwrap();
        assert_eq!(parts.len(), 3, "a part for each file");
        let rows: u64 = parts.iter().map(|part| part["counts"]["examined"].as_u64().unwrap()).sum();
        assert_eq!(run["counts"]["examined"].as_u64(), Some(rows), "the run sums them up");
        let log = presell.json(&["run", "show", &parts[2]["id"].to_string()])["log"].to_string();
        assert!(log.contains("60 rows: 56 taken, 4 left out"), "each part says what it did: {log}");
        assert_eq!(presell.json(&["imports"]).as_array().unwrap().len(), 3, "and each is an import that can be taken back");
    }
}
