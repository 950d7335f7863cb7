//! The nodes that are measured, and their jobs.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use presell_scheduler::engine::{Engine, Options, Work};
use presell_scheduler::machine::{Node, NodeKind};
use presell_scheduler::{Done, Failure, Job, Millis, Registry};
use presell_store::{Cell, Db, Tx, within};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// A run that started: its due time, and the moment it started at.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Start {
    /// Intended time; of a run somebody asked for, when its row was made.
    pub(crate) meant: Millis,
    /// When its handler was called, by this machine's clock.
    pub(crate) at: f64,
}

/// This machine's clock, in milliseconds with a fraction.
#[expect(
    clippy::disallowed_methods,
    reason = "delays are measured from outside, by the machine's clock; the databases measured run on it"
)]
pub(crate) fn clock() -> f64 {
    chrono::Utc::now().timestamp_micros() as f64 / 1000.0
}

struct Probe(UnboundedSender<Start>);

impl Job for Probe {
    fn run(&self, work: Work) -> BoxFuture<'static, Result<Done, Failure>> {
        let meant = work.run.due_at.unwrap_or(work.run.created_at);
        // Nobody listens where only the end counts.
        let _ = self.0.send(Start { meant, at: clock() });
        async { Ok(Done::default()) }.boxed()
    }
}

/// Never ends by itself.
struct Endless;

impl Job for Endless {
    fn run(&self, work: Work) -> BoxFuture<'static, Result<Done, Failure>> {
        async move {
            work.token.cancelled().await;
            Ok(Done::default())
        }
        .boxed()
    }
}

struct Jobs(UnboundedSender<Start>);

impl Registry for Jobs {
    fn job(&self, id: &str) -> Option<Arc<dyn Job>> {
        match id {
            "NOOP" => Some(Arc::new(Probe(self.0.clone()))),
            "ENDLESS" => Some(Arc::new(Endless)),
            _ => None,
        }
    }
}

/// Starts a node; what it starts comes out of the channel.
pub(crate) async fn start(
    db: &Db,
    slots: i64,
    lock_folder: Option<PathBuf>,
) -> Result<(Engine, UnboundedReceiver<Start>)> {
    let (tell, told) = unbounded_channel();
    let node = Node { host: "bench".to_owned(), kind: NodeKind::Daemon, version: "0".to_owned(), slots };
    let options =
        Options { node, lease: Duration::from_secs(30), grace: Duration::from_secs(1), only: None, lock_folder };
    Ok((Engine::start(db.clone(), Arc::new(Jobs(tell)), options).await?, told))
}

/// A node that stays until it is killed.
pub(crate) async fn stay(db: &Db, lock_folder: Option<PathBuf>) -> Result<()> {
    let (_engine, mut told) = start(db, 8, lock_folder).await?;
    while let Some(start) = told.recv().await {
        println!("{} {}", start.meant, start.at);
    }
    Ok(())
}

/// The store that everything measured belongs to.
pub(crate) async fn store(tx: &mut Tx) -> Result<i64> {
    let now = tx.now().await?.timestamp_millis();
    let sql = "INSERT INTO store (code, zone, created_at) VALUES ('bench', 'UTC', $1) ON CONFLICT (code) DO UPDATE SET zone = 'UTC' RETURNING id";
    let (id,): (i64,) = within!(tx, c => sqlx::query_as(sql).bind(now).fetch_one(c).await)?;
    Ok(id)
}

/// Writes one enabled daily schedule for each of `due`, each of a shop of its own, so that none waits for another.
pub(crate) async fn schedules(db: &Db, due: &[Millis]) -> Result<()> {
    let mut tx = db.begin().await?;
    let store = store(&mut tx).await?;
    let shops: Vec<String> = (0..due.len()).map(|n| format!("shop-{n}")).collect();
    let columns = [
        "job_id",
        "store_id",
        "shop_id",
        "state",
        "zone",
        "frequency",
        "kind",
        "every_ms",
        "anchor_at",
        "timeout_ms",
        "next_due_at",
        "created_at",
        "created_by",
        "updated_at",
        "updated_by",
    ];
    let cells: Vec<Cell<'_>> = due
        .iter()
        .zip(&shops)
        .flat_map(|(due, shop)| {
            let at = Cell::Int(*due);
            [
                "NOOP".into(),
                store.into(),
                shop.as_str().into(),
                "enabled".into(),
                "UTC".into(),
                "CUSTOM".into(),
                "every".into(),
                86_400_000_i64.into(),
                at,
                60_000_i64.into(),
                at,
                at,
                "bench".into(),
                at,
                "bench".into(),
            ]
        })
        .collect();
    tx.insert_many("schedule", &columns, &cells).await?;
    tx.commit().await?;
    db.count_grown_tables().await?;
    Ok(())
}
