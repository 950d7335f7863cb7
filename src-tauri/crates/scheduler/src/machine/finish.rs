//! The end of a run, fenced: a run that was stopped, reaped or claimed anew matches no row, and nothing of it is kept.

use std::collections::HashMap;

use presell_store::{Db, Result, Tx, text, within};
use serde_json::{Value, json};

use crate::planning::retry_at;
use crate::{Counts, Failure, Millis, Run, reason};

/// How a run ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// It came to its end: finished, or partial if items failed.
    Done(crate::Done),
    /// It failed; if that may pass and attempts remain, its retry is inserted with it.
    Failed(Failure),
    /// Somebody stopped it; what it counted so far is kept.
    Stopped(Counts),
    /// This node never learnt that it had claimed it, or lost sight of it: crashed, with its retry.
    Crashed(&'static str),
}

impl Outcome {
    /// State and reason to write, and whether another attempt may follow.
    fn ending(&self) -> (&'static str, Option<&'static str>, bool) {
        match self {
            Outcome::Done(done) if done.counts.failed > 0 => ("partial", None, false),
            Outcome::Done(_) => ("finished", None, false),
            Outcome::Failed(failure) => ("failed", Some(failure.code), failure.transient),
            Outcome::Stopped(_) => ("cancelled", Some(reason::BY_USER), false),
            Outcome::Crashed(reason) => ("crashed", Some(reason), true),
        }
    }
}

/// One run to end.
#[derive(Clone, Debug, PartialEq)]
pub struct Ending {
    /// The run as it was claimed.
    pub run: Run,
    /// How it ended.
    pub outcome: Outcome,
    /// From 0 to 1; chooses when a retry starts.
    pub draw: f64,
}

/// Ends many runs in one transaction. Returns the keys of those that were this node's to end; the others are stale.
pub async fn finish(db: &Db, endings: &[Ending]) -> Result<Vec<i64>> {
    let mut tx = db.begin().await?;
    let ended = end(&mut tx, endings, &Guard::default()).await?;
    tx.commit().await?;
    Ok(ended)
}

/// Takes schedule row and run row for a handler's own transaction. False: the run is not this claim's any more; roll back.
/// While the transaction is open nobody can reap or stop the run.
pub async fn hold(tx: &mut Tx, run: &Run) -> Result<bool> {
    let schedule = text!(tx, "SELECT q.id FROM schedule q WHERE q.id = $1", ROW);
    if run.is_recurring() {
        within!(tx, c => sqlx::query(schedule).bind(run.schedule_id).execute(c).await.map(|_| ()))?;
    }
    let sql = text!(tx, "SELECT q.id FROM run q WHERE q.id = $1 AND q.fence = $2 AND q.state = 'running'", ROW);
    let held: Option<(i64,)> =
        within!(tx, c => sqlx::query_as(sql).bind(run.id).bind(run.fence).fetch_optional(c).await)?;
    Ok(held.is_some())
}

/// Ends one run inside the handler's own transaction, so that what it wrote and its end are one. False: roll back.
pub async fn finish_in(tx: &mut Tx, ending: &Ending) -> Result<bool> {
    Ok(!end(tx, std::slice::from_ref(ending), &Guard { running_only: true, ..Guard::default() }).await?.is_empty())
}

/// What must still be true of a run to be ended, beside its fence.
#[derive(Clone, Debug, Default)]
pub(super) struct Guard {
    /// Nobody asked it to stop.
    pub(super) running_only: bool,
    /// Its lease is as it was read.
    pub(super) same_lease: bool,
    /// Said beside the reason.
    pub(super) details: HashMap<i64, String>,
}

/// Ends runs: schedules first, then runs, then what follows from them. Returns those that matched.
pub(super) async fn end(tx: &mut Tx, endings: &[Ending], guard: &Guard) -> Result<Vec<i64>> {
    let next = schedules(tx, endings).await?;
    let now = tx.now().await?.timestamp_millis();
    let mut rows: Vec<Value> = endings.iter().map(|ending| record(ending, guard, &next, now)).collect();
    let sql = text!(
        tx,
        "UPDATE run SET state = CASE WHEN run.state = 'stopping' AND e.state <> 'crashed' THEN 'cancelled'
              WHEN run.state = 'stopping' THEN 'cancelled' ELSE e.state END,
            reason = CASE WHEN run.state = 'stopping' THEN 'BY_USER' ELSE e.reason END,
            detail = e.detail, finished_at = ",
        NOW,
        ", lease_until = NULL, counts = COALESCE(e.counts, run.counts), result = e.result, error = e.error
        FROM ",
        ENDINGS,
        " WHERE run.id = e.id AND run.fence = e.fence
            AND (run.state = 'running' OR (run.state = 'stopping' AND e.running_only = 0))
            AND (e.lease IS NULL OR run.lease_until = e.lease) RETURNING run.id"
    );
    let ended: Vec<(i64,)> = within!(tx, c => sqlx::query_as(sql).bind(json!(rows).to_string()).fetch_all(c).await)?;
    let ended: Vec<i64> = ended.into_iter().map(|row| row.0).collect();
    if ended.is_empty() {
        return Ok(ended);
    }
    // The stale ones still have their fence; what follows from their end is the business of who ended them.
    rows.retain(|row| row["id"].as_i64().is_some_and(|id| ended.contains(&id)));
    let rows = json!(rows).to_string();
    let sql = text!(tx, "UPDATE schedule SET last_from = r.created_at, last_until = r.finished_at,
            next_due_at = CASE WHEN kind = 'after_run' AND schedule.state = 'enabled' THEN r.finished_at + every_ms ELSE next_due_at END
        FROM run r, ", ENDINGS, " WHERE r.id = e.id AND r.fence = e.fence AND r.due_at IS NOT NULL AND r.finished_at IS NOT NULL
            AND schedule.id = r.schedule_id");
    within!(tx, c => sqlx::query(sql).bind(&rows).execute(c).await.map(|_| ()))?;
    // A schedule that was paused or switched off meanwhile wants no other attempt either.
    let sql = text!(tx, "INSERT INTO run (schedule_id, job_id, store_id, shop_id, due_at, seq, attempt, origin, parent_id, actor, state, params,
            xkey, lane, lane_up, step, priority, available_at, for_node, timeout_ms, max_attempts, created_at)
        SELECT r.schedule_id, r.job_id, r.store_id, r.shop_id, r.due_at, r.seq + 1, r.attempt + 1, 'retry', r.parent_id, r.actor, 'pending', r.params,
            r.xkey, r.lane, r.lane_up, r.step, r.priority, e.retry, r.for_node, r.timeout_ms, r.max_attempts, ", NOW, "
        FROM run r JOIN ", ENDINGS, " ON r.id = e.id AND r.fence = e.fence WHERE e.retry IS NOT NULL AND r.state IN ('failed', 'crashed')
          AND (r.due_at IS NULL OR EXISTS (SELECT 1 FROM schedule s WHERE s.id = r.schedule_id AND s.state = 'enabled'))");
    if endings.iter().any(|ending| ending.outcome.ending().2) {
        within!(tx, c => sqlx::query(sql).bind(&rows).execute(c).await.map(|_| ()))?;
    }
    Ok(ended)
}

/// Locks the schedules of recurring runs in one order for all nodes; says when each is due next.
async fn schedules(tx: &mut Tx, endings: &[Ending]) -> Result<HashMap<i64, Option<Millis>>> {
    let ids: Vec<i64> = endings.iter().filter(|e| e.run.is_recurring()).filter_map(|e| e.run.schedule_id).collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let sql = text!(tx, "SELECT q.id, q.next_due_at FROM schedule q WHERE q.id IN ", INTS, " ORDER BY q.id", ROW);
    let rows: Vec<(i64, Option<Millis>)> =
        within!(tx, c => sqlx::query_as(sql).bind(json!(ids).to_string()).fetch_all(c).await)?;
    Ok(rows.into_iter().collect())
}

/// One ending as the statements read it.
fn record(ending: &Ending, guard: &Guard, next: &HashMap<i64, Option<Millis>>, now: Millis) -> Value {
    let Ending { run, outcome, draw } = ending;
    let (state, why, again) = outcome.ending();
    let next = run.schedule_id.filter(|_| run.is_recurring()).and_then(|id| next.get(&id).copied().flatten());
    let retry = again.then(|| retry_at(run.attempt, run.max_attempts, now, next, *draw)).flatten();
    let (counts, result, error) = match outcome {
        Outcome::Done(done) => (Some(json!(done.counts).to_string()), done.result.as_ref().map(Value::to_string), None),
        Outcome::Failed(failure) => (None, None, Some(failure.message.clone())),
        Outcome::Stopped(counts) => (Some(json!(counts).to_string()), None, None),
        Outcome::Crashed(_) => (None, None, None),
    };
    json!({
        "id": run.id, "fence": run.fence, "state": state, "reason": why, "detail": guard.details.get(&run.id),
        "counts": counts, "result": result, "error": error, "retry": retry,
        "lease": run.lease_until.filter(|_| guard.same_lease), "running_only": i64::from(guard.running_only),
    })
}
