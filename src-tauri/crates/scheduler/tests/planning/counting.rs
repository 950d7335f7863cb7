//! How many occurrences were missed, and which was the newest.

use presell_scheduler::planning::{Fate, Timing, plan};
use presell_scheduler::{CatchUp, Millis, Schedule, reason};
use proptest::prelude::*;
use rstest::rstest;

use super::{DAY, HOUR, MINUTE, recurrence, steps, utc, waiting, zone};

fn timing(text: &str, name: &str) -> Timing {
    Timing { recurrence: recurrence(text), zone: zone(name), anchor: utc("2025-01-01 00:00") }
}

fn skipped(due: Millis, covers: i64) -> (Millis, Fate) {
    (due, Fate::Skipped { reason: reason::LATE, covers })
}

fn runs(due: Millis) -> (Millis, Fate) {
    (due, Fate::Run { available_at: due })
}

fn rows(schedule: &Schedule, timing: &Timing, now: Millis) -> Vec<(Millis, Fate)> {
    plan(schedule, timing, now, false).rows.into_iter().map(|row| (row.due, row.fate)).collect()
}

#[rstest]
#[case("1m")]
#[case("* * * * *")]
fn ten_thousand_missed_minutes_are_one_run_and_one_skipped_row(#[case] every_minute: &str) {
    let timing = timing(every_minute, "UTC");
    let due = utc("2026-01-01 00:00");
    let newest = due + 9_999 * MINUTE;
    let made = rows(&waiting(&timing, due), &timing, newest);
    assert_eq!(made, [skipped(newest - MINUTE, 9_999), runs(newest)], "all are accounted for, in two rows");
}

#[test]
fn a_thousand_years_of_minutes_are_counted_by_arithmetic() {
    let timing = timing("1m", "Europe/Paris");
    let due = utc("2026-01-01 00:00");
    let count = 1_000 * 365 * DAY / MINUTE;
    let newest = due + (count - 1) * MINUTE;
    let made = rows(&waiting(&timing, due), &timing, newest);
    assert_eq!(
        made,
        [skipped(newest - MINUTE, count - 1), runs(newest)],
        "nobody steps through half a billion minutes"
    );
}

#[test]
fn a_thousand_years_of_days_are_counted_by_arithmetic() {
    let timing = timing("1d", "UTC");
    let due = utc("2026-01-01 00:00");
    let newest = due + 365_000 * DAY;
    assert_eq!(timing.count(due, newest + HOUR), Some((newest, 365_001)), "days are counted by arithmetic");
}

#[test]
fn cron_counts_to_ten_thousand_and_still_finds_the_newest() {
    let timing = timing("* * * * *", "Europe/Paris");
    let due = utc("2026-01-01 00:00");
    let now = due + 20_000 * MINUTE + 5;
    assert_eq!(timing.count(due, now), Some((now - 5, 10_000)), "beyond ten thousand the number is at least that");
    let made = rows(&waiting(&timing, due), &timing, now);
    assert_eq!(made, [skipped(now - 5 - MINUTE, 10_000), runs(now - 5)], "the newest runs, however many there were");
}

#[test]
fn cron_finds_the_newest_also_where_it_comes_seldom() {
    // Minutes of January only: the newest of ten thousand and more is months before now.
    let timing = timing("* * * 1 *", "UTC");
    let (from, now) = (utc("2026-01-01 00:00"), utc("2026-12-01 00:00"));
    assert_eq!(timing.count(from, now), Some((utc("2026-01-31 23:59"), 10_000)), "it looks back as far as it must");
}

#[test]
fn a_year_of_working_hours_missed_is_caught_up_from_the_oldest_of_the_newest_24() {
    let timing = timing("*/5 9-17 * * *", "Europe/Paris");
    let due = timing.next(utc("2025-06-01 00:00")).unwrap();
    let schedule = Schedule { catch_up: CatchUp::RunAll, ..waiting(&timing, due) };
    let now = utc("2026-06-01 12:00");
    let first = now - 23 * 5 * MINUTE;
    let made = rows(&schedule, &timing, now);
    assert_eq!(made[1], runs(first), "the 24th from the end runs");
    let (before, fate) = made[0];
    assert_eq!(before, first - 5 * MINUTE, "what is older is one row");
    assert!(
        matches!(fate, Fate::Skipped { reason: reason::LATE, covers } if covers >= 9_900),
        "and counts its thousands: {fate:?}"
    );
}

fn patterns() -> impl Strategy<Value = (&'static str, &'static str)> {
    let texts = ["7m", "1h", "6h", "1d", "3d", "*/15 * * * *", "30 2 * * *", "0 */6 * * MON-FRI", "0 0 1 * *"];
    let zones = ["UTC", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo", "Asia/Beirut"];
    (prop::sample::select(texts.to_vec()), prop::sample::select(zones.to_vec()))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn counting_and_stepping_agree((text, name) in patterns(), start in 0..30_000_i64, span in 0..8_000_i64, odd in 0..1_000_i64) {
        let timing = timing(text, name);
        let from = timing.anchor + start * 17 * MINUTE + odd;
        let until = from + span * MINUTE;
        let due = steps(&timing, from - 1, until);
        let counted = timing.count(from, until);
        prop_assert_eq!(counted, due.last().map(|last| (*last, due.len() as i64)), "{} in {}", text, name);
    }
}
