//! The next runs of a schedule, as people read them.

use chrono::{DateTime, NaiveDateTime, Offset, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

use super::wall_time::local;
use super::{Recurrence, Timing};
use crate::Millis;

/// One coming run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preview {
    /// Its instant.
    pub due: Millis,
    /// Date and time on the clocks of the schedule's zone, e.g. `2026-11-01 01:30 EST`.
    pub local: String,
    /// What a change of the clocks does to it; none on ordinary days.
    pub note: Option<String>,
}

/// The next `count` runs after `after`.
pub fn preview(timing: &Timing, after: Millis, count: usize) -> Vec<Preview> {
    std::iter::successors(timing.next(after), |due| timing.next(*due))
        .take(count)
        .map(|due| {
            let at = DateTime::from_timestamp_millis(due).unwrap_or_default();
            Preview {
                due,
                local: at.with_timezone(&timing.zone).format("%Y-%m-%d %H:%M %Z").to_string(),
                note: note(timing, at),
            }
        })
        .collect()
}

/// What happens to the clocks on the day of `at`, and what that means for a run of this timing.
fn note(timing: &Timing, at: DateTime<Utc>) -> Option<String> {
    let (change, before, after) = change_of_day(timing.zone, at)?;
    let shift = (after - before).num_minutes();
    let (from, to) = (local_with(before, change), local_with(after, change));
    let said = if shift > 0 {
        format!("Clocks go forward from {} to {} this day", clock(from), clock(to))
    } else {
        format!("Clocks go back from {} to {} this day", clock(from), clock(to))
    };
    let here = local(timing.zone, at);
    let (elapsed, meant) = match &timing.recurrence {
        Recurrence::Cron(cron) => (cron.is_every_hour(), cron.wants(here)),
        Recurrence::Days(_) => {
            let first = DateTime::from_timestamp_millis(timing.anchor).unwrap_or_default();
            (false, here.time() == local(timing.zone, first).time())
        }
        _ => (true, true),
    };
    let meaning = if elapsed {
        "; runs go on at the same distance".to_owned()
    } else if shift > 0 && at == change && !meant {
        "; the time this is meant for does not exist, so it runs right after".to_owned()
    } else if shift < 0 && here >= to && here < from {
        "; this time comes twice, and it runs the first time".to_owned()
    } else {
        String::new()
    };
    Some(format!("{said}{meaning}."))
}

/// The first change of the offset on the local day of `at`: its instant, and the offsets before and after.
fn change_of_day(zone: Tz, at: DateTime<Utc>) -> Option<(DateTime<Utc>, TimeDelta, TimeDelta)> {
    let midnight = local(zone, at).date().and_hms_opt(0, 0, 0)?;
    // The second before the day begins, so that a change at midnight itself belongs to the day.
    let mut before = super::resolve(zone, midnight) - TimeDelta::seconds(1);
    let mut after = super::resolve(zone, midnight + TimeDelta::days(1)) - TimeDelta::seconds(1);
    let (first, last) = (offset(zone, before), offset(zone, after));
    if first == last {
        return None;
    }
    while after - before > TimeDelta::seconds(1) {
        let middle = before + TimeDelta::seconds((after - before).num_seconds() / 2);
        if offset(zone, middle) == first { before = middle } else { after = middle }
    }
    Some((after, first, last))
}

fn offset(zone: Tz, at: DateTime<Utc>) -> TimeDelta {
    TimeDelta::seconds(zone.offset_from_utc_datetime(&at.naive_utc()).fix().local_minus_utc().into())
}

fn local_with(offset: TimeDelta, at: DateTime<Utc>) -> NaiveDateTime {
    at.naive_utc() + offset
}

fn clock(at: NaiveDateTime) -> String {
    at.format("%H:%M").to_string()
}
