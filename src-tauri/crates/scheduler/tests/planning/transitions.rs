//! Stepping through every change of the clocks from 2020 to 2037, in every zone.

use presell_scheduler::Millis;
use presell_scheduler::planning::{Recurrence, Timing};

use super::clocks::{Change, changes};
use super::wanted::{as_often_as_shown, minutes_of_day, once_each};
use super::{DAY, HOUR, MINUTE, by_cron, steps};

fn timing(change: &Change, recurrence: Recurrence) -> Timing {
    Timing { recurrence, zone: change.zone, anchor: change.at - 40 * DAY }
}

#[test]
fn steps_keep_their_distance_through_every_change() {
    for change in changes() {
        for step in [5 * MINUTE, 15 * MINUTE, HOUR, 6 * HOUR] {
            let due = steps(&timing(&change, Recurrence::Every(step)), change.at - DAY, change.at + DAY);
            assert_eq!(due.len() as i64, 2 * DAY / step, "{change:?}: none is lost and none is added");
            assert!(due.windows(2).all(|w| w[1] - w[0] == step), "{change:?}: steps of {step} ms are elapsed time");
        }
    }
}

#[test]
fn what_is_written_for_every_hour_comes_as_often_as_clocks_show_it() {
    for text in ["*/15 * * * *", "*/5 * * * *", "0 * * * *", "7,37 * * * *"] {
        let (recurrence, minutes) = (by_cron(text), minutes_of_day(text));
        for change in changes() {
            let (from, until) = (change.at - 2 * HOUR, change.at + 3 * HOUR);
            let due = steps(&timing(&change, recurrence.clone()), from, until);
            assert_eq!(
                due,
                as_often_as_shown(&change, &minutes, from, until),
                "{change:?}: {text} goes by what clocks show"
            );
        }
    }
}

#[test]
fn a_quarter_hour_of_every_hour_is_never_longer_than_a_quarter_of_an_hour() {
    let recurrence = by_cron("*/15 * * * *");
    for change in changes() {
        let due = steps(&timing(&change, recurrence.clone()), change.at - 2 * HOUR, change.at + 3 * HOUR);
        assert!(due.windows(2).all(|w| w[1] - w[0] == 15 * MINUTE), "{change:?}: no gap and no burst");
    }
}

#[test]
fn every_wanted_wall_time_comes_once_through_every_change() {
    let texts =
        ["30 2 * * *", "30 1 * * *", "0 0 * * *", "0 */2 * * *", "*/15 1 * * *", "0,30 1 * * *", "*/15 2 * * *"];
    let patterns: Vec<_> = texts.iter().map(|text| (by_cron(text), minutes_of_day(text))).collect();
    for change in changes() {
        let (from, until) = (change.at - 26 * HOUR, change.at + 26 * HOUR);
        for (recurrence, minutes) in &patterns {
            let due = steps(&timing(&change, recurrence.clone()), from, until);
            let words = recurrence.words();
            assert_eq!(due, once_each(&change, minutes, from, until), "{change:?}: {words} once for each wall time");
        }
    }
}

/// Minutes of the day that this very change touches: its edges, the minutes beside them, and the middle.
fn touched(change: &Change) -> Vec<Millis> {
    let (old, new) = (change.shown_before(), change.shown_after());
    let around = [old - MINUTE, old, old + MINUTE, (old + new) / 2, new - MINUTE, new, new + MINUTE];
    around.into_iter().map(|wall| wall.rem_euclid(DAY) / MINUTE).collect()
}

#[test]
fn a_time_at_the_very_edge_of_a_change_comes_once() {
    for change in changes() {
        for minute in touched(&change) {
            let text = format!("{} {} * * *", minute % 60, minute / 60);
            let (from, until) = (change.at - 26 * HOUR, change.at + 26 * HOUR);
            let due = steps(&timing(&change, by_cron(&text)), from, until);
            assert_eq!(due, once_each(&change, &[minute], from, until), "{change:?}: {text} once for each day");
        }
    }
}

#[test]
fn days_keep_their_wall_time_through_every_change() {
    for change in changes() {
        for minute in touched(&change) {
            // A first run at this wall time, two days before the clocks change.
            let day = change.shown_before().div_euclid(DAY) - 2;
            let anchor = day * DAY + minute * MINUTE - change.before;
            for days in [1, 2] {
                let timing = Timing { recurrence: Recurrence::Days(days), zone: change.zone, anchor };
                let until = change.at + 3 * DAY;
                let due = steps(&timing, anchor - 1, until);
                let every: Vec<Millis> = once_each(&change, &[minute], anchor - 1, until);
                let wanted: Vec<Millis> = every.into_iter().step_by(days as usize).collect();
                assert_eq!(due, wanted, "{change:?}: every {days} days at minute {minute}");
            }
        }
    }
}
