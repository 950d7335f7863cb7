//! Taking queued runs.

use presell_store::{Db, Result, on, text};

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
///
/// With `only`, somebody waits for just this run: it goes ahead of what is queued in its lane, but never beside what is at work.
///
/// The rows are picked before any is changed: PostgreSQL may ask a plain sub-select anew for each row of the update, which
/// then takes more than `limit`. The guards `IS NULL OR` keep SQLite, once it has statistics, from a plan ten times as slow.
pub async fn claim(db: &Db, claim: Claim) -> Result<Vec<Run>> {
    let sql = text!(db, "WITH picked AS MATERIALIZED (SELECT q.id FROM run q WHERE q.state = 'queued'
          AND (q.for_node IS NULL OR q.for_node = $1)
          AND (CAST($4 AS BIGINT) IS NULL OR q.id = $4 OR q.parent_id = $4)
          AND (q.xkey IS NULL OR NOT EXISTS (SELECT 1 FROM run x WHERE x.xkey = q.xkey AND x.state IN ('running', 'stopping')))
          AND (q.lane IS NULL OR NOT EXISTS (SELECT 1 FROM run x WHERE x.lane = q.lane AND x.state IN ('queued', 'running', 'stopping')
            AND (x.state <> 'queued' OR (CAST($4 AS BIGINT) IS NULL AND (x.available_at, x.step, x.id) < (q.available_at, q.step, q.id)))))
          AND (q.lane_up IS NULL OR NOT EXISTS (SELECT 1 FROM run x WHERE x.lane = q.lane_up AND x.state IN ('queued', 'running', 'stopping')
            AND x.available_at <= q.available_at AND x.step < q.step))
          ORDER BY q.priority DESC, q.available_at, q.step, q.id LIMIT $3", LOCK, ")
        UPDATE run SET state = 'running', fence = fence + 1, node_id = $1, lease_until = ", NOW, " + $2, started_at = ", NOW, "
        WHERE state = 'queued' AND id IN (SELECT id FROM picked) RETURNING *");
    on!(db, p => sqlx::query_as(sql).bind(claim.node).bind(claim.lease).bind(claim.limit).bind(claim.only).fetch_all(p).await)
}
