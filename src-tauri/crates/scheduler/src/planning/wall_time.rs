//! Wall time and instants: a time that does not exist is the first instant after the gap, one that occurs twice is the first.

use chrono::{DateTime, NaiveDateTime, Utc};
use chrono_tz::Tz;

/// The instant of a wall time.
pub fn resolve(_zone: Tz, _wall: NaiveDateTime) -> DateTime<Utc> {
    unimplemented!()
}

/// What the clocks of `zone` show at an instant.
pub fn local(_zone: Tz, _at: DateTime<Utc>) -> NaiveDateTime {
    unimplemented!()
}
