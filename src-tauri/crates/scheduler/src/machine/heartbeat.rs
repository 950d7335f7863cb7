//! Renewing the leases of a node, all in one statement.

use presell_store::{Db, Result, on, text};

use crate::{Millis, RunState};

/// One run that the node still holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Beat {
    /// The run.
    pub id: i64,
    /// Its fence.
    pub fence: i64,
    /// Running, or stopping: then somebody wants it to stop.
    #[sqlx(try_from = "String")]
    pub state: RunState,
}

/// Renews every lease of the node. A run whose row is locked by its own commit is left as it is: nobody can take it
/// meanwhile, and it comes back in the answer all the same.
pub async fn heartbeat(db: &Db, node: i64, lease: Millis) -> Result<Vec<Beat>> {
    let sql = text!(
        db,
        "UPDATE run SET lease_until = ",
        NOW,
        " + $2 WHERE id IN (
        SELECT q.id FROM run q WHERE q.node_id = $1 AND q.state IN ('running', 'stopping') ORDER BY q.id",
        LOCK,
        ")"
    );
    on!(db, p => sqlx::query(sql).bind(node).bind(lease).execute(p).await.map(|_| ()))?;
    let sql = text!(db, "UPDATE node SET seen_at = ", NOW, " WHERE id = $1");
    on!(db, p => sqlx::query(sql).bind(node).execute(p).await.map(|_| ()))?;
    let sql = "SELECT id, fence, state FROM run WHERE node_id = $1 AND state IN ('running', 'stopping')";
    on!(db, p => sqlx::query_as(sql).bind(node).fetch_all(p).await)
}
