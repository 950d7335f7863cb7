//! When the first run shall be.

use presell_scheduler::Millis;
use presell_scheduler::planning::{BadRunTime, RunTime};
use rstest::rstest;

use super::{DAY, HOUR, MINUTE, clock, utc, zone};

fn chosen(text: &str, name: &str, now: Millis) -> Result<Millis, BadRunTime> {
    RunTime::parse(text)?.resolve(zone(name), now)
}

#[rstest]
#[case("now", 0)]
#[case("Now", 0)]
#[case("in-5-minutes", 5 * MINUTE)]
#[case("In 5 minutes", 5 * MINUTE)]
#[case("in_15_minutes", 15 * MINUTE)]
#[case("In an hour", HOUR)]
#[case("Tomorrow", DAY)]
fn what_is_offered_is_so_much_later(#[case] text: &str, #[case] later: Millis) {
    let now = utc("2026-06-10 09:20") + 17_123;
    assert_eq!(chosen(text, "Europe/Paris", now), Ok(now + later), "{text} is {later} ms later");
}

#[rstest]
#[case("America/New_York", "2026-03-07 15:00", "10:00-04:00", 23)]
#[case("America/New_York", "2026-10-31 14:00", "10:00-05:00", 25)]
#[case("America/New_York", "2026-03-07 07:30", "03:00-04:00", 23)]
#[case("America/New_York", "2026-10-31 05:30", "01:30-04:00", 24)]
#[case("Australia/Lord_Howe", "2026-04-04 02:00", "13:00+10:30", 24)]
#[case("Pacific/Apia", "2011-12-29 22:00", "00:00+14:00", 12)]
fn tomorrow_is_the_same_wall_time_also_over_a_night_on_which_clocks_change(
    #[case] name: &str,
    #[case] now: &str,
    #[case] expected: &str,
    #[case] hours: i64,
) {
    let at = chosen("tomorrow", name, utc(now)).unwrap();
    assert_eq!(clock(zone(name), at), expected, "tomorrow in {name} after {now} UTC");
    assert_eq!((at - utc(now)) / HOUR, hours, "which is so many full hours away");
}

#[rstest]
#[case("2026-12-24T09:00", "2026-12-24 08:00")]
#[case("2026-12-24 09:00", "2026-12-24 08:00")]
#[case("2026-12-24 09:00:00", "2026-12-24 08:00")]
#[case("2026-12-24T09:00:00Z", "2026-12-24 09:00")]
#[case("2026-12-24T09:00:00+05:30", "2026-12-24 03:30")]
// A wall time that does not exist is the first instant after the gap; one that comes twice is the first.
#[case("2027-03-28T02:30", "2027-03-28 01:00")]
#[case("2026-10-25T02:30", "2026-10-25 00:30")]
// The next time clocks show this: today if it is still to come.
#[case("14:30", "2026-06-10 12:30")]
#[case("11:00", "2026-06-11 09:00")]
#[case("11:20", "2026-06-11 09:20")]
#[case("11:21:30", "2026-06-10 09:21")]
fn a_moment_of_ones_own_is_read_on_the_clocks_of_the_zone(#[case] text: &str, #[case] expected: &str) {
    let at = chosen(text, "Europe/Paris", utc("2026-06-10 09:20")).unwrap();
    assert_eq!(at - at.rem_euclid(MINUTE), utc(expected), "{text} in Paris");
}

#[rstest]
#[case("2026-06-10T11:20")]
#[case("2026-06-10T11:20:00+02:00")]
#[case("2020-01-01 00:00")]
fn a_moment_that_has_passed_is_refused(#[case] text: &str) {
    let refused = chosen(text, "Europe/Paris", utc("2026-06-10 09:20")).unwrap_err();
    assert!(matches!(refused, BadRunTime::Past(_)), "{text} is not in the future: {refused:?}");
    let said = refused.to_string();
    assert!(
        said.starts_with("20") && said.ends_with(" has passed. Give a run time in the future."),
        "it says so: {said}"
    );
}

#[test]
fn a_span_into_the_past_is_refused() {
    let now = utc("2026-06-10 09:20");
    assert!(matches!(RunTime::In(0).resolve(zone("UTC"), now), Err(BadRunTime::Past(_))), "nothing later is not later");
    assert_eq!(
        RunTime::At(now).resolve(zone("UTC"), now),
        Err(BadRunTime::Past("2026-06-10 09:20".to_owned())),
        "now is past when it arrives"
    );
}

#[rstest]
#[case("")]
#[case("soon")]
#[case("25:00")]
#[case("2026-02-30 09:00")]
#[case("next tuesday")]
fn what_is_no_run_time_is_refused_with_what_can_be_given(#[case] text: &str) {
    let said = RunTime::parse(text).unwrap_err().to_string();
    assert!(said.contains(&format!("\"{text}\" is no run time")) && said.contains("tomorrow"), "it names both: {said}");
}
