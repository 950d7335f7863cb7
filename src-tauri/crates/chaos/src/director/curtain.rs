//! The end of a play: nothing new falls due, what is open ends, the nodes quit.

use std::time::{Duration, Instant};

use anyhow::Result;
use presell_store::{Db, on, text};

use super::database;
use super::stage::Stage;
use crate::check::{CURTAIN, Found};

/// How long everything may take to end.
const SETTLE: Duration = Duration::from_secs(120);

/// Pauses all schedules, waits until no run is open, and asks the nodes to quit. Returns what did not go well.
pub(super) async fn fall(stage: &Stage) -> Result<Vec<Found>> {
    pause_all(&stage.db).await?;
    let began = Instant::now();
    while open(&stage.db).await? > 0 && began.elapsed() < SETTLE {
        database::hurry(&stage.db).await?;
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
    stage.tally.keep_most(
        "calm after the last occurrence, ms",
        i64::try_from(began.elapsed().as_millis()).unwrap_or(i64::MAX),
    );
    let mut late = Found::none("–", "nodes not back at work within 10 s");
    stage.tally.late().into_iter().for_each(|what| late.add(|| what));
    let mut deaf = Found::none("–", "nodes that did not quit within 30 s");
    let count = stage.fleet.quit(Duration::from_secs(30)).await;
    deaf.add_many(count, || "see its log".to_owned());
    Ok(vec![late, deaf])
}

/// One statement, so that no tick comes between: what `next_due_at` says from now on is where each ledger ends.
pub(crate) async fn pause_all(db: &Db) -> Result<()> {
    let sql = text!(
        db,
        "UPDATE schedule SET state = 'paused', version = version + 1, updated_by = $1, updated_at = ",
        NOW,
        " WHERE state = 'enabled'"
    );
    Ok(on!(db, p => sqlx::query(sql).bind(CURTAIN).execute(p).await.map(|_| ()))?)
}

pub(crate) async fn open(db: &Db) -> Result<i64> {
    let sql = "SELECT COUNT(*) FROM run WHERE state IN ('pending', 'queued', 'running', 'stopping')";
    let (open,): (i64,) = on!(db, p => sqlx::query_as(sql).fetch_one(p).await)?;
    Ok(open)
}
