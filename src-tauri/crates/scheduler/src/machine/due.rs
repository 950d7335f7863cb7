//! Schedules whose time has come.

use presell_store::{Db, Result, on, text};

use crate::{Millis, Schedule};

/// A schedule that is due.
#[derive(Clone, Debug)]
pub struct Due {
    /// The schedule as it was read.
    pub schedule: Schedule,
    /// Its previous recurring run is open; only schedules with overlap `skip` come so.
    pub busy: bool,
}

/// At most `limit` schedules that are due, oldest first, with the database's now. One whose previous recurring run is open
/// is left out (waiting retries do not count), unless its overlap is `skip`.
pub async fn due(db: &Db, limit: i64) -> Result<(Millis, Vec<Due>)> {
    let sql = text!(db, "SELECT s.*, ", NOW, " AS now, EXISTS (SELECT 1 FROM run r WHERE r.schedule_id = s.id AND r.due_at IS NOT NULL
             AND r.state IN ('pending', 'queued', 'running', 'stopping')
             AND (r.state IN ('running', 'stopping') OR r.origin <> 'retry')) AS busy
         FROM schedule s WHERE s.state = 'enabled' AND s.next_due_at <= ", NOW, "
           AND (s.overlap = 'skip' OR NOT EXISTS (SELECT 1 FROM run r WHERE r.schedule_id = s.id AND r.due_at IS NOT NULL
             AND r.state IN ('pending', 'queued', 'running', 'stopping')
             AND (r.state IN ('running', 'stopping') OR r.origin <> 'retry')))
         ORDER BY s.next_due_at LIMIT $1");
    #[derive(sqlx::FromRow)]
    struct Row {
        #[sqlx(flatten)]
        schedule: Schedule,
        busy: bool,
        now: Millis,
    }
    let rows: Vec<Row> = on!(db, p => sqlx::query_as(sql).bind(limit).fetch_all(p).await)?;
    let now = rows.iter().map(|row| row.now).max().unwrap_or_default();
    Ok((now, rows.into_iter().map(|row| Due { schedule: row.schedule, busy: row.busy }).collect()))
}

/// Asks the runs that are in the way of a due schedule to stop, where its overlap says so. Returns how many. One whose row
/// is held by its own commit is asked the next time, if it is still there.
pub async fn stop_previous(db: &Db) -> Result<u64> {
    let sql = text!(db, "UPDATE run SET state = 'stopping', stop_by = 'schedule' WHERE state = 'running' AND id IN (
        SELECT q.id FROM run q WHERE q.state = 'running' AND q.due_at IS NOT NULL AND q.schedule_id IN (SELECT s.id FROM schedule s
          WHERE s.state = 'enabled' AND s.overlap = 'stop_previous' AND s.next_due_at <= ", NOW, ") ORDER BY q.id", LOCK, ")");
    on!(db, p => sqlx::query(sql).execute(p).await.map(|done| done.rows_affected()))
}
