//! Runs whose node died, or lost its lease, end as crashed; what attempts remain follow.

use presell_store::{Db, Result};

/// A run that was recovered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reaped {
    /// The run.
    pub id: i64,
    /// The job.
    pub job_id: String,
    /// Who was at it, for people, e.g. "daemon on WAREHOUSE-2".
    pub from: String,
    /// The row that tries again, or continues; none: no attempt remains.
    pub successor: Option<i64>,
}

/// Ends every run whose lease is over, or whose node is in `dead` (nodes that are provably gone). One that somebody was
/// stopping ends cancelled. Rows locked by a commit in progress are left alone. Runs kept for a dead node are cancelled.
pub async fn reap(_db: &Db, _dead: &[i64]) -> Result<Vec<Reaped>> {
    unimplemented!()
}
