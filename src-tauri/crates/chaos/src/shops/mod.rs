//! Shops under trouble: real nodes with Presell's own jobs sync a demo shop, while people change the lists, other apps and
//! the merchant change the shop, the shop itself goes wrong in every way it can, and nodes are killed and frozen. Then all
//! of that ends, everything may settle, and what the shop was asked to write is compared, write by write, with what the
//! database says was wanted at that moment; see `judge`.

mod assortment;
mod curtain;
mod events;
mod judge;
mod market;
mod neighbours;
mod report;
mod shelf;
mod stage;
mod trouble;
mod weather;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use presell_store::Address;
use tokio::task::JoinSet;

use crate::check::Figure;
use crate::director::{fleet, interrupted, logs, plan};
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
    /// How long a node, and its right to work on a shop, is trusted without a word, in milliseconds
    #[arg(long, default_value_t = 4_000)]
    pub lease: u64,
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
    let folder = tempfile::Builder::new().prefix("presell-chaos-shops-").tempdir()?;
    // Dropped, the play ends all its nodes; the folder goes with it.
    let outcome = tokio::select! {
        outcome = perform(&arguments, folder.path()) => outcome,
        () = interrupted() => anyhow::bail!("interrupted"),
    };
    if !matches!(outcome, Ok(true)) {
        eprintln!("presell-chaos: kept for a closer look: {}", folder.keep().display());
    }
    outcome
}

async fn perform(arguments: &Arguments, folder: &Path) -> Result<bool> {
    let seed = arguments.seed.unwrap_or_else(|| fastrand::u64(..1_000_000));
    eprintln!("presell-chaos: shops, seed {seed}, {} s of trouble", arguments.seconds);
    let address = arguments.database.clone().unwrap_or_else(|| Address::File(folder.join("chaos.db")));
    let logs = arguments.logs.clone().unwrap_or_else(|| folder.join("logs"));
    std::fs::create_dir_all(&logs).with_context(|| format!("could not make {}", logs.display()))?;

    let stage = Arc::new(Stage::set(&address, arguments.lease, folder, &logs).await?);
    let span = Duration::from_secs(arguments.seconds);
    play(&stage, seed, span).await?;
    let settled = curtain::fall(&stage).await?;

    let (wishes, writes) = (events::wishes(&stage.app.db).await?, stage.simulator.journal());
    std::fs::write(folder.join("journal.json"), serde_json::to_string(&writes)?)?;
    let mut verdict = judge::judge(&stage.names(), &wishes, &writes);
    verdict.rules.extend(settled);
    verdict.rules.extend(logs::read(&logs)?.found);
    let ends = events::ends(&stage.app.db).await?;
    verdict.figures.extend(ends.into_iter().map(|(what, count)| Figure::new("How runs ended", what, count)));
    let report = Report::new(&stage, seed, span, verdict);
    if arguments.json {
        println!("{}", serde_json::to_string_pretty(&report)?);
    } else {
        print!("{report}");
    }
    stage.app.db.close().await;
    Ok(report.verdict.holds())
}

/// Trouble of all kinds side by side, until the plan for the nodes is done.
async fn play(stage: &Arc<Stage>, seed: u64, span: Duration) -> Result<()> {
    let mut side = JoinSet::new();
    let watched = Arc::clone(stage);
    side.spawn(async move { fleet::watch(&watched.fleet, &watched.tally).await });
    side.spawn(market::act(Arc::clone(stage), seed));
    side.spawn(neighbours::act(Arc::clone(stage), seed));
    side.spawn(weather::blow(Arc::clone(stage), seed));
    let began = tokio::time::Instant::now();
    trouble::make(stage, plan::deal(seed, span, 20, trouble::DECK), seed).await;
    tokio::time::sleep_until(began + span).await;
    side.shutdown().await;
    stage.calm();
    stage.fleet.all_at_work().await
}
