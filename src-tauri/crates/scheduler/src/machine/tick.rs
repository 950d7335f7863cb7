//! A tick: the schedule moves on and its occurrences become rows, in one transaction.

use std::collections::{BTreeSet, HashMap, HashSet};

use presell_store::{Db, Result, Tx, on, text, within};
use serde_json::{Value, json};

use super::{Due, is_lost_race};
use crate::planning::{Fate, Occurrence, Plan, Timing, realign};
use crate::run::lanes;
use crate::{Millis, Schedule, ScheduleState};

/// What one tick shall do.
#[derive(Clone, Debug)]
pub struct Tick {
    /// The schedule as it was read; the compare-and-swap names its `next_due_at` and `version`.
    pub due: Due,
    /// The plan made from it.
    pub plan: Plan,
    /// Place of its runs in the order of a tick.
    pub step: i64,
    /// Its runs take turns with their like only; see [`Registry::outside`](crate::Registry::outside).
    pub outside: bool,
}

/// Makes the ticks, all in one transaction; if that fails, one by one. Returns for each whether this node made it: another
/// node may have been first, or somebody edited or paused the schedule meanwhile.
pub async fn tick(db: &Db, ticks: &[Tick]) -> Result<Vec<bool>> {
    match together(db, ticks).await {
        Ok(made) => return Ok(made),
        // The database itself does not answer: one by one would do no better.
        Err(error) if ticks.len() <= 1 && !is_lost_race(&error) => return Err(error),
        Err(_) => {}
    }
    let mut made = Vec::with_capacity(ticks.len());
    for one in ticks {
        match together(db, std::slice::from_ref(one)).await {
            Ok(won) => made.extend(won),
            // Somebody inserted a run between reading and ticking; the next pass sees it.
            Err(error) if is_lost_race(&error) => made.push(false),
            Err(error) => return Err(error),
        }
    }
    Ok(made)
}

async fn together(db: &Db, ticks: &[Tick]) -> Result<Vec<bool>> {
    let mut tx = db.begin().await?;
    let free = free(&mut tx, ticks).await?;
    let moved = move_on(&mut tx, ticks.iter().filter(|tick| free.contains(&tick.due.schedule.id))).await?;
    if !moved.is_empty() {
        supersede_retries(&mut tx, &moved).await?;
        insert(&mut tx, ticks.iter().filter(|tick| moved.contains(&tick.due.schedule.id))).await?;
    }
    tx.commit().await?;
    Ok(ticks.iter().map(|tick| moved.contains(&tick.due.schedule.id)).collect())
}

/// Takes the schedules that nobody else holds. One that does hold another may have frozen in its commit, and the schedules of
/// the whole company must not wait for it.
async fn free(tx: &mut Tx, ticks: &[Tick]) -> Result<HashSet<i64>> {
    let ids: Vec<i64> = ticks.iter().map(|tick| tick.due.schedule.id).collect();
    let sql = text!(tx, "SELECT q.id FROM schedule q WHERE q.id IN ", INTS, " ORDER BY q.id", LOCK);
    let rows: Vec<(i64,)> = within!(tx, c => sqlx::query_as(sql).bind(json!(ids).to_string()).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}

/// The compare-and-swap of all: returns the schedules that are still as they were read.
async fn move_on(tx: &mut Tx, ticks: impl Iterator<Item = &Tick>) -> Result<HashSet<i64>> {
    let moves = ticks.map(|Tick { due: Due { schedule: s, .. }, plan, .. }| {
        json!({ "id": s.id, "due": s.next_due_at, "version": s.version, "next": plan.next_due })
    });
    let moves = Value::from_iter(moves).to_string();
    let sql = text!(
        tx,
        "UPDATE schedule SET next_due_at = m.next FROM ",
        MOVES,
        " WHERE schedule.id = m.id AND schedule.next_due_at = m.due AND schedule.version = m.version
          AND schedule.state = 'enabled' RETURNING schedule.id"
    );
    let rows: Vec<(i64,)> = within!(tx, c => sqlx::query_as(sql).bind(&moves).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}

/// A retry that waits is of no use once the next occurrence is there.
async fn supersede_retries(tx: &mut Tx, schedules: &HashSet<i64>) -> Result<()> {
    let sql = text!(
        tx,
        "UPDATE run SET state = 'skipped', reason = 'SUPERSEDED', finished_at = ",
        NOW,
        " WHERE due_at IS NOT NULL AND origin = 'retry' AND state IN ('pending', 'queued') AND schedule_id IN ",
        INTS
    );
    within!(tx, c => sqlx::query(sql).bind(json!(schedules).to_string()).execute(c).await.map(|_| ()))
}

async fn insert(tx: &mut Tx, ticks: impl Iterator<Item = &Tick>) -> Result<()> {
    let rows = ticks.flat_map(|tick| tick.plan.rows.iter().map(move |row| (tick, row))).enumerate();
    let rows = Value::from_iter(rows.map(|(place, (tick, row))| occurrence(place, tick, row))).to_string();
    // One run of a kind is queued at a time: the first of a schedule that may start, unless another is queued already.
    // The conflict is named: a bare one would also swallow a clash with another open run, and the occurrence with it.
    let sql = text!(tx, "INSERT INTO run (schedule_id, job_id, store_id, shop_id, due_at, seq, covers, origin, actor, state, reason, params,
            xkey, lane, lane_up, step, priority, available_at, timeout_ms, max_attempts, created_at, finished_at)
        SELECT schedule, job_id, store_id, shop_id, due, 1, covers, 'schedule', updated_by,
            CASE WHEN reason IS NOT NULL THEN 'skipped'
                 WHEN NOT ready OR turn > 1 OR EXISTS (SELECT 1 FROM run x WHERE x.xkey = new.xkey AND x.state = 'queued') THEN 'pending'
                 ELSE 'queued' END,
            reason, params, xkey, lane, lane_up, step, priority, available, timeout_ms, max_attempts, now,
            CASE WHEN reason IS NOT NULL THEN now END
        FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY schedule, ready ORDER BY place) AS turn
              FROM (SELECT o.*, s.job_id, s.store_id, s.shop_id, s.updated_by, s.params, s.priority, s.timeout_ms, s.max_attempts,
                      s.job_id || '|' || s.store_id || '|' || s.shop_id AS xkey, ", NOW, " AS now,
                      o.reason IS NULL AND o.available <= ", NOW, " AS ready
                    FROM ", OCCURRENCES, " JOIN schedule s ON s.id = o.schedule) AS read) AS new
        WHERE true ORDER BY place ON CONFLICT (schedule_id, due_at, seq) WHERE due_at IS NOT NULL DO NOTHING");
    within!(tx, c => sqlx::query(sql).bind(&rows).execute(c).await.map(|_| ()))
}

fn occurrence(place: usize, tick: &Tick, row: &Occurrence) -> Value {
    let s = &tick.due.schedule;
    let (lane, lane_up) = lanes(s.store_id, &s.shop_id, tick.outside);
    let (available, reason, covers) = match row.fate {
        Fate::Run { available_at } => (available_at, None, 1),
        Fate::Skipped { reason, covers } => (row.due, Some(reason), covers),
    };
    json!({ "place": place, "schedule": s.id, "due": row.due, "available": available, "reason": reason, "covers": covers,
        "lane": lane, "lane_up": lane_up, "step": tick.step })
}

/// After the clock went back: lets every enabled schedule wait for its next occurrence that has no row. Returns how many
/// were moved.
pub async fn realign_all(db: &Db) -> Result<u64> {
    let now = db.now().await?.timestamp_millis();
    let sql = "SELECT s.* FROM schedule s WHERE s.state = 'enabled' AND s.next_due_at > $1";
    let waiting: Vec<Schedule> = on!(db, p => sqlx::query_as(sql).bind(now).fetch_all(p).await)?;
    let sql = "SELECT r.schedule_id, r.due_at FROM run r JOIN schedule s ON s.id = r.schedule_id
        WHERE s.state = 'enabled' AND r.due_at > $1";
    let rows: Vec<(i64, Millis)> = on!(db, p => sqlx::query_as(sql).bind(now).fetch_all(p).await)?;
    let mut taken: HashMap<i64, BTreeSet<Millis>> = HashMap::new();
    for (schedule, due) in rows {
        taken.entry(schedule).or_default().insert(due);
    }
    let mut moved = 0;
    for schedule in waiting {
        // One that cannot be read is told where it is ticked.
        let Ok(timing) = Timing::of(&schedule) else { continue };
        let taken = taken.remove(&schedule.id).unwrap_or_default();
        let Some(next) = realign(&schedule, &timing, now, &taken) else { continue };
        let sql =
            "UPDATE schedule SET next_due_at = $1 WHERE id = $2 AND next_due_at = $3 AND version = $4 AND state = $5";
        moved += on!(db, p => sqlx::query(sql).bind(next).bind(schedule.id).bind(schedule.next_due_at).bind(schedule.version)
            .bind(ScheduleState::Enabled.word()).execute(p).await.map(|done| done.rows_affected()))?;
    }
    Ok(moved)
}
