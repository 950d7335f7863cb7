//! One process asks for a run, another one on the same database runs it.

use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result};
use presell_scheduler::Origin;
use presell_scheduler::runs::{Request, request};
use presell_store::Db;
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Command;

use crate::node::{self, clock};
use crate::spread::spread;

pub(crate) async fn measure(db: &Db, database: &str, count: usize) -> Result<Value> {
    let mut tx = db.begin().await?;
    let store = node::store(&mut tx).await?;
    tx.commit().await?;
    let mut other = Command::new(std::env::current_exe()?)
        .args([database, "node"])
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()?;
    let mut starts = BufReader::new(other.stdout.take().context("its output")?).lines();
    let mut waited = Vec::with_capacity(count);
    for round in 0..=count {
        let asked = clock();
        let wanted = Request::new("NOOP", store, Origin::Manual, "bench");
        request(db, &wanted).await?;
        db.ring().await?;
        let line = tokio::time::timeout(Duration::from_secs(40), starts.next_line()).await??.context("a start")?;
        let at: f64 = line.split(' ').nth(1).context("its time")?.parse()?;
        // The first waits for the process to come up.
        if round > 0 {
            waited.push(at - asked);
        }
    }
    other.kill().await?;
    Ok(spread("runNow", waited))
}
