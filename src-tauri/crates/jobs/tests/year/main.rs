//! A simulated year of all jobs: the real planning, a model of schedules and runs, and a seeded sequence of what can go
//! wrong on a computer that is somebody's own. After each step the rules of the scheduler are checked; see `rules.rs`.
#![expect(clippy::unwrap_used, reason = "what a test cannot do without fails it")]

mod computer;
mod fleet;
mod life;
mod people;
mod rules;

use chrono::NaiveDate;
use presell_scheduler::Millis;

use computer::{Computer, Luck};
use life::Life;
use rules::Tally;

const SECOND: Millis = 1_000;
const MINUTE: Millis = 60 * SECOND;
const HOUR: Millis = 60 * MINUTE;
const DAY: Millis = 24 * HOUR;

/// The year 2026, with all its nights on which clocks change.
fn year() -> (Millis, Millis) {
    let midnight = |year| NaiveDate::from_ymd_opt(year, 1, 1).unwrap().and_hms_opt(0, 0, 0).unwrap().and_utc();
    (midnight(2026).timestamp_millis(), midnight(2027).timestamp_millis())
}

/// Lives through the year; returns what happened.
fn live(seed: u64, luck: Luck) -> Tally {
    let (start, end) = year();
    let mut lives: Vec<Life> = fleet::fleet(seed, start);
    let mut computer = Computer::new(seed, luck, start);
    while computer.now < end {
        let awake = computer.awake();
        for life in &mut lives {
            life.until(awake);
        }
        computer.trouble(&mut lives);
    }
    let mut all = Tally::default();
    for life in &lives {
        all.add(&life.rules.tally);
    }
    all
}

#[test]
fn on_a_server_that_never_sleeps_nothing_is_late_and_nothing_is_left_out() {
    let tally = live(2, Luck::None);
    assert_eq!(tally.skipped("LATE"), 0, "whoever is awake is not late: {tally:?}");
    assert!(tally.ran > 100_000, "a year of all jobs is many runs: {}", tally.ran);
    assert!(
        tally.skipped("MERGED") > 0 && tally.skipped("OVERLAP") > 0,
        "some runs take longer than their interval: {tally:?}"
    );
    assert!(tally.retries > 0, "some fail and are tried again: {tally:?}");
}

fn a_year_of_everything(seed: u64) {
    let tally = live(seed, Luck::All);
    assert!(tally.ran > 10_000, "seed {seed}: a year of all jobs is many runs: {tally:?}");
    for reason in ["LATE", "MERGED", "OVERLAP", "PAUSED", "BY_USER"] {
        assert!(
            tally.skipped(reason) > 0,
            "seed {seed}: a year holds something of everything, also {reason}: {tally:?}"
        );
    }
    assert!(tally.crashed > 0 && tally.realigned > 0, "seed {seed}: crashes and clocks that go back, too: {tally:?}");
}

/// One test for each seed, so that they run side by side. Nine seeds give each job each mix of catch-up and overlap.
macro_rules! seeds {
    ($($name:ident = $seed:literal),+) => { $(#[test] fn $name() { a_year_of_everything($seed); })+ };
}

seeds!(
    a_year_of_everything_1 = 1,
    a_year_of_everything_2 = 2,
    a_year_of_everything_3 = 3,
    a_year_of_everything_4 = 4,
    a_year_of_everything_5 = 5,
    a_year_of_everything_6 = 6,
    a_year_of_everything_7 = 7,
    a_year_of_everything_8 = 8,
    a_year_of_everything_9 = 9
);
