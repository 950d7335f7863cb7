//! The window comes and goes, the jobs go on.

use std::process::Command;
use std::time::Instant;

use serde_json::Value;

use crate::driver::{Home, Window, until};

const REFRESH: &str = "JOB_REL_PREODR_CAT";

#[test]
fn what_is_changed_elsewhere_comes_to_the_screen_by_itself() {
    let home = Home::new();
    let window = Window::open(&home);
    window.says("No job is on");
    home.presell(&["job", "enable", REFRESH]);
    let began = Instant::now();
    window.says("1 job on");
    // No page asks by itself, so it was told. How soon is told here, and measured elsewhere.
    println!("on the screen {:?} after the command had ended", began.elapsed());
}

#[test]
fn a_run_that_is_cut_short_is_told_and_done_when_the_app_is_back() {
    let home = Home::new();
    let inbox = home.path().join("inbox");
    std::fs::create_dir_all(inbox.join("inventory")).expect("a folder in the test's own");
    home.write("inbox/inventory/stock.csv", "sku,facility,quantity\nS-1,WH,4\n");
    let window = Window::open(&home);
    window.says("Pipeline");
    // It waits for the file to settle, so it is surely at work when it is killed.
    let path = format!("importPath={}", inbox.display());
    home.presell(&[
        "job",
        "enable",
        "JOB_PRC_PND_DML",
        "--param",
        &path,
        "--param",
        "fileProcessingDelay=2",
        "--at",
        "now",
    ]);
    until("it is at work", || !runs(&home, "running").is_empty());
    kill(window.app());
    drop(window);
    let window = Window::open(&home);
    window.says("was cut short");
    until("the file is taken", || home.presell(&["imports"]).as_array().is_some_and(|all| all.len() == 1));
    let crashed = runs(&home, "crashed");
    assert_eq!(crashed.len(), 1, "the run that was cut short is in the history: {crashed:?}");
    until("nothing is left open", || runs(&home, "running").is_empty());
}

fn runs(home: &Home, state: &str) -> Vec<Value> {
    home.presell(&["runs", "--state", state]).as_array().cloned().unwrap_or_default()
}

fn kill(process: u32) {
    let killed = Command::new("kill").args(["-KILL", &process.to_string()]).status();
    assert!(killed.is_ok_and(|status| status.success()), "the app is killed");
}
