//! A minute of trouble on a fresh database, played by the director as a process of its own; its rules must hold.

use std::process::{Command, Stdio};

use presell_store::Address;
use presell_store::testing::{Kind, Place};
use serde_json::Value;

/// Plays what `word` names, and returns what the director reports. Every rule held.
pub(crate) fn minute_of(word: &str, kind: Kind) -> Value {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let place = runtime.block_on(Place::new(kind));
    let database = match &place.address {
        Address::File(path) => path.display().to_string(),
        Address::Server(url) => url.clone(),
    };
    let mut director = Command::new(env!("CARGO_BIN_EXE_presell-chaos"));
    director.args([word, "--json", "--seconds", "60", "--database", &database]);
    if let Ok(seed) = std::env::var("PRESELL_CHAOS_SEED") {
        director.args(["--seed", &seed]);
    }
    let output = director.stderr(Stdio::inherit()).output().unwrap();
    runtime.block_on(place.remove());

    let text = String::from_utf8_lossy(&output.stdout);
    let report: Value = serde_json::from_str(&text).unwrap_or_else(|e| panic!("the director reports: {e}\n{text}"));
    println!("PRESELL_CHAOS_SEED={} plans the same trouble again\n{text}", report["seed"]);
    let broken: Vec<&Value> = report["rules"].as_array().unwrap().iter().filter(|rule| rule["count"] != 0).collect();
    assert!(broken.is_empty(), "under trouble every rule holds: {broken:#?}");
    assert!(output.status.success(), "and the director says so: {}", output.status);
    report
}

/// A figure of the report.
pub(crate) fn figure(report: &Value, what: &str) -> i64 {
    let figures = report["figures"].as_array().unwrap();
    figures.iter().find(|figure| figure["what"] == what).and_then(|figure| figure["value"].as_i64()).unwrap()
}
