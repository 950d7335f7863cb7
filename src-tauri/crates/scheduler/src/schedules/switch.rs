//! Switching on and off, pausing, resuming, skipping one.

use presell_store::{Db, StoreError};

use super::Key;
use crate::{Millis, Schedule};

/// Why nothing was switched.
#[derive(Debug, thiserror::Error)]
pub enum SwitchError {
    /// There is no such schedule, or it is not in a state for this; the message says what to do.
    #[error("{0}")]
    Refused(String),
    /// Somebody else changed it at the same moment; here are the values now.
    #[error("{} changed this schedule meanwhile. Look at the new values and try again.", .0.updated_by)]
    Conflict(Box<Schedule>),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Switches on: draft or paused becomes enabled; enabled stays. The first occurrence is the run time if that is still to
/// come, otherwise the next on the grid.
pub async fn enable(_db: &Db, _key: &Key, _actor: &str) -> Result<Schedule, SwitchError> {
    unimplemented!()
}

/// Enabled becomes paused; a run at work goes on.
pub async fn pause(_db: &Db, _key: &Key, _actor: &str) -> Result<Schedule, SwitchError> {
    unimplemented!()
}

/// Paused becomes enabled, from the first occurrence after now; what fell due meanwhile is one SKIPPED (PAUSED) row.
/// `catch_up`: treat it as missed instead, so that the schedule's catch-up policy applies.
pub async fn resume(_db: &Db, _key: &Key, _catch_up: bool, _actor: &str) -> Result<Schedule, SwitchError> {
    unimplemented!()
}

/// Leaves out the next occurrence, which becomes a SKIPPED (BY_USER) row. Returns the schedule and the time left out.
pub async fn skip(_db: &Db, _key: &Key, _actor: &str) -> Result<(Schedule, Millis), SwitchError> {
    unimplemented!()
}

/// Switches off: back to draft, settings kept, waiting recurring runs cancelled; one at work ends normally.
pub async fn cancel(_db: &Db, _key: &Key, _actor: &str) -> Result<Schedule, SwitchError> {
    unimplemented!()
}

/// Undoes a cancel: as before it, as if nothing had happened, occurrences that fell due meanwhile counted as missed.
pub async fn restore(_db: &Db, _key: &Key, _actor: &str) -> Result<Schedule, SwitchError> {
    unimplemented!()
}
