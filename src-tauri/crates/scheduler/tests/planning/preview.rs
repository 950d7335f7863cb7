//! The next runs as people read them.

use presell_scheduler::planning::{Recurrence, Timing, preview};
use rstest::rstest;

use super::clocks::changes;
use super::{HOUR, recurrence, utc, zone};

/// The next runs: date, time and zone, then the note, one run a line.
fn read(text: &str, name: &str, after: &str, count: usize) -> Vec<String> {
    let timing = Timing { recurrence: recurrence(text), zone: zone(name), anchor: utc(after) };
    let line = |run: presell_scheduler::planning::Preview| match run.note {
        Some(note) => format!("{} | {note}", run.local),
        None => run.local,
    };
    preview(&timing, utc(after), count).into_iter().map(line).collect()
}

#[test]
fn the_next_five_runs_carry_date_time_and_zone() {
    let read = read("0 9 * * MON-FRI", "Europe/Paris", "2026-06-11 09:00", 5);
    let expected = [
        "2026-06-12 09:00 CEST",
        "2026-06-15 09:00 CEST",
        "2026-06-16 09:00 CEST",
        "2026-06-17 09:00 CEST",
        "2026-06-18 09:00 CEST",
    ];
    assert_eq!(read, expected, "ordinary days need no note");
}

#[test]
fn what_never_comes_by_itself_has_no_next_runs() {
    for recurrence in [Recurrence::OnDemand, Recurrence::AfterRun(HOUR)] {
        let timing = Timing { recurrence, zone: zone("UTC"), anchor: 0 };
        assert!(preview(&timing, 0, 5).is_empty(), "nothing is due by itself");
    }
}

#[rstest]
// A wall time in the gap, beside the gap, and right at its end.
#[case(
    "30 2 * * *",
    "America/New_York",
    "2026-03-07 12:00",
    "2026-03-08 03:00 EDT | Clocks go forward from 02:00 to 03:00 this day; the time this is meant for does not exist, so it runs right after."
)]
#[case(
    "0 3 * * *",
    "America/New_York",
    "2026-03-07 12:00",
    "2026-03-08 03:00 EDT | Clocks go forward from 02:00 to 03:00 this day."
)]
#[case(
    "0 9 * * *",
    "America/New_York",
    "2026-03-07 20:00",
    "2026-03-08 09:00 EDT | Clocks go forward from 02:00 to 03:00 this day."
)]
// An hour that comes twice, and the times at its two ends.
#[case(
    "30 1 * * *",
    "America/New_York",
    "2026-10-31 12:00",
    "2026-11-01 01:30 EDT | Clocks go back from 02:00 to 01:00 this day; this time comes twice, and it runs the first time."
)]
#[case(
    "0 1 * * *",
    "America/New_York",
    "2026-10-31 12:00",
    "2026-11-01 01:00 EDT | Clocks go back from 02:00 to 01:00 this day; this time comes twice, and it runs the first time."
)]
#[case(
    "0 2 * * *",
    "America/New_York",
    "2026-10-31 12:00",
    "2026-11-01 02:00 EST | Clocks go back from 02:00 to 01:00 this day."
)]
// Elapsed time.
#[case(
    "15m",
    "America/New_York",
    "2026-11-01 05:30",
    "2026-11-01 01:45 EDT | Clocks go back from 02:00 to 01:00 this day; runs go on at the same distance."
)]
#[case(
    "*/15 * * * *",
    "America/New_York",
    "2026-11-01 05:45",
    "2026-11-01 01:00 EST | Clocks go back from 02:00 to 01:00 this day; runs go on at the same distance."
)]
// Half an hour, and midnight.
#[case(
    "10 2 * * *",
    "Australia/Lord_Howe",
    "2026-10-03 12:00",
    "2026-10-04 02:30 +11 | Clocks go forward from 02:00 to 02:30 this day; the time this is meant for does not exist, so it runs right after."
)]
#[case(
    "0 0 * * *",
    "Asia/Beirut",
    "2026-03-28 12:00",
    "2026-03-29 01:00 EEST | Clocks go forward from 00:00 to 01:00 this day; the time this is meant for does not exist, so it runs right after."
)]
#[case(
    "30 23 * * *",
    "Asia/Beirut",
    "2026-10-24 12:00",
    "2026-10-24 23:30 EEST | Clocks go back from 00:00 to 23:00 this day; this time comes twice, and it runs the first time."
)]
#[case("0 0 * * *", "Asia/Beirut", "2026-10-24 12:00", "2026-10-25 00:00 EET")]
// Apia left out the 30th.
#[case(
    "0 12 * * *",
    "Pacific/Apia",
    "2011-12-29 23:00",
    "2011-12-31 00:00 +14 | Clocks go forward from 00:00 to 00:00 this day; the time this is meant for does not exist, so it runs right after."
)]
fn a_change_of_the_clocks_is_told_with_what_it_means(
    #[case] text: &str,
    #[case] name: &str,
    #[case] after: &str,
    #[case] expected: &str,
) {
    assert_eq!(read(text, name, after, 1), [expected], "{text} in {name} after {after} UTC");
}

#[test]
fn days_are_told_like_cron_also_when_the_first_run_had_seconds() {
    let anchor = utc("2026-03-07 07:30") + 15_123;
    let timing = Timing { recurrence: Recurrence::Days(1), zone: zone("America/New_York"), anchor };
    let runs = preview(&timing, anchor, 2);
    let note = runs[0].note.as_deref().unwrap_or_default();
    assert!(note.contains("does not exist"), "half past two does not exist on this day: {note:?}");
    assert_eq!((runs[1].local.as_str(), &runs[1].note), ("2026-03-09 02:30 EDT", &None), "the day after is as always");
    let three = Timing { anchor: utc("2026-03-07 08:00"), ..timing };
    let note = preview(&three, three.anchor, 1)[0].note.clone().unwrap_or_default();
    assert_eq!(note, "Clocks go forward from 02:00 to 03:00 this day.", "three o'clock exists on this day");
}

#[test]
fn every_change_of_every_zone_is_told_on_its_day_and_on_no_other() {
    for change in changes() {
        let timing = Timing { recurrence: recurrence("1h"), zone: change.zone, anchor: change.at - 100 * HOUR };
        for run in preview(&timing, change.at - 50 * HOUR, 100) {
            // The day that the clocks show once they have changed.
            let day = |wall: i64| wall.div_euclid(24 * HOUR);
            let today = day(change.wall(run.due)) == day(change.shown_after());
            assert_eq!(
                run.note.is_some(),
                today,
                "{change:?}: the note at {} belongs to the day of the change",
                run.local
            );
        }
    }
}
