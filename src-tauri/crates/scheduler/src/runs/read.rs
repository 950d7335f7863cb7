//! Finding runs.

use presell_store::{Db, Result};

use crate::{Run, RunState};

/// Which runs to list; what is none does not narrow.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Of this store.
    pub store_id: Option<i64>,
    /// Of this job.
    pub job_id: Option<String>,
    /// Of this shop.
    pub shop_id: Option<String>,
    /// In one of these states; empty: in any.
    pub states: Vec<RunState>,
    /// At most so many; 0: 50.
    pub limit: i64,
}

/// A run by its key.
pub async fn find(_db: &Db, _id: i64) -> Result<Option<Run>> {
    unimplemented!()
}

/// Runs, newest first.
pub async fn list(_db: &Db, _filter: &Filter) -> Result<Vec<Run>> {
    unimplemented!()
}

/// The parts of a run, oldest first.
pub async fn children(_db: &Db, _parent: i64) -> Result<Vec<Run>> {
    unimplemented!()
}

/// The last ended run of every (job, shop) of a store; skipped and cancelled ones do not count.
pub async fn last_ended(_db: &Db, _store_id: i64) -> Result<Vec<Run>> {
    unimplemented!()
}
