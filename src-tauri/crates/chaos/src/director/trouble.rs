//! Making trouble, each kind in its own task, so that it may come together.

use std::sync::Arc;
use std::time::Duration;

use fastrand::Rng;
use futures_util::future::join;
use tokio::task::JoinSet;
use tokio::time::{sleep, sleep_until};

use super::plan::Trouble;
use super::stage::{Stage, skewed_clock};
use super::{back, database};

/// Follows the plan and waits until the last trouble is over.
pub(super) async fn make(stage: &Arc<Stage>, plan: Vec<(Duration, Trouble)>) {
    let began = tokio::time::Instant::now();
    let mut chance = Rng::with_seed(stage.seed ^ 0x7072_6573_656C_6C00);
    let mut under_way = JoinSet::new();
    for (at, trouble) in plan {
        sleep_until(began + at).await;
        let (stage, chance) = (Arc::clone(stage), chance.fork());
        under_way.spawn(async move {
            match one(&stage, trouble, chance).await {
                Ok(true) => stage.tally.add(trouble.name()),
                Ok(false) => stage.tally.add("left out, since all nodes were in trouble"),
                Err(error) => {
                    eprintln!("presell-chaos: {}: {error:#}", trouble.name());
                    stage.tally.add("left out, since the database was away");
                }
            }
        });
    }
    while under_way.join_next().await.is_some() {}
}

/// True: it was made.
async fn one(stage: &Stage, trouble: Trouble, mut chance: Rng) -> anyhow::Result<bool> {
    let part = chance.f64();
    match trouble {
        Trouble::Kill | Trouble::KillBeforeDue => {
            let Some(mut node) = stage.fleet.any(&mut chance) else { return Ok(false) };
            if trouble == Trouble::KillBeforeDue
                && let Some(away) = database::until_due(&stage.db, Duration::from_millis(50)).await?
            {
                // When all short ones are overdue, the next is tomorrow.
                sleep(away.saturating_sub(Duration::from_millis(5)).min(Duration::from_secs(3))).await;
            }
            node.kill().await;
            sleep(Duration::from_millis((part * 2_500.0) as u64)).await;
            node.start()?;
        }
        Trouble::Freeze => {
            let Some(node) = stage.fleet.any(&mut chance) else { return Ok(false) };
            node.freeze();
            sleep(stage.lease.mul_f64(1.3 + 1.7 * part)).await;
            node.thaw();
        }
        Trouble::Quit => {
            let Some(mut node) = stage.fleet.any(&mut chance) else { return Ok(false) };
            if !node.quit(Duration::from_secs(30)).await {
                stage.tally.add("did not quit within 30 s");
            }
            node.start()?;
        }
        Trouble::Skew => {
            let Some(mut node) = stage.fleet.any(&mut chance) else { return Ok(false) };
            node.kill().await;
            node.skew = skewed_clock();
            node.start()?;
            sleep(Duration::from_secs(10)).await;
            node.kill().await;
            node.skew = None;
            node.start()?;
        }
        Trouble::TerminateOne => return Ok(database::terminate(&stage.db, false).await? > 0),
        Trouble::TerminateAll => {
            if database::terminate(&stage.db, true).await? == 0 {
                return Ok(false);
            }
            back::all(stage, trouble).await;
        }
        Trouble::RestartServer => {
            restart(stage, if part < 0.5 { "fast" } else { "immediate" }).await?;
            back::all(stage, trouble).await;
        }
        Trouble::HalfOpen => half_open(stage, part).await,
        Trouble::LongRead => database::read_for(&stage.db, Duration::from_secs_f64(15.0 + 10.0 * part)).await?,
        Trouble::ForeignLock => database::lock_for(&stage.address, Duration::from_secs(4)).await?,
    }
    Ok(true)
}

async fn restart(stage: &Stage, mode: &str) -> anyhow::Result<()> {
    let command = stage.restart.as_deref().unwrap_or("false").replace("{mode}", mode);
    let output = tokio::process::Command::new("sh").arg("-c").arg(&command).output().await?;
    anyhow::ensure!(output.status.success(), "`{command}`: {}", String::from_utf8_lossy(&output.stderr));
    Ok(())
}

/// The connections of the last node go silent for 15 to 20 seconds. Afterwards they deliver late, or close.
async fn half_open(stage: &Stage, part: f64) {
    let (Some(proxy), Some(node)) = (&stage.proxy, stage.fleet.nodes().last()) else { return };
    let mut node = node.lock().await;
    proxy.hush();
    let silent = sleep(Duration::from_secs_f64(15.0 + 5.0 * part));
    let watched = async {
        back::one(stage, &mut node, Trouble::HalfOpen).await;
        // Once it is back it may meet other trouble.
        drop(node);
    };
    join(silent, watched).await;
    if part < 0.5 { proxy.deliver() } else { proxy.cut() }
}
