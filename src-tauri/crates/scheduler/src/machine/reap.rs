//! Runs whose node died, or lost its lease, end as crashed; what attempts remain follow.

use std::collections::HashMap;

use presell_store::{Db, Result, on, text};
use serde_json::json;

use super::finish::{Ending, Guard, Outcome, end};
use crate::{Run, reason};

/// Runs recovered in one transaction, at most.
pub const REAPED_AT_ONCE: usize = 200;

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
pub async fn reap(db: &Db, dead: &[i64]) -> Result<Vec<Reaped>> {
    let dead = json!(dead).to_string();
    // One state at a time: each has an index of its own, and both together none.
    let sql = text!(
        db,
        "UPDATE run SET state = 'cancelled', reason = 'APP_QUIT', finished_at = ",
        NOW,
        "
        WHERE state IN ('pending', 'queued') AND id IN (SELECT id FROM run WHERE state = 'queued' AND for_node IS NOT NULL
            UNION ALL SELECT id FROM run WHERE state = 'pending' AND for_node IS NOT NULL)
          AND for_node IN (SELECT n.id FROM node n
          WHERE n.stopped_at IS NOT NULL OR n.seen_at < ",
        NOW,
        " - 120000 OR n.id IN ",
        INTS,
        ")"
    );
    on!(db, p => sqlx::query(sql).bind(&dead).execute(p).await.map(|_| ()))?;

    #[derive(sqlx::FromRow)]
    struct Row {
        #[sqlx(flatten)]
        run: Run,
        from: Option<String>,
    }
    let sql = text!(
        db,
        "SELECT q.*, (SELECT n.kind || ' on ' || n.host FROM node n WHERE n.id = q.node_id) AS \"from\" FROM run q
        WHERE q.state IN ('running', 'stopping') AND (q.lease_until < ",
        NOW,
        " OR q.node_id IN ",
        INTS,
        ") ORDER BY q.id LIMIT $2",
        LOCK
    );
    let rows: Vec<Row> = on!(db, p => sqlx::query_as(sql).bind(&dead).bind(REAPED_AT_ONCE as i64).fetch_all(p).await)?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let from: HashMap<i64, String> = rows
        .iter()
        .map(|row| (row.run.id, row.from.clone().unwrap_or_else(|| "another computer".to_owned())))
        .collect();
    let endings: Vec<Ending> = rows
        .into_iter()
        .map(|row| Ending { draw: draw(row.run.id), run: row.run, outcome: Outcome::Crashed(reason::LEASE_LOST) })
        .collect();
    let details = from.iter().map(|(id, from)| (*id, format!("recovered from {from}"))).collect();
    let mut tx = db.begin().await?;
    let ended = end(&mut tx, &endings, &Guard { same_lease: true, running_only: false, details }).await?;
    tx.commit().await?;
    let sql = text!(
        db,
        "SELECT b.id, a.id FROM run a JOIN run b ON b.schedule_id = a.schedule_id AND b.due_at = a.due_at AND b.seq + 1 = a.seq WHERE b.id IN ",
        INTS
    );
    let followed: Vec<(i64, i64)> =
        on!(db, p => sqlx::query_as(sql).bind(json!(ended).to_string()).fetch_all(p).await)?;
    let followed: HashMap<i64, i64> = followed.into_iter().collect();
    Ok(endings
        .into_iter()
        .filter(|ending| ended.contains(&ending.run.id))
        .map(|ending| Reaped {
            from: from.get(&ending.run.id).cloned().unwrap_or_default(),
            successor: followed.get(&ending.run.id).copied(),
            id: ending.run.id,
            job_id: ending.run.job_id,
        })
        .collect())
}

/// Spreads retries: any number from 0 to 1 that differs from run to run does.
fn draw(id: i64) -> f64 {
    (id.unsigned_abs().wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 11) as f64 / (1_u64 << 53) as f64
}
