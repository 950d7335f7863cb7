//! The next runs of a schedule, as people read them.

use super::Timing;
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
pub fn preview(_timing: &Timing, _after: Millis, _count: usize) -> Vec<Preview> {
    unimplemented!()
}
