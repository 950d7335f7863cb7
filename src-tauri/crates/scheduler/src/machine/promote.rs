//! Pending runs whose time has come are queued, one of each kind at a time.

use presell_store::{Db, Result, on, text};

use super::is_lost_race;

/// Queues what may be queued; returns how many. None if somebody queued an equal run at the same moment.
pub async fn promote(db: &Db) -> Result<u64> {
    let sql = text!(
        db,
        "UPDATE run SET state = 'queued' WHERE state = 'pending' AND id IN (
        SELECT q.id FROM run q WHERE q.state = 'pending' AND q.available_at <= ",
        NOW,
        "
          AND (q.xkey IS NULL OR NOT EXISTS (SELECT 1 FROM run x WHERE x.xkey = q.xkey
            AND (x.state = 'queued' OR (x.state = 'pending' AND x.available_at <= ",
        NOW,
        " AND x.id < q.id)))))"
    );
    let queued = on!(db, p => sqlx::query(sql).execute(p).await.map(|done| done.rows_affected()));
    match queued {
        Err(error) if is_lost_race(&error) => Ok(0),
        queued => queued,
    }
}
