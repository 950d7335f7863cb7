//! Forgetting old runs.

use presell_store::{Db, Result};

/// What to keep where a schedule does not say otherwise.
#[derive(Clone, Copy, Debug)]
pub struct Keep {
    /// Runs of each job, store and shop.
    pub runs: i64,
    /// Days.
    pub days: i64,
}

/// Deletes ended runs that are beyond both the number and the age that are kept, with their logs and parts, at most
/// `batch` in one short transaction. Returns how many; call again until that is less than `batch`. The newest ended run
/// of each job stays whatever its age.
pub async fn prune(_db: &Db, _keep: Keep, _batch: i64) -> Result<u64> {
    unimplemented!()
}
