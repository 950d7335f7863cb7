//! Writing a changed schedule: a compare-and-swap on its version and an audit row, in one transaction.

use std::collections::BTreeSet;

use presell_store::{Result, Tx, within};
use serde_json::{Value, json};

use super::Key;
use super::read::find_in;
use crate::{Millis, Schedule};

/// How often a change that met another one starts again before it gives up.
pub(super) const ATTEMPTS: u32 = 20;

/// Writes `after` if the schedule is still as `before`, ticks aside unless `at_rest`; false: somebody was first.
/// `at_rest`: the change depends on where the schedule stands, so that must be as it was read, too.
pub(super) async fn write(tx: &mut Tx, before: &Schedule, after: &Schedule, at_rest: bool) -> Result<bool> {
    let sql = "UPDATE schedule SET state = $1, zone = $2, frequency = $3, kind = $4, every_ms = $5, every_days = $6, cron = $7, anchor_at = $8,
            params = $9, jitter_ms = $10, catch_up = $11, start_deadline_ms = $12, overlap = $13, max_attempts = $14, timeout_ms = $15,
            priority = $16, keep_runs = $17, keep_days = $18, next_due_at = $19, last_from = $20, last_until = $21,
            version = version + 1, updated_at = $22, updated_by = $23
        WHERE id = $24 AND version = $25 AND ($26 = 0 OR COALESCE(next_due_at, -1) = COALESCE(CAST($27 AS BIGINT), -1))";
    let a = after;
    let done = within!(tx, c => sqlx::query(sql)
        .bind(a.state.word()).bind(&a.zone).bind(&a.frequency).bind(&a.kind).bind(a.every_ms).bind(a.every_days).bind(&a.cron)
        .bind(a.anchor_at).bind(&a.params).bind(a.jitter_ms).bind(a.catch_up.word()).bind(a.start_deadline_ms).bind(a.overlap.word())
        .bind(a.max_attempts).bind(a.timeout_ms).bind(a.priority).bind(a.keep_runs).bind(a.keep_days).bind(a.next_due_at)
        .bind(a.last_from).bind(a.last_until).bind(a.updated_at).bind(&a.updated_by)
        .bind(before.id).bind(before.version).bind(i64::from(at_rest)).bind(before.next_due_at)
        .execute(c).await.map(|done| done.rows_affected()))?;
    Ok(done == 1)
}

/// One audit row: who did what to which schedule, with the values before and after.
pub(super) async fn audit(
    tx: &mut Tx,
    action: &str,
    key: &Key,
    before: Option<&Schedule>,
    after: &Schedule,
    now: Millis,
    actor: &str,
) -> Result<()> {
    let sql = "INSERT INTO audit (at, actor, action, subject, before, after) VALUES ($1, $2, $3, $4, $5, $6)";
    let (before, after) = (before.map(|s| shown(s).to_string()), shown(after).to_string());
    within!(tx, c => sqlx::query(sql).bind(now).bind(actor).bind(action).bind(subject(key)).bind(before).bind(after)
        .execute(c).await.map(|_| ()))
}

/// How audit rows name a schedule.
pub(super) fn subject(key: &Key) -> String {
    format!("{} {}/{}", key.job_id, key.store_id, key.shop_id)
}

fn shown(s: &Schedule) -> Value {
    json!({
        "state": s.state.word(), "zone": s.zone, "frequency": s.frequency, "everyMs": s.every_ms, "everyDays": s.every_days, "cron": s.cron,
        "anchorAt": s.anchor_at, "params": s.params, "jitterMs": s.jitter_ms, "catchUp": s.catch_up.word(),
        "startDeadlineMs": s.start_deadline_ms, "overlap": s.overlap.word(), "maxAttempts": s.max_attempts, "timeoutMs": s.timeout_ms,
        "priority": s.priority, "keepRuns": s.keep_runs, "keepDays": s.keep_days, "nextDueAt": s.next_due_at, "version": s.version,
    })
}

/// Occurrences from `from` on that have a row.
pub(super) async fn taken(tx: &mut Tx, schedule: &Schedule, from: Millis) -> Result<BTreeSet<Millis>> {
    let sql = "SELECT DISTINCT due_at FROM run WHERE schedule_id = $1 AND due_at >= $2";
    let rows: Vec<(Millis,)> = within!(tx, c => sqlx::query_as(sql).bind(schedule.id).bind(from).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}

/// Makes the schedule as a draft if there is none; two that come at once end in one row.
pub(super) async fn ensure(tx: &mut Tx, key: &Key, new: &Schedule) -> Result<Schedule> {
    let sql = "INSERT INTO schedule (job_id, store_id, shop_id, state, zone, frequency, kind, every_ms, every_days, anchor_at, timeout_ms,
            created_at, created_by, updated_at, updated_by)
        VALUES ($1, $2, $3, 'draft', $4, $5, $6, $7, $8, $9, $10, $11, $12, $11, $12) ON CONFLICT (job_id, store_id, shop_id) DO NOTHING";
    within!(&mut *tx, c => sqlx::query(sql).bind(&key.job_id).bind(key.store_id).bind(&key.shop_id).bind(&new.zone).bind(&new.frequency)
        .bind(&new.kind).bind(new.every_ms).bind(new.every_days).bind(new.anchor_at).bind(new.timeout_ms).bind(new.created_at)
        .bind(&new.created_by).execute(c).await.map(|_| ()))?;
    let found = find_in(tx, key).await?;
    // It was inserted, or was there; nobody deletes schedules.
    found.ok_or_else(|| sqlx::Error::RowNotFound.into())
}
