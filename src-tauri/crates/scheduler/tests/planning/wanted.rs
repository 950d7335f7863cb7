//! The wall times that a pattern wants, written out one by one: what stepping is compared with.

use presell_scheduler::Millis;

use super::clocks::Change;
use super::{DAY, HOUR, MINUTE};

/// Minutes of the day, from the first two fields of an expression made of `*`, `*/n`, numbers and lists.
pub(super) fn minutes_of_day(cron: &str) -> Vec<Millis> {
    let field = |at: usize, size: i64| -> Vec<i64> {
        let text = cron.split(' ').nth(at).unwrap();
        match text.strip_prefix("*/").map(|n| n.parse::<i64>().unwrap()) {
            Some(n) => (0..size).filter(|value| value % n == 0).collect(),
            None if text == "*" => (0..size).collect(),
            None => text.split(',').map(|value| value.parse().unwrap()).collect(),
        }
    };
    let hours = field(1, 24);
    let minutes = field(0, 60);
    hours.iter().flat_map(|hour| minutes.iter().map(move |minute| hour * 60 + minute)).collect()
}

/// Every instant after `from` up to `until` at which one of these minutes of the day (at second `second`) is due near a
/// change of the clocks: each wanted wall time once, at the first instant whose clock shows it or, if none does, a later one.
///
/// Walks the clock minute by minute and never asks a zone.
pub(super) fn once_each(change: &Change, minutes: &[Millis], from: Millis, until: Millis) -> Vec<Millis> {
    let start = from - from.rem_euclid(MINUTE) - 2 * DAY;
    let mut wanted = Vec::new();
    let day = change.wall(start).div_euclid(DAY);
    for day in day..day + (until - start) / DAY + 3 {
        wanted.extend(minutes.iter().map(|minute| day * DAY + minute * MINUTE));
    }
    let mut wanted = wanted.into_iter().skip_while(|wall| *wall <= change.wall(start)).peekable();
    let mut due = Vec::new();
    let mut at = start;
    while at <= until {
        let mut here = false;
        while wanted.next_if(|wall| *wall <= change.wall(at)).is_some() {
            here = true;
        }
        if here {
            due.push(at);
        }
        at += MINUTE;
    }
    due.retain(|at| *at > from);
    due
}

/// Every minute after `from` up to `until` whose clock shows one of these minutes of the day, as often as it shows it.
pub(super) fn as_often_as_shown(change: &Change, minutes: &[Millis], from: Millis, until: Millis) -> Vec<Millis> {
    let shown = |at: Millis| minutes.binary_search(&(change.wall(at).rem_euclid(DAY) / MINUTE)).is_ok();
    let first = from - from.rem_euclid(MINUTE) + MINUTE;
    (0..).map(|k| first + k * MINUTE).take_while(|at| *at <= until).filter(|at| shown(*at)).collect()
}

#[test]
fn a_wanted_wall_time_is_written_out_by_hand() {
    assert_eq!(minutes_of_day("0,30 */12 * * *"), [0, 30, 720, 750], "lists and steps are written out");
    let zone = chrono_tz::Europe::London;
    // 01:00 becomes 02:00 at the first hour of this day.
    let spring = Change { zone, at: HOUR, before: 0, after: HOUR };
    assert_eq!(once_each(&spring, &[90], -HOUR, DAY), [HOUR], "01:30 does not exist and is due right after the gap");
    let autumn = Change { zone, at: HOUR, before: HOUR, after: 0 };
    assert_eq!(once_each(&autumn, &[90], -HOUR, DAY), [HOUR / 2], "01:30 comes twice and is due the first time");
    assert_eq!(
        as_often_as_shown(&autumn, &[90], -HOUR, 2 * HOUR),
        [HOUR / 2, 3 * HOUR / 2],
        "or as often as it is shown"
    );
}
