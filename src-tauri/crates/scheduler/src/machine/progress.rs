//! How far a run is.

use presell_store::{Db, Result, on, text};

/// So much of a run is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The run.
    pub run: i64,
    /// Its fence: a run that was replaced reports nothing more.
    pub fence: i64,
    /// So much …
    pub done: i64,
    /// … of so much.
    pub total: i64,
}

/// Keeps the progress of many runs.
pub async fn progress(db: &Db, progress: &[Progress]) -> Result<()> {
    for one in progress {
        let sql = text!(
            db,
            "UPDATE run SET done = $1, total = $2 WHERE id IN (SELECT q.id FROM run q WHERE q.id = $3 AND q.fence = $4
            AND q.state IN ('running', 'stopping')",
            LOCK,
            ")"
        );
        on!(db, p => sqlx::query(sql).bind(one.done).bind(one.total).bind(one.run).bind(one.fence).execute(p).await.map(|_| ()))?;
    }
    Ok(())
}
