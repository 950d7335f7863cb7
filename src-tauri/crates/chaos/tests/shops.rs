//! A minute of chaos for a shop on each database, with real processes: two nodes with Presell's own jobs are killed and
//! frozen in the middle of syncs while people change the lists, others the shop, and the shop goes wrong in every way;
//! afterwards it shows what the lists want, a further sync writes nothing, and no write at any moment was one that had no
//! reason. `cargo xtask chaos shops` does the same for half an hour.

#![cfg(test)]

mod director;

use presell_store::testing::Kind;
use serde_json::Value;

use director::{figure, minute_of};

fn play(kind: Kind) {
    let report = minute_of("shops", kind);
    // Trouble that did not come proves nothing.
    let kills =
        ["kill -9", "kill -9, in the middle of a sync"].map(|kind| report["trouble"][kind].as_u64().unwrap_or(0));
    assert!(kills.iter().sum::<u64>() > 2, "nodes were killed: {kills:?}");
    let faults: u64 = report["faults"].as_object().unwrap().values().filter_map(Value::as_u64).sum();
    assert!(faults > 20, "the shop went wrong, not only {faults} times");
    let figure = |what: &str| figure(&report, what);
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
