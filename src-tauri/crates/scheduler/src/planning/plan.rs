//! What a tick does with the occurrences that are due.

use super::Timing;
use crate::{Millis, Schedule};

/// What becomes of an occurrence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It runs, not before `available_at` (jitter).
    Run {
        /// Earliest start.
        available_at: Millis,
    },
    /// It does not, and a row says why.
    Skipped {
        /// See [`reason`](crate::reason).
        reason: &'static str,
        /// Occurrences the row stands for, this one included.
        covers: i64,
    },
}

/// One row to insert.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Occurrence {
    /// Its intended time; of a row that covers several, the newest of them.
    pub due: Millis,
    /// What becomes of it.
    pub fate: Fate,
}

/// The whole of one tick.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// Rows to insert, oldest first.
    pub rows: Vec<Occurrence>,
    /// Where the schedule stands afterwards.
    pub next_due: Option<Millis>,
}

/// Plans one tick. `busy`: its previous recurring run is open (only with overlap `skip`; with the other policies a busy
/// schedule is not ticked at all).
pub fn plan(_schedule: &Schedule, _timing: &Timing, _now: Millis, _busy: bool) -> Plan {
    unimplemented!()
}

/// After the clock went back: the occurrence the schedule should wait for, if that is earlier than the one it waits for.
/// `newest_row` is the latest occurrence that has a row already.
pub fn realign(_schedule: &Schedule, _timing: &Timing, _now: Millis, _newest_row: Option<Millis>) -> Option<Millis> {
    unimplemented!()
}
