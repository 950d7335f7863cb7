//! What probes write down.

use std::time::Duration;

use presell_scheduler::engine::Work;
use presell_scheduler::{Done, Failure, RunState};
use presell_store::{Tx, on, text, within};
use tokio::time::sleep;

/// This execution begins. Outside any claim on purpose: whoever is here is recorded.
pub(super) async fn began(work: &Work) -> Result<(), Failure> {
    let db = &work.db;
    let sql = text!(db, "INSERT INTO chaos_start (run_id, fence, at) VALUES ($1, $2, ", NOW, ")");
    on!(db, p => sqlx::query(sql).bind(work.run.id).bind(work.run.fence).execute(p).await.map(|_| ()))?;
    Ok(())
}

/// This execution ends. Where the database is away it stays open in the books, and the end of the run row counts.
pub(super) async fn ended(work: &Work) {
    let db = &work.db;
    let sql =
        text!(db, "UPDATE chaos_start SET ended_at = ", NOW, " WHERE run_id = $1 AND fence = $2 AND ended_at IS NULL");
    let outcome = on!(db, p => sqlx::query(sql).bind(work.run.id).bind(work.run.fence).execute(p).await.map(|_| ()));
    if let Err(error) = outcome {
        tracing::warn!(run = work.run.id, %error, "the end of an execution was not written down");
    }
}

/// An effect half-way, in a commit of its own.
pub(super) async fn middle(work: &Work) -> Result<(), Failure> {
    let written = async {
        let mut tx = work.begin().await?;
        effect(&mut tx, work, "middle").await?;
        tx.commit().await
    };
    match written.await {
        Ok(()) => Ok(()),
        Err(error) => Err(refused(work, error).await),
    }
}

/// The effect at the end, in one commit with the end of the run.
pub(super) async fn finish(work: &Work) -> Result<Done, Failure> {
    finish_slowly(work, Duration::ZERO).await
}

/// The same in a commit that takes a while, so that trouble can meet it half-way. On SQLite a tenth of that must do:
/// nobody else writes meanwhile.
pub(super) async fn finish_slowly(work: &Work, span: Duration) -> Result<Done, Failure> {
    let done = Done::default();
    let written = async {
        let mut tx = work.begin().await?;
        effect(&mut tx, work, "end").await?;
        sleep(if tx.is_postgres() { span } else { span / 10 }).await;
        work.finish(tx, &done).await
    };
    match written.await {
        Ok(()) => Ok(done),
        Err(error) => Err(refused(work, error).await),
    }
}

/// Writes the effect; the caller commits, or not.
pub(super) async fn effect(tx: &mut Tx, work: &Work, part: &'static str) -> presell_store::Result<()> {
    let sql = text!(
        tx,
        "INSERT INTO chaos_effect (run_id, fence, schedule_id, due_at, part, at) VALUES ($1, $2, $3, $4, $5, ",
        NOW,
        ")"
    );
    let run = &work.run;
    within!(tx, c => sqlx::query(sql).bind(run.id).bind(run.fence).bind(run.schedule_id).bind(run.due_at).bind(part)
        .execute(c).await.map(|_| ()))
}

/// Tells a refused commit from a database that is away, and writes the former down.
async fn refused(work: &Work, error: presell_store::StoreError) -> Failure {
    let db = &work.db;
    let sql = "SELECT state, fence FROM run WHERE id = $1";
    let found: presell_store::Result<Option<(String, i64)>> =
        on!(db, p => sqlx::query_as(sql).bind(work.run.id).fetch_optional(p).await);
    if let Ok(Some((state, fence))) = found
        && (state != RunState::Running.word() || fence != work.run.fence)
    {
        tracing::info!(run = work.run.id, state, "a commit of a run that is not ours any more was refused");
        let sql = text!(db, "INSERT INTO chaos_refused (run_id, fence, at) VALUES ($1, $2, ", NOW, ")");
        // A count for people; where it cannot be written, one is missing.
        let _ = on!(db, p => sqlx::query(sql).bind(work.run.id).bind(work.run.fence).execute(p).await.map(|_| ()));
        return Failure::transient("REFUSED", format!("This run is not ours any more: {error}"));
    }
    error.into()
}
