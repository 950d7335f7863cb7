//! Stopping a run.

use presell_store::{Db, Result};

/// What a stop did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stopped {
    /// It had not started, and is cancelled.
    Cancelled,
    /// It is at work and was asked to stop.
    Asked,
    /// It had ended already.
    TooLate,
    /// There is no such run.
    Unknown,
}

/// Cancels a run that waits, asks one that is at work to stop; its parts likewise.
pub async fn stop(_db: &Db, _id: i64, _actor: &str) -> Result<Stopped> {
    unimplemented!()
}
