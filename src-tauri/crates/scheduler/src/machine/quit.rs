//! A node that quits hands back what it is at.

use presell_store::{Db, Result, on, text, within};
use serde_json::json;

use crate::{Run, reason};

/// What the database believes a node to be at.
pub async fn at_work(db: &Db, node: i64) -> Result<Vec<Run>> {
    let sql = "SELECT * FROM run WHERE node_id = $1 AND state IN ('running', 'stopping')";
    on!(db, p => sqlx::query_as(sql).bind(node).fetch_all(p).await)
}

/// Ends these runs as cancelled (APP_QUIT) and inserts a row that continues each, same attempt, in one transaction.
/// A run that somebody was stopping is only cancelled. Returns how many were handed back.
pub async fn hand_back(db: &Db, runs: &[Run]) -> Result<u64> {
    if runs.is_empty() {
        return Ok(0);
    }
    let rows: Vec<_> = runs.iter().map(|run| json!({"id": run.id, "fence": run.fence})).collect();
    let rows = json!(rows).to_string();
    let mut tx = db.begin().await?;
    let sql = text!(
        tx,
        "UPDATE run SET reason = CASE WHEN run.state = 'stopping' THEN 'BY_USER' ELSE 'APP_QUIT' END,
            state = 'cancelled', finished_at = ",
        NOW,
        ", lease_until = NULL
        FROM ",
        ENDINGS,
        " WHERE run.id = e.id AND run.fence = e.fence AND run.state IN ('running', 'stopping')
        RETURNING run.id, run.reason"
    );
    let ended: Vec<(i64, String)> = within!(&mut tx, c => sqlx::query_as(sql).bind(&rows).fetch_all(c).await)?;
    let quit: Vec<i64> = ended.into_iter().filter(|(_, why)| why == reason::APP_QUIT).map(|(id, _)| id).collect();
    // Who continues need not wait behind a command's node that is gone.
    let sql = text!(tx, "INSERT INTO run (schedule_id, job_id, store_id, shop_id, due_at, seq, attempt, origin, parent_id, actor, state, params,
            xkey, lane, lane_up, step, priority, available_at, timeout_ms, max_attempts, created_at)
        SELECT r.schedule_id, r.job_id, r.store_id, r.shop_id, r.due_at, r.seq + 1, r.attempt, 'resume', r.parent_id, r.actor, 'pending', r.params,
            r.xkey, r.lane, r.lane_up, r.step, r.priority, r.available_at, r.timeout_ms, r.max_attempts, ", NOW, "
        FROM run r WHERE r.id IN ", INTS);
    let back = within!(&mut tx, c => sqlx::query(sql).bind(json!(quit).to_string()).execute(c).await.map(|done| done.rows_affected()))?;
    tx.commit().await?;
    Ok(back)
}
