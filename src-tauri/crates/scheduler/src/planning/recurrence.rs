//! The occurrences of a schedule: steps on a grid, days and cron on wall time.

use chrono_tz::Tz;

use super::{BadCron, Cron};
use crate::{Millis, Schedule};

/// How a schedule repeats.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recurrence {
    /// Elapsed time on the grid `anchor + k · step`; daylight saving cannot touch it.
    Every(Millis),
    /// Every so many days at the anchor's wall time.
    Days(i64),
    /// Wall time.
    Cron(Cron),
    /// So long after the end of the last run, whatever its outcome.
    AfterRun(Millis),
    /// Never by itself.
    OnDemand,
}

impl Recurrence {
    /// The column `kind`.
    pub fn kind(&self) -> &'static str {
        unimplemented!()
    }

    /// In plain words.
    pub fn words(&self) -> String {
        unimplemented!()
    }
}

/// A recurrence with its zone and its first run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timing {
    /// How it repeats.
    pub recurrence: Recurrence,
    /// Whose clocks wall times are read from.
    pub zone: Tz,
    /// First run; nothing is due before it.
    pub anchor: Millis,
}

/// A stored timing that this version cannot read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadTiming {
    /// The zone is not known.
    #[error("\"{0}\" is no time zone. Give a name such as Europe/Paris.")]
    Zone(String),
    /// The expression is refused.
    #[error(transparent)]
    Cron(#[from] BadCron),
    /// The kind, or its step, is missing or not known.
    #[error("The frequency \"{0}\" is not complete. Choose it again.")]
    Incomplete(String),
}

impl Timing {
    /// The timing of a schedule.
    pub fn of(_schedule: &Schedule) -> Result<Timing, BadTiming> {
        unimplemented!()
    }

    /// The first occurrence after `after`; never before the anchor. None: nothing is due by itself.
    pub fn next(&self, _after: Millis) -> Option<Millis> {
        unimplemented!()
    }

    /// The newest occurrence at or before `at` and how many there are from `from` to it, both included. Arithmetic for
    /// steps and days; cron counts up to 10,000 and then goes to the newest by another way.
    pub fn count(&self, _from: Millis, _at: Millis) -> Option<(Millis, i64)> {
        unimplemented!()
    }
}
