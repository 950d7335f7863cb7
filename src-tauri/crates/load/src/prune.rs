//! A long history is forgotten, batch by batch; how long does each hold up the others?

use std::time::Instant;

use anyhow::Result;
use presell_scheduler::runs::{Keep, Place, prune};
use presell_store::{Cell, Db};
use serde_json::Value;

use crate::node;
use crate::spread::spread;

const DAY: i64 = 86_400_000;
/// Runs written at once.
const BLOCK: usize = 20_000;
/// Jobs whose histories they are.
const JOBS: usize = 24;
/// Deleted in one transaction.
const BATCH: i64 = 1_000;

pub(crate) async fn measure(db: &Db, count: usize) -> Result<Value> {
    fill(db, count).await?;
    let keep = Keep { runs: 1_000, days: 90 };
    let (mut took, mut place) = (Vec::new(), Place::default());
    loop {
        let began = Instant::now();
        let deleted = prune(db, keep, BATCH, &mut place).await?;
        took.push(began.elapsed().as_secs_f64() * 1000.0);
        if deleted < BATCH.unsigned_abs() {
            return Ok(spread("prune", took));
        }
    }
}

/// Runs that all ended more than a year ago.
async fn fill(db: &Db, count: usize) -> Result<()> {
    let mut tx = db.begin().await?;
    let store = node::store(&mut tx).await?;
    let long_ago = tx.now().await?.timestamp_millis() - 400 * DAY;
    tx.commit().await?;
    let jobs: Vec<String> = (0..JOBS).map(|n| format!("JOB-{n}")).collect();
    let columns = ["job_id", "store_id", "origin", "actor", "state", "available_at", "created_at", "finished_at"];
    for first in (0..count).step_by(BLOCK) {
        let cells: Vec<Cell<'_>> = (first..count.min(first + BLOCK))
            .flat_map(|n| {
                let at = Cell::Int(long_ago + n as i64);
                [
                    jobs[n % JOBS].as_str().into(),
                    store.into(),
                    "manual".into(),
                    "bench".into(),
                    "finished".into(),
                    at,
                    at,
                    at,
                ]
            })
            .collect();
        let mut tx = db.begin().await?;
        tx.insert_many("run", &columns, &cells).await?;
        tx.commit().await?;
    }
    db.count_grown_tables().await?;
    Ok(())
}
