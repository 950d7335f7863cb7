//! A node is killed with a run in its hands; when does another one on the same machine recover it?

use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use presell_scheduler::engine::Event;
use presell_store::{Db, on};
use serde_json::Value;
use tokio::process::Command;

use crate::node;
use crate::spread::spread;

pub(crate) async fn measure(db: &Db, database: &str, kills: usize) -> Result<Value> {
    let folder = std::env::temp_dir().join(format!("presell-load-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let mut tx = db.begin().await?;
    let store = node::store(&mut tx).await?;
    tx.commit().await?;
    let mut waited = Vec::with_capacity(kills);
    for _ in 0..kills {
        let mut victim = Command::new(std::env::current_exe()?)
            .args([database, "node"])
            .arg(&folder)
            .stdout(Stdio::null())
            .kill_on_drop(true)
            .spawn()?;
        let sql = "INSERT INTO run (job_id, store_id, origin, actor, state, available_at, created_at) VALUES ('ENDLESS', $1, 'manual', 'bench', 'queued', 0, 0) RETURNING id";
        let (run,): (i64,) = on!(db, p => sqlx::query_as(sql).bind(store).fetch_one(p).await)?;
        db.ring().await?;
        until_running(db, run).await?;
        let (engine, _told) = node::start(db, 1, Some(folder.clone())).await?;
        let mut events = engine.events();
        victim.kill().await.context("the victim is killed")?;
        let killed = Instant::now();
        loop {
            match tokio::time::timeout(Duration::from_secs(60), events.recv()).await?? {
                Event::Recovered { run: found, .. } if found == run => break,
                _ => {}
            }
        }
        waited.push(killed.elapsed().as_secs_f64() * 1000.0);
        engine.stop().await;
    }
    std::fs::remove_dir_all(&folder)?;
    Ok(spread("recovery", waited))
}

async fn until_running(db: &Db, run: i64) -> Result<()> {
    let sql = "SELECT count(*) FROM run WHERE id = $1 AND state = 'running'";
    for _ in 0..4_000 {
        if on!(db, p => sqlx::query_as::<_, (i64,)>(sql).bind(run).fetch_one(p).await)?.0 == 1 {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    bail!("the victim never took the run")
}
