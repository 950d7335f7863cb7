//! The run times people choose from: now, in 5 minutes, in 15 minutes, in an hour, tomorrow, or a moment.

use chrono_tz::Tz;

use crate::Millis;

/// When the first run shall be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunTime {
    /// At once.
    Now,
    /// So much later.
    In(Millis),
    /// The same wall time on the next day of the schedule's zone.
    Tomorrow,
    /// At this wall time of the schedule's zone.
    AtLocal(chrono::NaiveDateTime),
    /// At this instant.
    At(Millis),
}

/// A run time that is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadRunTime {
    /// It cannot be read.
    #[error("\"{0}\" is no run time. Give now, in-5-minutes, in-15-minutes, in-an-hour, tomorrow, or a moment such as 2026-12-24T09:00.")]
    Unreadable(String),
    /// It is past.
    #[error("{0} has passed. Give a run time in the future.")]
    Past(String),
}

impl RunTime {
    /// Reads `now`, `in-5-minutes`, `in-15-minutes`, `in-an-hour`, `tomorrow`, `14:30` (the next time clocks show it),
    /// a local moment, or one with offset.
    pub fn parse(_text: &str) -> Result<RunTime, BadRunTime> {
        unimplemented!()
    }

    /// Its instant; a moment in the past is refused. `Now` is `now` itself.
    pub fn resolve(self, _zone: Tz, _now: Millis) -> Result<Millis, BadRunTime> {
        unimplemented!()
    }
}
