//! Stopping a run.

use presell_store::{Db, Result, on, text};

use crate::RunState;

/// What a stop did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stopped {
    /// It had not started, and is cancelled.
    Cancelled,
    /// It is at work and was asked to stop.
    Asked,
    /// It had ended already.
    TooLate,
    /// There is no such run.
    Unknown,
}

/// Cancels a run that waits, asks one that is at work to stop; its parts likewise.
pub async fn stop(db: &Db, id: i64, actor: &str) -> Result<Stopped> {
    let sql = text!(
        db,
        "UPDATE run SET finished_at = CASE WHEN state IN ('pending', 'queued') THEN ",
        NOW,
        " END,
            reason = CASE WHEN state IN ('pending', 'queued') THEN 'BY_USER' END, stop_by = $2,
            state = CASE WHEN state IN ('pending', 'queued') THEN 'cancelled' ELSE 'stopping' END
        WHERE (id = $1 OR parent_id = $1) AND state IN ('pending', 'queued', 'running') RETURNING id, state"
    );
    let changed: Vec<(i64, String)> = on!(db, p => sqlx::query_as(sql).bind(id).bind(actor).fetch_all(p).await)?;
    if let Some((_, state)) = changed.iter().find(|(run, _)| *run == id) {
        return Ok(if state == "cancelled" { Stopped::Cancelled } else { Stopped::Asked });
    }
    Ok(match super::find(db, id).await? {
        None => Stopped::Unknown,
        Some(run) if run.state == RunState::Stopping => Stopped::Asked,
        Some(_) => Stopped::TooLate,
    })
}
