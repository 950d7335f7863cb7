//! One node: an engine with the probes, or with Presell's own jobs, in a process of its own.

use std::io::Read;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use presell_jobs::{Clock, Jobs};
use presell_scheduler::Registry;
use presell_scheduler::engine::{Engine, Event, Options};
use presell_scheduler::machine::{Node, NodeKind};
use presell_store::{Address, Db};

use crate::probes::Probes;

/// How a node runs.
#[derive(clap::Args, Debug)]
pub struct Arguments {
    /// The database that all nodes share
    #[arg(long)]
    pub database: Address,
    /// What it is called in the table of nodes
    #[arg(long, default_value = "by hand")]
    pub name: String,
    /// How long it is trusted without a heartbeat, in milliseconds
    #[arg(long, default_value_t = 2_500)]
    pub lease: u64,
    /// Runs side by side
    #[arg(long, default_value_t = 6)]
    pub slots: i64,
    /// Folder for the file whose lock proves that this process lives; without it others wait for the lease
    #[arg(long)]
    pub locks: Option<PathBuf>,
    /// Run Presell's own jobs instead of the probes
    #[arg(long)]
    pub real: bool,
    /// End when standard input does: whoever started this node is gone
    #[arg(long)]
    pub tethered: bool,
}

/// Works until SIGTERM, then finishes or hands back what it is at.
///
/// # Errors
/// The database did not open within a minute, or signals cannot be listened for.
pub async fn run(arguments: Arguments) -> Result<()> {
    if arguments.tethered {
        crate::die_with_parent();
        std::thread::spawn(|| {
            let _ = std::io::stdin().read_to_end(&mut Vec::new());
            std::process::exit(3);
        });
    }
    let mut quit = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    let engine = tokio::select! {
        engine = join(&arguments) => engine?,
        _ = quit.recv() => return Ok(()),
    };
    let mut events = engine.events();
    loop {
        tokio::select! {
            _ = quit.recv() => break,
            event = events.recv() => match event {
                Ok(event @ (Event::DatabaseAway { .. } | Event::Unreadable { .. })) => tracing::warn!(?event),
                Ok(event) => tracing::debug!(?event),
                Err(tokio::sync::broadcast::error::RecvError::Lagged(_)) => {}
                Err(tokio::sync::broadcast::error::RecvError::Closed) => anyhow::bail!("the engine ended by itself"),
            }
        }
    }
    let stopped = engine.stop().await;
    tracing::info!(ended = stopped.ended, handed_back = stopped.handed_back, "stopped in order");
    Ok(())
}

/// Starts the engine; a database that is away just now is asked again.
async fn join(arguments: &Arguments) -> Result<Engine> {
    let mut attempts = 0;
    loop {
        attempts += 1;
        match start(arguments).await {
            Ok(engine) => return Ok(engine),
            Err(error) if attempts < 100 => tracing::warn!(%error, "could not start; trying again"),
            Err(error) => return Err(error).context("could not start"),
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
}

async fn start(arguments: &Arguments) -> presell_store::Result<Engine> {
    let db = Db::open(&arguments.database).await?;
    let options = Options {
        node: Node {
            host: "chaos".to_owned(),
            kind: NodeKind::Daemon,
            // The director finds its nodes by this word.
            version: arguments.name.clone(),
            slots: arguments.slots,
        },
        lease: Duration::from_millis(arguments.lease),
        grace: Duration::from_secs(1),
        only: None,
        lock_folder: arguments.locks.clone(),
    };
    let registry: Arc<dyn Registry> =
        if arguments.real { Arc::new(Jobs::new(Clock::Database)) } else { Arc::new(Probes) };
    Engine::start(db, registry, options).await
}
