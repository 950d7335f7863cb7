//! Renewing the leases of a node, all in one statement.

use presell_store::{Db, Result};

use crate::{Millis, RunState};

/// One run that the node still holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Beat {
    /// The run.
    pub id: i64,
    /// Its fence.
    pub fence: i64,
    /// Running, or stopping: then somebody wants it to stop.
    pub state: RunState,
}

/// Renews every lease of the node. A run whose row is locked by its own commit is left as it is: nobody can take it
/// meanwhile, and it comes back in the answer all the same.
pub async fn heartbeat(_db: &Db, _node: i64, _lease: Millis) -> Result<Vec<Beat>> {
    unimplemented!()
}
