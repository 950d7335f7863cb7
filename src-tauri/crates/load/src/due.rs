//! Schedules fall due; how late does each run start? Also how long until all are started or visibly queued.

use std::time::Duration;

use anyhow::{Result, bail};
use presell_store::{Db, on};
use serde_json::{Value, json};

use crate::node;
use crate::spread::spread;

pub(crate) async fn measure(db: &Db, count: usize, gap: i64) -> Result<Value> {
    let first = db.now().await?.timestamp_millis() + 3_000;
    let due: Vec<i64> = (0..count as i64).map(|n| first + n * gap).collect();
    node::schedules(db, &due).await?;
    let (engine, mut told) = node::start(db, 64, None).await?;
    let mut late = Vec::with_capacity(count);
    while late.len() < count {
        match tokio::time::timeout(Duration::from_secs(120), told.recv()).await {
            Ok(Some(start)) => late.push(start.at - start.meant as f64),
            _ => bail!("only {} of {count} started", late.len()),
        }
    }
    engine.stop().await;
    let sql = "SELECT max(created_at - due_at) FROM run WHERE due_at IS NOT NULL";
    let (visible,): (Option<i64>,) = on!(db, p => sqlx::query_as(sql).fetch_one(p).await)?;
    let mut found = spread("due", late);
    found["due"]["allVisibleMs"] = json!(visible);
    Ok(found)
}
