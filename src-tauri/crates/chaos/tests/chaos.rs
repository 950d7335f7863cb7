//! A minute of chaos on each database, with real processes: three nodes are killed, frozen, cut off and hurried about while
//! people pause, edit and cancel, and on a server one of them lives five minutes ahead; afterwards nothing is lost, nothing
//! happened twice, nothing early, nothing is left open.
//! `cargo xtask chaos` does the same for half an hour, and also restarts the server.

#![cfg(test)]

mod director;

use presell_store::testing::Kind;

use director::{figure, minute_of};

fn play(kind: Kind, trouble: &[&str]) {
    let report = minute_of("run", kind);
    // Trouble that did not come proves nothing.
    for kind in trouble {
        let (made, left_out) = (report["trouble"][kind].as_u64() > Some(0), report["leftOut"][kind].is_string());
        assert!(made || left_out, "there was trouble of the kind \"{kind}\", or it cannot be made on this machine");
    }
    let figure = |what: &str| figure(&report, what);
    assert!(figure("occurrences with a row") > 300, "there was work to disturb");
    assert!(figure("runs recovered from a lost node") > 0, "there was something to recover");
    assert!(figure("stale finishes rejected") > 0, "there was somebody who came too late");
    if report["trouble"]["clock five minutes ahead"].as_u64() > Some(0) {
        assert!(figure("clock of a node ahead, at most, ms") > 290_000, "a node saw the wrong clock it was shown");
    }
}

#[test]
fn nothing_is_lost_or_doubled_on_sqlite() {
    play(
        Kind::Sqlite,
        &[
            "kill -9",
            "kill -9, 5 ms before something was due",
            "frozen for longer than the lease",
            "asked to quit",
            "write lock held for 4 s",
        ],
    );
}

#[test]
fn nothing_is_lost_or_doubled_on_postgres() {
    play(
        Kind::Postgres,
        &[
            "kill -9",
            "frozen for longer than the lease",
            "half-open connections",
            "all connections ended by the server",
            "long reading transaction",
            "clock five minutes ahead",
        ],
    );
}
