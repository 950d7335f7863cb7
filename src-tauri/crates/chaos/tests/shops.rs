//! A minute of chaos for a shop on each database, with real processes: two nodes with Presell's own jobs are killed and
//! frozen in the middle of syncs while people change the lists, others the shop, and the shop goes wrong in every way;
//! afterwards it shows what the lists want, a further sync writes nothing, and no write at any moment was one that had no
//! reason. `cargo xtask chaos shops` does the same for half an hour.

#![cfg(test)]

use std::process::{Command, Stdio};

use presell_store::Address;
use presell_store::testing::{Kind, Place};
use serde_json::Value;

fn play(kind: Kind) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let place = runtime.block_on(Place::new(kind));
    let database = match &place.address {
        Address::File(path) => path.display().to_string(),
        Address::Server(url) => url.clone(),
    };
    let mut director = Command::new(env!("CARGO_BIN_EXE_presell-chaos"));
    director.args(["shops", "--json", "--seconds", "60", "--database", &database]);
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
    // Trouble that did not come proves nothing.
    let kills =
        ["kill -9", "kill -9, in the middle of a sync"].map(|kind| report["trouble"][kind].as_u64().unwrap_or(0));
    assert!(kills.iter().sum::<u64>() > 2, "nodes were killed: {kills:?}");
    let faults: u64 = report["faults"].as_object().unwrap().values().filter_map(Value::as_u64).sum();
    assert!(faults > 20, "the shop went wrong, not only {faults} times");
    let figure = |what: &str| {
        let figures = report["figures"].as_array().unwrap();
        figures.iter().find(|figure| figure["what"] == what).and_then(|figure| figure["value"].as_i64()).unwrap()
    };
    assert!(figure("listings confirmed") > 20, "there was something to show");
    assert!(figure("delists confirmed") > 0, "and to take off");
    assert!(figure("  moves to the other list among them") > 0, "and to move");
    assert!(figure("  done, and nobody was told") > 0, "and something was done that nobody was told of");
}

#[test]
fn a_shop_ends_as_the_lists_want_it_on_sqlite() {
    play(Kind::Sqlite);
}

#[test]
fn a_shop_ends_as_the_lists_want_it_on_postgres() {
    play(Kind::Postgres);
}
