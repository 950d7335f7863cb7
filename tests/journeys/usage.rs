//! The command line as a contract: help, exit statuses, and what goes where.

use std::process::Stdio;

use presell_store::testing::Kind;

use crate::support::{Presell, journey, sample};

const PO: &str = "po_id,line_no,sku,quantity,arrival_date,facility,is_new,status\n";

#[test]
fn every_command_has_help_that_says_what_it_does() {
    let presell = Presell::new(Kind::Sqlite);
    let commands: &[&[&str]] = &[
        &[],
        &["import"],
        &["import", "purchase-orders"],
        &["import", "inventory"],
        &["import", "receipts"],
        &["import", "orders"],
        &["import", "products"],
        &["import", "undo"],
        &["imports"],
        &["refresh"],
        &["catalog"],
        &["why"],
        &["exclude"],
        &["settings"],
        &["settings", "get"],
        &["settings", "set"],
        &["check"],
        &["backup"],
        &["restore"],
        &["demo"],
        &["shop"],
        &["shop", "add"],
        &["shop", "list"],
        &["shop", "test"],
        &["shop", "link"],
        &["shop", "diff"],
        &["shop", "sync"],
        &["shop", "drift"],
        &["shop", "remove"],
        &["shop", "show"],
        &["simulator"],
        &["completions"],
    ];
    for command in commands {
        let help = presell.run(&[*command, &["--help"]].concat());
        assert_eq!(help.status, 0, "presell {command:?} --help is no error");
        assert!(help.stdout.contains("Usage: presell"), "presell {command:?} --help shows how it is typed");
        assert!(help.stdout.len() > 200, "presell {command:?} --help explains: {}", help.stdout);
        assert!(!help.stdout.contains("postgres://postgres"), "help never shows the address in use");
    }
}

#[test]
fn the_demo_runs_to_its_end_and_leaves_nothing_behind() {
    let presell = Presell::new(Kind::Sqlite);
    let temporary = presell.folder().join("tmp");
    std::fs::create_dir(&temporary).unwrap();
    let done = presell.command(&["demo", "--json"]).env("TMPDIR", &temporary).output().unwrap();
    assert!(done.status.success(), "the demo ends well: {}", String::from_utf8_lossy(&done.stderr));
    let told: serde_json::Value = serde_json::from_slice(&done.stdout).expect("with --json the demo is one document");
    let steps = told["steps"].as_array().unwrap();
    let last = &steps.last().unwrap()["result"];
    assert_eq!(last["decision"], "NOT_LISTED", "what arrived has left the list at the end of the story");
    assert_eq!(last["reasons"][0], "IN_STOCK", "and the reason is that it is in stock");
    assert_eq!(std::fs::read_dir(&temporary).unwrap().count(), 0, "nothing is left in the temporary folder");
    assert!(!std::path::Path::new(presell.database()).exists(), "the person's own database is not even opened");
}

#[test]
fn the_demo_speaks_to_people_in_numbered_steps() {
    let presell = Presell::new(Kind::Sqlite);
    let told = presell.run(&["demo"]);
    assert_eq!(told.status, 0, "{}", told.stderr);
    for heading in [
        "1. Products",
        "3. Purchase orders",
        "Why is it listed?",
        "The shop shows it",
        "The shop follows",
        "A delivery arrives",
        "presell --help",
    ] {
        assert!(told.stdout.contains(heading), "the demo tells \"{heading}\"");
    }
}

journey! {
    fn the_exit_status_says_how_it_ended(presell: Presell) {
        let good = presell.file("good.csv", &format!("{PO}PO-1,1,A,10,2026-12-15,WH,Y,APPROVED\n"));
        let mixed = presell.file("mixed.csv", &format!("{PO}PO-2,1,A,10,2026-12-15,WH,Y,APPROVED\nPO-3,1,A,ten,2026-12-15,WH,Y,APPROVED\n"));
        let broken = presell.file("broken.csv", "nothing,of,this\n1,2,3\n");
        assert_eq!(presell.run(&["import", "purchase-orders", &good]).status, 0, "all rows taken is 0");
        let partly = presell.run(&["import", "purchase-orders", &mixed]);
        assert_eq!(partly.status, 3, "a refused row is done in part: {}", partly.stderr);
        assert!(partly.stderr.contains("Done in part"), "and is said on standard error: {}", partly.stderr);
        let failed = presell.run(&["import", "purchase-orders", &broken]);
        assert_eq!(failed.status, 1, "a refused file is a failure");
        assert!(failed.stdout.is_empty(), "a failure prints nothing on standard output");
        assert_eq!(presell.run(&["why", "NOBODY"]).status, 1, "an unknown product is a failure");
        for wrong in [&["refresh", "--as-of", "2026-12-24"][..], &["frobnicate"], &["import", "orders", "x.csv", "--map", "sku"],
            &["import", "orders", "x.csv", "--map", "colour=Colour"], &["settings", "set", "nothing", "1"]] {
            assert_eq!(presell.run(wrong).status, 2, "presell {wrong:?} is typed wrongly");
            let (status, error) = presell.error(wrong);
            assert_eq!(status, 2, "presell {wrong:?} --json is typed wrongly too");
            assert!(error["code"].is_string() && error["message"].is_string(), "an error has code and message: {error}");
        }
    }
}

journey! {
    fn purchase_orders_become_a_catalog_that_explains_itself(presell: Presell) {
        let file = presell.file("po.csv", &format!("{PO}PO-1,1,NEW-1,10,2026-12-15,WH,Y,APPROVED\n"));
        let report = presell.json(&["import", "purchase-orders", &file]);
        assert_eq!(report["accepted"], 1, "the row is taken: {report}");
        assert_eq!(report["changes"]["new"], 1, "and is new: {report}");
        let refreshed = presell.json(&["refresh"]);
        assert_eq!(refreshed["added"], 1, "the product is added: {refreshed}");
        assert_eq!(refreshed["changes"][0]["change"], "ADD", "and named: {refreshed}");
        assert!(refreshed["runId"].is_number() && refreshed["durationMs"].is_number(), "a run has a key and a duration");
        let catalog = presell.json(&["catalog"]);
        assert_eq!(catalog[0]["category"], "PRE_ORDER", "a new style is a pre-order: {catalog}");
        let why = presell.json(&["why", "NEW-1"]);
        assert_eq!(why["decision"], "LISTED", "the explanation agrees with the list: {why}");
        assert_eq!(presell.json(&["refresh"])["examined"], 0, "nothing happened since, so nothing is looked at");
        let later = presell.at("2026-12-16T00:00:01Z").json(&["refresh", "--dry-run"]);
        assert_eq!(later["changes"][0]["reasons"][0], "DATE_PASSED", "the day after, the promise has passed: {later}");
        presell.at("2026-11-23T09:00:00Z");
        presell.json(&["exclude", "NEW-1"]);
        assert_eq!(presell.json(&["refresh"])["changes"][0]["reasons"][0], "EXCLUDED", "a product taken out leaves at the next refresh");
    }
}

journey! {
    fn settings_are_shown_changed_and_guarded(presell: Presell) {
        let changed = presell.json(&["settings", "set", "out_of_stock_level", "2"]);
        assert_eq!((&changed["before"], &changed["after"]), (&"0".into(), &"2".into()), "old and new are told: {changed}");
        assert_eq!(presell.json(&["settings", "get", "out_of_stock_level"])["value"], "2", "a change lasts");
        let (status, error) = presell.error(&["settings", "set", "out_of_stock_level", "many"]);
        assert_eq!(status, 2, "a value that is never accepted is a wrong use");
        assert!(error["message"].as_str().unwrap().contains("from 0 to"), "the refusal says what is accepted: {error}");
        assert_eq!(presell.error(&["settings", "set", "zone", "Mars/Olympus"]).0, 2, "a zone must exist");
        presell.json(&["settings", "set", "zone", "Asia/Tokyo"]);
        assert_eq!(presell.json(&["settings", "get", "zone"])["value"], "Asia/Tokyo", "the zone is changed like a setting");
    }
}

journey! {
    fn the_self_test_is_content_with_a_fresh_database(presell: Presell) {
        let health = presell.json(&["check"]);
        assert_eq!(health["ok"], true, "a fresh database is in order: {health}");
        assert!(health["checks"].as_array().unwrap().len() >= 9, "every check reports: {health}");
        assert!(!health.to_string().contains("secret"), "no password is shown");
    }
}

#[test]
fn a_reader_that_stops_reading_is_no_failure() {
    let presell = Presell::new(Kind::Sqlite);
    presell.run(&["import", "purchase-orders", &sample("purchase-orders.csv"), "--confirm"]);
    presell.run(&["refresh"]);
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let ended = presell.command(&["catalog"]).stdout(writer).stderr(Stdio::piped()).output().unwrap();
    assert!(ended.status.success(), "a closed pipe ends quietly: {:?}", ended.status);
    assert!(ended.stderr.is_empty(), "and says nothing: {}", String::from_utf8_lossy(&ended.stderr));
}

journey! {
    fn the_self_test_names_what_is_wrong_and_what_to_do(presell: Presell) {
        let file = presell.file("po.csv", &format!("{PO}PO-1,1,NEW-1,10,2026-12-15,WH,Y,APPROVED\n"));
        presell.json(&["import", "purchase-orders", &file]);
        presell.change("UPDATE po_line SET allocated = 4");
        presell.change("UPDATE import SET state = 'applying'");
        let check = presell.run(&["check", "--json"]);
        assert_eq!(check.status, 1, "a self-test that finds something is a failure: {}", check.stdout);
        let health: serde_json::Value = serde_json::from_str(&check.stdout).unwrap();
        let failed: Vec<&serde_json::Value> =
            health["checks"].as_array().unwrap().iter().filter(|check| check["ok"] == false).collect();
        let names: Vec<&str> = failed.iter().map(|check| check["name"].as_str().unwrap()).collect();
        assert_eq!(names, ["promised pieces", "imports"], "exactly what is wrong is named: {health}");
        assert!(failed[0]["message"].as_str().unwrap().contains("PO-1 line 1: stored 4, should be 0"), "with its place: {health}");
        assert!(failed.iter().all(|check| check["remedy"].is_string()), "and with what to do: {health}");
    }
}
