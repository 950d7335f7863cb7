//! The director: sets the stage, lets the play run under trouble, lets it settle, and hands the tables to the checker.

mod back;
mod cast;
pub(crate) mod curtain;
pub(crate) mod database;
pub(crate) mod fleet;
pub(crate) mod logs;
pub(crate) mod node_process;
mod people;
pub(crate) mod plan;
mod proxy;
mod report;
mod stage;
pub(crate) mod tally;
mod trouble;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use presell_store::{Address, Db};
use tokio::task::JoinSet;

use crate::{check, tables};
use report::Report;
use stage::Stage;

/// What to play.
#[derive(clap::Args, Debug)]
pub struct Arguments {
    /// An empty database; without one a SQLite file in a temporary folder
    #[arg(long)]
    pub database: Option<Address>,
    /// How long trouble is made
    #[arg(long, default_value_t = 60)]
    pub seconds: u64,
    /// Where chance starts; the same seed plans the same trouble [default: another one each time]
    #[arg(long)]
    pub seed: Option<u64>,
    /// Nodes
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u8).range(2..=9))]
    pub nodes: u8,
    /// How long a node is trusted without a heartbeat, in milliseconds
    #[arg(long, default_value_t = 2_500)]
    pub lease: u64,
    /// Restarts the PostgreSQL server, for a shell; {mode} becomes fast or immediate
    #[arg(long)]
    pub restart_command: Option<String>,
    /// Folder for the nodes' logs; kept [default: a temporary one, kept when something is wrong]
    #[arg(long)]
    pub logs: Option<PathBuf>,
    /// Print one JSON document
    #[arg(long)]
    pub json: bool,
}

/// Plays, checks and prints. False: something that must be zero is not.
///
/// # Errors
/// The stage could not be set, the tables not read, or somebody interrupted.
pub async fn run(arguments: Arguments) -> Result<bool> {
    crate::die_with_parent();
    let folder = tempfile::Builder::new().prefix("presell-chaos-").tempdir()?;
    // Dropped, the play ends all its nodes; the folder goes with it.
    let outcome = tokio::select! {
        outcome = perform(&arguments, folder.path()) => outcome,
        () = interrupted() => anyhow::bail!("interrupted"),
    };
    let kept_elsewhere = arguments.database.is_some() && arguments.logs.is_some();
    if !matches!(outcome, Ok(true)) && !kept_elsewhere {
        eprintln!("presell-chaos: kept for a closer look: {}", folder.keep().display());
    }
    outcome
}

/// Ctrl-C, or a polite request to end.
pub(crate) async fn interrupted() {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut ctrl_c), Ok(mut term)) = (signal(SignalKind::interrupt()), signal(SignalKind::terminate())) else {
        return std::future::pending().await;
    };
    tokio::select! { _ = ctrl_c.recv() => {}, _ = term.recv() => {} }
}

async fn perform(arguments: &Arguments, folder: &Path) -> Result<bool> {
    let seed = arguments.seed.unwrap_or_else(|| fastrand::u64(..1_000_000));
    eprintln!("presell-chaos: seed {seed}, {} s of trouble, {} nodes", arguments.seconds, arguments.nodes);
    let address = arguments.database.clone().unwrap_or_else(|| Address::File(folder.join("chaos.db")));
    let logs = arguments.logs.clone().unwrap_or_else(|| folder.join("logs"));
    std::fs::create_dir_all(&logs).with_context(|| format!("could not make {}", logs.display()))?;

    let db = Db::open(&address).await?;
    tables::create(&db).await.context("this database has been played on before; give an empty one")?;
    let keys = cast::enter(&db).await?;
    let stage = Arc::new(Stage::set(db.clone(), &address, arguments, folder, &logs, seed).await?);
    let span = Duration::from_secs(arguments.seconds);
    play(&stage, keys, seed, span).await?;
    let settled = curtain::fall(&stage).await?;

    let verdict = check::check(&db).await?;
    let mut report = Report::new(&db, seed, arguments.nodes, span, &stage.tally, verdict);
    report.add(&stage.tally, settled, logs::read(&logs)?);
    if arguments.json {
        println!("{}", serde_json::to_string_pretty(&report)?);
    } else {
        print!("{report}");
    }
    db.close().await;
    Ok(report.verdict.holds())
}

/// Trouble and people side by side, then a while of calm in which everything must find its feet again.
async fn play(stage: &Arc<Stage>, keys: Vec<cast::Role>, seed: u64, span: Duration) -> Result<()> {
    let mut side = JoinSet::new();
    let watched = Arc::clone(stage);
    let watch = side.spawn(async move { fleet::watch(&watched.fleet, &watched.tally).await });
    let people = side.spawn(people::act(Arc::clone(stage), keys, seed));
    let plan = plan::plan(seed, span, &stage.possible());
    trouble::make(stage, plan).await;
    people.abort();
    stage.fleet.all_at_work().await?;
    tokio::time::sleep(stage.lease * 3 + Duration::from_secs(2)).await;
    // From here on nodes end because they are told to.
    watch.abort();
    Ok(())
}
