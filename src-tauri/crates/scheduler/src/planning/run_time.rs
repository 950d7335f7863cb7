//! The run times people choose from: now, in 5 minutes, in 15 minutes, in an hour, tomorrow, or a moment.

use chrono::{DateTime, Days, NaiveDateTime, NaiveTime};
use chrono_tz::Tz;

use super::wall_time::{local, resolve};
use crate::Millis;

const MINUTE: Millis = 60_000;

/// When the first run shall be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunTime {
    /// At once.
    Now,
    /// So much later.
    In(Millis),
    /// The same wall time on the next day of the schedule's zone.
    Tomorrow,
    /// The next time clocks show this.
    NextAt(NaiveTime),
    /// At this wall time of the schedule's zone.
    AtLocal(NaiveDateTime),
    /// At this instant.
    At(Millis),
}

/// A run time that is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadRunTime {
    /// It cannot be read.
    #[error(
        "\"{0}\" is no run time. Give now, in-5-minutes, in-15-minutes, in-an-hour, tomorrow, or a moment such as 2026-12-24T09:00."
    )]
    Unreadable(String),
    /// It is past.
    #[error("{0} has passed. Give a run time in the future.")]
    Past(String),
}

impl RunTime {
    /// Reads `now`, `in-5-minutes`, `in-15-minutes`, `in-an-hour`, `tomorrow`, `14:30` (the next time clocks show it),
    /// a local moment, or one with offset.
    pub fn parse(text: &str) -> Result<RunTime, BadRunTime> {
        let text = text.trim();
        match text.to_ascii_lowercase().replace([' ', '_'], "-").as_str() {
            "now" => return Ok(RunTime::Now),
            "in-5-minutes" => return Ok(RunTime::In(5 * MINUTE)),
            "in-15-minutes" => return Ok(RunTime::In(15 * MINUTE)),
            "in-an-hour" => return Ok(RunTime::In(60 * MINUTE)),
            "tomorrow" => return Ok(RunTime::Tomorrow),
            _ => {}
        }
        if let Ok(at) = DateTime::parse_from_rfc3339(text) {
            return Ok(RunTime::At(at.timestamp_millis()));
        }
        for shape in ["%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M"] {
            if let Ok(at) = NaiveDateTime::parse_from_str(text, shape) {
                return Ok(RunTime::AtLocal(at));
            }
        }
        let time = NaiveTime::parse_from_str(text, "%H:%M").or_else(|_| NaiveTime::parse_from_str(text, "%H:%M:%S"));
        time.map(RunTime::NextAt).map_err(|_| BadRunTime::Unreadable(text.to_owned()))
    }

    /// Its instant; a moment in the past is refused. `Now` is `now` itself.
    pub fn resolve(self, zone: Tz, now: Millis) -> Result<Millis, BadRunTime> {
        let here = local(zone, DateTime::from_timestamp_millis(now).unwrap_or_default());
        let at = |wall: NaiveDateTime| resolve(zone, wall).timestamp_millis();
        let tomorrow = here.checked_add_days(Days::new(1)).unwrap_or(here);
        let (found, shown) = match self {
            RunTime::Now => return Ok(now),
            RunTime::In(span) => (now.saturating_add(span), String::new()),
            RunTime::Tomorrow => (at(tomorrow), String::new()),
            RunTime::NextAt(time) => {
                let today = at(here.date().and_time(time));
                (if today > now { today } else { at(tomorrow.date().and_time(time)) }, String::new())
            }
            RunTime::AtLocal(wall) => (at(wall), wall.format("%Y-%m-%d %H:%M").to_string()),
            RunTime::At(instant) => {
                let wall = local(zone, DateTime::from_timestamp_millis(instant).unwrap_or_default());
                (instant, wall.format("%Y-%m-%d %H:%M").to_string())
            }
        };
        if found > now { Ok(found) } else { Err(BadRunTime::Past(shown)) }
    }
}
