//! What happens to the nodes: killed, frozen and told to quit, at random and in the middle of a sync.

use std::sync::Arc;
use std::time::{Duration, Instant};

use fastrand::Rng;
use presell_store::{Db, on};
use tokio::sync::OwnedMutexGuard;
use tokio::task::JoinSet;
use tokio::time::{sleep, sleep_until};

use super::stage::Stage;
use crate::director::database;
use crate::director::node_process::NodeProcess;

/// One kind of trouble.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    Kill,
    /// While it holds the right to work on the shop.
    KillAtSync,
    FreezeAtSync,
    Quit,
}

/// What comes in each round of 20 seconds.
pub(super) const DECK: &[Trouble] = &[
    Trouble::KillAtSync,
    Trouble::KillAtSync,
    Trouble::Kill,
    Trouble::FreezeAtSync,
    Trouble::FreezeAtSync,
    Trouble::Quit,
];

impl Trouble {
    fn name(self) -> &'static str {
        match self {
            Trouble::Kill => "kill -9",
            Trouble::KillAtSync => "kill -9, in the middle of a sync",
            Trouble::FreezeAtSync => "frozen in a sync for longer than its lease",
            Trouble::Quit => "asked to quit",
        }
    }
}

/// Follows the plan and waits until the last trouble is over.
pub(super) async fn make(stage: &Arc<Stage>, plan: Vec<(Duration, Trouble)>, seed: u64) {
    let began = tokio::time::Instant::now();
    let mut chance = Rng::with_seed(seed ^ 0x7472_6F75_626C);
    let mut under_way = JoinSet::new();
    for (at, trouble) in plan {
        sleep_until(began + at).await;
        // Retries wait for minutes, which are longer than the play.
        if let Err(error) = database::hurry(&stage.app.db).await {
            tracing::debug!(%error, "retries wait");
        }
        let (stage, chance) = (Arc::clone(stage), chance.fork());
        under_way.spawn(async move {
            match one(&stage, trouble, chance).await {
                Ok(true) => stage.tally.add(trouble.name()),
                Ok(false) => stage.tally.add("left out, since nobody was at work"),
                Err(error) => eprintln!("presell-chaos: {}: {error:#}", trouble.name()),
            }
        });
    }
    while under_way.join_next().await.is_some() {}
}

/// True: it was made.
async fn one(stage: &Stage, trouble: Trouble, mut chance: Rng) -> anyhow::Result<bool> {
    let pause = Duration::from_millis(chance.u64(..2_000));
    let node = match trouble {
        Trouble::KillAtSync | Trouble::FreezeAtSync => at_sync(stage, &mut chance).await?,
        Trouble::Kill | Trouble::Quit => stage.fleet.any(&mut chance),
    };
    let Some(mut node) = node else { return Ok(false) };
    match trouble {
        Trouble::Kill | Trouble::KillAtSync => {
            node.kill().await;
            sleep(pause).await;
            node.start()?;
        }
        Trouble::FreezeAtSync => {
            node.freeze();
            sleep(stage.lease + Duration::from_secs(1) + pause).await;
            node.thaw();
        }
        Trouble::Quit => {
            if !node.quit(Duration::from_secs(30)).await {
                stage.tally.add("did not quit within 30 s");
            }
            node.start()?;
        }
    }
    Ok(true)
}

/// The node that sends something to the shop just now; none: nobody did for a while, or it is in trouble already.
async fn at_sync(stage: &Stage, chance: &mut Rng) -> anyhow::Result<Option<OwnedMutexGuard<NodeProcess>>> {
    let began = Instant::now();
    while began.elapsed() < Duration::from_secs(4) {
        if let Some(name) = sending(&stage.app.db).await? {
            // At any of its steps, not always at the first.
            sleep(Duration::from_millis(chance.u64(..150))).await;
            return Ok(stage.fleet.named(&name));
        }
        sleep(Duration::from_millis(5)).await;
    }
    Ok(None)
}

async fn sending(db: &Db) -> anyhow::Result<Option<String>> {
    let sql = "SELECT n.version FROM shop s JOIN run r ON r.id = s.lease_run JOIN node n ON n.id = r.node_id
               WHERE EXISTS (SELECT 1 FROM shop_item i WHERE i.shop_id = s.id AND i.state = 'sent' AND i.run_id = s.lease_run)";
    let row: Option<(String,)> = on!(db, p => sqlx::query_as(sql).fetch_optional(p).await)?;
    Ok(row.map(|(name,)| name))
}
