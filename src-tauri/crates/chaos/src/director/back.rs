//! Whether nodes are at work again soon after trouble with their connections.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use presell_scheduler::Millis;
use tokio::sync::Mutex;
use tokio::time::{sleep, timeout};

use super::database;
use super::node_process::NodeProcess;
use super::plan::Trouble;
use super::stage::Stage;

/// So soon after their database is there again.
const SOON: Duration = Duration::from_secs(10);

/// Waits until the database answers; its time then.
async fn answer(stage: &Stage) -> Option<Millis> {
    let asked = Instant::now();
    while asked.elapsed() < Duration::from_secs(60) {
        if let Ok(Ok(now)) = timeout(Duration::from_secs(2), stage.db.now()).await {
            return Some(now.timestamp_millis());
        }
        sleep(Duration::from_millis(100)).await;
    }
    None
}

/// Waits until all nodes are at work again, but for those that meet other trouble meanwhile: they prove nothing.
pub(super) async fn all(stage: &Stage, trouble: Trouble) {
    let Some(since) = answer(stage).await else { return };
    join_all(stage.fleet.nodes().iter().map(|node| at_large(stage, node, trouble, since))).await;
}

async fn at_large(stage: &Stage, node: &Mutex<NodeProcess>, trouble: Trouble, since: Millis) {
    if let Some((name, generation)) = look(node).await {
        watch(stage, &name, trouble, since, Peace::AtLarge(node, generation)).await;
    }
}

/// Waits until this one node, which nobody else may trouble meanwhile, is at work again.
pub(super) async fn one(stage: &Stage, node: &mut NodeProcess, trouble: Trouble) {
    let Some(since) = answer(stage).await else { return };
    watch(stage, &node.name.clone(), trouble, since, Peace::Held(node)).await;
}

/// Whether a node meets no other trouble.
enum Peace<'a> {
    /// Others may make some.
    AtLarge(&'a Mutex<NodeProcess>, u64),
    /// Only poison may take it down.
    Held(&'a mut NodeProcess),
}

impl Peace<'_> {
    async fn lasts(&mut self) -> bool {
        match self {
            Peace::AtLarge(node, generation) => look(node).await.is_some_and(|(_, now)| now == *generation),
            Peace::Held(node) => node.is_running(),
        }
    }
}

/// Waits until a node has executed something after `since`, and keeps how long that took.
async fn watch(stage: &Stage, name: &str, trouble: Trouble, since: Millis, mut peace: Peace<'_>) {
    let began = Instant::now();
    while peace.lasts().await {
        match timeout(Duration::from_secs(2), database::first_execution(&stage.db, name, since)).await {
            Ok(Ok(Some(at))) => {
                let back = at - since;
                stage.tally.keep_most(&format!("back at work after {}, slowest node, ms", trouble.short()), back);
                if u128::try_from(back).is_ok_and(|back| back > SOON.as_millis()) {
                    stage.tally.add_late(format!("{name}, {back} ms after: {}", trouble.name()));
                }
                return;
            }
            // However this ends it is too late, even with the time that asking takes.
            Ok(Ok(None)) if began.elapsed() > SOON + Duration::from_secs(2) => {
                return stage.tally.add_late(format!("{name}, after: {}", trouble.name()));
            }
            _ => sleep(Duration::from_millis(250)).await,
        }
    }
}

/// Name and number of a node that nobody is at.
async fn look(node: &Mutex<NodeProcess>) -> Option<(String, u64)> {
    // The watch holds it for a moment at times; trouble holds it for longer.
    let mut node = timeout(Duration::from_millis(100), node.lock()).await.ok()?;
    node.is_running().then(|| (node.name.clone(), node.generation))
}
