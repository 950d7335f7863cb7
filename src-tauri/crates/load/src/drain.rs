//! Many runs wait; how fast does the real executor work them off?

use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use presell_store::{Cell, Db, on};
use serde_json::{Value, json};

use crate::node;

pub(crate) async fn measure(db: &Db, count: usize, slots: i64) -> Result<Value> {
    let mut tx = db.begin().await?;
    let store = node::store(&mut tx).await?;
    let now = tx.now().await?.timestamp_millis();
    let columns = ["job_id", "store_id", "origin", "actor", "state", "available_at", "created_at"];
    let cells: Vec<Cell<'_>> = (0..count)
        .flat_map(|_| {
            ["NOOP".into(), store.into(), "manual".into(), "bench".into(), "queued".into(), now.into(), now.into()]
        })
        .collect();
    tx.insert_many("run", &columns, &cells).await?;
    tx.commit().await?;
    db.count_grown_tables().await?;

    let began = Instant::now();
    let (engine, mut told) = node::start(db, slots, None).await?;
    // A run that started is not a run that ended: the clock stops when all rows say so.
    for _ in 0..count {
        if tokio::time::timeout(Duration::from_secs(120), told.recv()).await.is_err() {
            bail!("no run started for two minutes");
        }
    }
    let left = "SELECT count(*) FROM run WHERE state IN ('queued', 'running')";
    while on!(db, p => sqlx::query_as::<_, (i64,)>(left).fetch_one(p).await)?.0 > 0 {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    let seconds = began.elapsed().as_secs_f64();
    engine.stop().await;
    let rate = (count as f64 / seconds).round();
    Ok(json!({"peer": "presell", "drain": {"count": count, "slots": slots, "seconds": seconds, "perSecond": rate}}))
}
