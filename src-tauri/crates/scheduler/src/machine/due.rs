//! Schedules whose time has come.

use presell_store::{Db, Result};

use crate::{Millis, Schedule};

/// A schedule that is due.
#[derive(Clone, Debug)]
pub struct Due {
    /// The schedule as it was read.
    pub schedule: Schedule,
    /// Its previous recurring run is open; only schedules with overlap `skip` come so.
    pub busy: bool,
}

/// At most `limit` schedules that are due, oldest first, with the database's now. One whose previous recurring run is open
/// is left out (waiting retries do not count), unless its overlap is `skip`.
pub async fn due(_db: &Db, _limit: i64) -> Result<(Millis, Vec<Due>)> {
    unimplemented!()
}
