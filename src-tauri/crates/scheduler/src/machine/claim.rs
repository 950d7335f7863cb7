//! Taking queued runs.

use presell_store::{Db, Result};

use crate::{Millis, Run};

/// What a node asks for.
#[derive(Clone, Copy, Debug)]
pub struct Claim {
    /// The node.
    pub node: i64,
    /// How long it is trusted without a heartbeat.
    pub lease: Millis,
    /// Never more than it has free slots.
    pub limit: i64,
    /// Only this run and its parts.
    pub only: Option<i64>,
}

/// Takes at most `limit` queued runs whose lane is free, in order of priority, time, step and age. The rows come back as
/// they are after the claim: running, with a new fence.
pub async fn claim(_db: &Db, _claim: Claim) -> Result<Vec<Run>> {
    unimplemented!()
}
