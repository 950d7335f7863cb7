//! Nights on which clocks change, written out by hand.

use presell_scheduler::planning::{Recurrence, Timing};
use rstest::rstest;

use super::{DAY, clock, recurrence, steps, utc, zone};

/// New York: 02:00 becomes 03:00 on 8 March 2026 at 07:00 UTC, 01:00 comes back on 1 November at 06:00 UTC.
/// London: 01:00 becomes 02:00 on 29 March, 01:00 comes back on 25 October, both at 01:00 UTC.
/// Lord Howe moves by half an hour: 02:00 becomes 01:30 on 4 April at 15:00 UTC, 02:30 on 3 October at 15:30 UTC.
/// Beirut, Cairo and, until 2019, São Paulo change at midnight. Casablanca leaves its summer time for Ramadan.
#[rstest]
// Every n minutes of every hour: elapsed time.
#[case(
    "America/New_York",
    "2026-11-01 05:29",
    "2026-11-01 07:00",
    "*/15 * * * *",
    "01:30-04:00 01:45-04:00 01:00-05:00 01:15-05:00 01:30-05:00 01:45-05:00 02:00-05:00"
)]
#[case(
    "America/New_York",
    "2026-03-08 06:29",
    "2026-03-08 07:15",
    "*/15 * * * *",
    "01:30-05:00 01:45-05:00 03:00-04:00 03:15-04:00"
)]
#[case(
    "Europe/London",
    "2026-10-25 00:29",
    "2026-10-25 01:30",
    "*/15 * * * *",
    "01:30+01:00 01:45+01:00 01:00+00:00 01:15+00:00 01:30+00:00"
)]
#[case(
    "Australia/Lord_Howe",
    "2026-04-04 14:29",
    "2026-04-04 15:30",
    "*/15 * * * *",
    "01:30+11:00 01:45+11:00 01:30+10:30 01:45+10:30 02:00+10:30"
)]
#[case(
    "Australia/Lord_Howe",
    "2026-10-03 15:14",
    "2026-10-03 16:00",
    "*/15 * * * *",
    "01:45+10:30 02:30+11:00 02:45+11:00 03:00+11:00"
)]
#[case(
    "Asia/Beirut",
    "2026-10-24 20:29",
    "2026-10-24 21:30",
    "*/15 * * * *",
    "23:30+03:00 23:45+03:00 23:00+02:00 23:15+02:00 23:30+02:00"
)]
#[case(
    "America/Sao_Paulo",
    "2018-11-04 02:29",
    "2018-11-04 03:15",
    "*/15 * * * *",
    "23:30-03:00 23:45-03:00 01:00-02:00 01:15-02:00"
)]
#[case(
    "Africa/Casablanca",
    "2026-02-15 01:29",
    "2026-02-15 02:30",
    "*/15 * * * *",
    "02:30+01:00 02:45+01:00 02:00+00:00 02:15+00:00 02:30+00:00"
)]
#[case("Africa/Cairo", "2026-04-23 21:44", "2026-04-23 22:15", "*/15 * * * *", "23:45+02:00 01:00+03:00 01:15+03:00")]
#[case(
    "America/New_York",
    "2026-11-01 04:00",
    "2026-11-01 08:00",
    "0 * * * *",
    "01:00-04:00 01:00-05:00 02:00-05:00 03:00-05:00"
)]
// Wall time: what does not exist runs right after the gap, what comes twice runs the first time.
#[case("America/New_York", "2026-03-07 12:00", "2026-03-09 12:00", "30 2 * * *", "03:00-04:00 02:30-04:00")]
#[case("America/New_York", "2026-10-31 12:00", "2026-11-02 12:00", "30 1 * * *", "01:30-04:00 01:30-05:00")]
#[case("America/New_York", "2026-10-31 12:00", "2026-11-02 12:00", "30 2 * * *", "02:30-05:00 02:30-05:00")]
#[case("America/New_York", "2026-03-08 00:00", "2026-03-09 00:00", "*/15 2 * * *", "03:00-04:00")]
#[case(
    "America/New_York",
    "2026-11-01 00:00",
    "2026-11-02 00:00",
    "*/15 1 * * *",
    "01:00-04:00 01:15-04:00 01:30-04:00 01:45-04:00"
)]
#[case("America/New_York", "2026-11-01 00:00", "2026-11-02 00:00", "0,30 1 * * *", "01:00-04:00 01:30-04:00")]
#[case(
    "America/New_York",
    "2026-11-01 03:59",
    "2026-11-01 12:00",
    "0 */2 * * *",
    "00:00-04:00 02:00-05:00 04:00-05:00 06:00-05:00"
)]
#[case(
    "America/New_York",
    "2026-03-08 04:59",
    "2026-03-08 12:00",
    "0 */2 * * *",
    "00:00-05:00 03:00-04:00 04:00-04:00 06:00-04:00 08:00-04:00"
)]
#[case(
    "America/New_York",
    "2026-03-08 05:30",
    "2026-03-08 09:00",
    "0 1-4 * * *",
    "01:00-05:00 03:00-04:00 04:00-04:00"
)]
#[case("Europe/London", "2026-03-28 00:30", "2026-03-30 00:30", "0 0 * * *", "00:00+00:00 00:00+01:00")]
#[case("Europe/London", "2026-03-28 12:00", "2026-03-30 12:00", "30 1 * * *", "02:00+01:00 01:30+01:00")]
#[case("Europe/London", "2026-10-24 12:00", "2026-10-26 12:00", "30 1 * * *", "01:30+01:00 01:30+00:00")]
#[case(
    "Australia/Lord_Howe",
    "2026-04-04 00:00",
    "2026-04-05 00:00",
    "*/15 1 * * *",
    "01:00+11:00 01:15+11:00 01:30+11:00 01:45+11:00"
)]
#[case("Australia/Lord_Howe", "2026-10-03 00:00", "2026-10-04 00:00", "*/15 2 * * *", "02:30+11:00 02:45+11:00")]
#[case("Asia/Beirut", "2026-03-27 12:00", "2026-03-29 12:00", "0 0 * * *", "00:00+02:00 01:00+03:00")]
#[case("Asia/Beirut", "2026-10-24 12:00", "2026-10-25 12:00", "30 23 * * *", "23:30+03:00")]
#[case("Asia/Beirut", "2026-10-23 12:00", "2026-10-25 12:00", "0 0 * * *", "00:00+03:00 00:00+02:00")]
#[case("America/Sao_Paulo", "2018-11-03 12:00", "2018-11-05 12:00", "0 0 * * *", "01:00-02:00 00:00-02:00")]
#[case("America/Sao_Paulo", "2019-02-16 12:00", "2019-02-18 12:00", "0 0 * * *", "00:00-03:00 00:00-03:00")]
#[case("Africa/Casablanca", "2026-02-14 12:00", "2026-02-16 12:00", "30 2 * * *", "02:30+01:00 02:30+00:00")]
#[case("Africa/Casablanca", "2026-03-21 12:00", "2026-03-23 12:00", "30 2 * * *", "03:00+01:00 02:30+01:00")]
#[case("Africa/Cairo", "2026-04-22 12:00", "2026-04-24 12:00", "0 0 * * *", "00:00+02:00 01:00+03:00")]
#[case("Africa/Cairo", "2026-10-29 12:00", "2026-10-31 12:00", "0 0 * * *", "00:00+02:00 00:00+02:00")]
// Apia had no 30 December 2011: its noon and its midnight are due when the 31st begins.
#[case("Pacific/Apia", "2011-12-29 12:00", "2011-12-31 12:00", "0 12 * * *", "12:00-10:00 00:00+14:00 12:00+14:00")]
#[case("Pacific/Apia", "2011-12-28 12:00", "2011-12-31 12:00", "0 0 * * *", "00:00-10:00 00:00+14:00 00:00+14:00")]
#[case(
    "Pacific/Apia",
    "2011-12-30 09:00",
    "2011-12-30 10:30",
    "*/15 * * * *",
    "23:15-10:00 23:30-10:00 23:45-10:00 00:00+14:00 00:15+14:00 00:30+14:00"
)]
fn a_night_on_which_clocks_change(
    #[case] name: &str,
    #[case] from: &str,
    #[case] until: &str,
    #[case] pattern: &str,
    #[case] expected: &str,
) {
    let zone = zone(name);
    let timing = Timing { recurrence: recurrence(pattern), zone, anchor: utc(from) - 40 * DAY };
    let due: Vec<String> = steps(&timing, utc(from), utc(until)).into_iter().map(|at| clock(zone, at)).collect();
    assert_eq!(due.join(" "), expected, "{pattern} in {name} between {from} and {until} UTC");
}

#[rstest]
#[case("America/New_York", "2026-03-06 07:30", "1d", "02:30-05:00 02:30-05:00 03:00-04:00 02:30-04:00")]
#[case("America/New_York", "2026-10-30 05:30", "1d", "01:30-04:00 01:30-04:00 01:30-04:00 01:30-05:00")]
#[case("America/New_York", "2026-03-06 07:30", "2d", "02:30-05:00 03:00-04:00 02:30-04:00 02:30-04:00")]
#[case("Europe/London", "2026-03-27 00:00", "1d", "00:00+00:00 00:00+00:00 00:00+00:00 00:00+01:00")]
#[case("Australia/Lord_Howe", "2026-10-01 15:40", "1d", "02:10+10:30 02:10+10:30 02:30+11:00 02:10+11:00")]
#[case("Asia/Beirut", "2026-03-26 22:00", "1d", "00:00+02:00 00:00+02:00 01:00+03:00 00:00+03:00")]
#[case("America/Sao_Paulo", "2018-11-02 03:00", "1d", "00:00-03:00 00:00-03:00 01:00-02:00 00:00-02:00")]
#[case("Pacific/Apia", "2011-12-28 22:00", "1d", "12:00-10:00 12:00-10:00 00:00+14:00 12:00+14:00")]
#[case("Pacific/Apia", "2011-12-29 10:00", "1d", "00:00-10:00 00:00+14:00 00:00+14:00 00:00+14:00")]
// Steps are elapsed time: six hours stay six hours.
#[case("America/New_York", "2026-10-31 22:00", "6h", "18:00-04:00 00:00-04:00 05:00-05:00 11:00-05:00")]
#[case("America/New_York", "2026-03-08 06:45", "15m", "01:45-05:00 03:00-04:00 03:15-04:00 03:30-04:00")]
fn days_keep_wall_time_and_steps_keep_their_distance(
    #[case] name: &str,
    #[case] anchor: &str,
    #[case] step: &str,
    #[case] expected: &str,
) {
    let timing = Timing { recurrence: recurrence(step), zone: zone(name), anchor: utc(anchor) };
    let due: Vec<String> =
        steps(&timing, 0, utc(anchor) + 10 * DAY).into_iter().take(4).map(|at| clock(timing.zone, at)).collect();
    assert_eq!(due.join(" "), expected, "every {step} in {name} from {anchor} UTC on");
}

#[test]
fn a_first_run_with_seconds_is_due_at_the_very_end_of_a_gap() {
    let anchor = utc("2026-03-07 07:30") + 15_123;
    let timing = Timing { recurrence: Recurrence::Days(1), zone: zone("America/New_York"), anchor };
    assert_eq!(
        timing.next(anchor),
        Some(utc("2026-03-08 07:00")),
        "the first instant after the gap, to the millisecond"
    );
}
