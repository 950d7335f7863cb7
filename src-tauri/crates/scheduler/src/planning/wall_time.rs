//! Wall time and instants: a time that does not exist is the first instant after the gap, one that occurs twice is the first.

use chrono::{DateTime, LocalResult, NaiveDateTime, TimeDelta, TimeZone, Timelike, Utc};
use chrono_tz::Tz;

/// No zone was ever further from UTC than this, whole days that were left out included.
const FURTHEST: TimeDelta = TimeDelta::hours(15);

/// The instant of a wall time.
pub fn resolve(zone: Tz, wall: NaiveDateTime) -> DateTime<Utc> {
    match zone.from_local_datetime(&wall) {
        LocalResult::Single(at) | LocalResult::Ambiguous(at, _) => at.with_timezone(&Utc),
        LocalResult::None => end_of_gap(zone, wall),
    }
}

/// The least instant whose wall time is not before `wall`: clocks only jump over it once. Gaps begin and end at whole
/// seconds, and so does the search.
fn end_of_gap(zone: Tz, wall: NaiveDateTime) -> DateTime<Utc> {
    let wall = wall.with_nanosecond(0).unwrap_or(wall);
    let (mut before, mut after) = (wall.and_utc() - FURTHEST, wall.and_utc() + FURTHEST);
    while after - before > TimeDelta::seconds(1) {
        let middle = before + TimeDelta::seconds((after - before).num_seconds() / 2);
        if local(zone, middle) >= wall { after = middle } else { before = middle }
    }
    after
}

/// What the clocks of `zone` show at an instant.
pub fn local(zone: Tz, at: DateTime<Utc>) -> NaiveDateTime {
    at.with_timezone(&zone).naive_local()
}
