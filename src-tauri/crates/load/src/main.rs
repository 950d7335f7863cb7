//! `presell-load`: the scheduler with jobs that do nothing, so that only the scheduler itself is measured. Called by
//! `cargo xtask bench`; never shipped. Each call works on a fresh database and prints one JSON line.

mod drain;
mod due;
mod idle;
mod node;
mod prune;
mod recovery;
mod run_now;
mod spread;

use anyhow::Result;
use clap::{Parser, Subcommand};
use presell_store::{Address, Db};

#[derive(Parser)]
#[command(name = "presell-load", about = "Measures the scheduler with jobs that do nothing")]
struct Arguments {
    /// A fresh database: a file, or postgres://…
    database: String,
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// COUNT runs wait; how long until all are recorded as finished?
    Drain { count: usize, slots: i64 },
    /// COUNT schedules, each due GAP ms after the one before (0: all at one instant); how late does each run start?
    Due { count: usize, gap: i64 },
    /// A node with COUNT schedules, none of which is due; what does it cost?
    Idle { count: usize, seconds: u64 },
    /// One process asks, another runs; how long does it take?
    RunNow { count: usize },
    /// A node is killed at work; when is its run recovered?
    Recovery { kills: usize },
    /// COUNT old runs are forgotten; how long does each batch take?
    Prune { count: usize },
    /// Only a node, for run-now and recovery
    #[command(hide = true)]
    Node { lock_folder: Option<std::path::PathBuf> },
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let statements = idle::count_statements();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let address: Address = arguments.database.parse()?;
        let db = Db::open(&address).await?;
        let found = match arguments.what {
            What::Drain { count, slots } => drain::measure(&db, count, slots).await?,
            What::Due { count, gap } => due::measure(&db, count, gap).await?,
            What::Idle { count, seconds } => idle::measure(&db, count, seconds, &statements).await?,
            What::RunNow { count } => run_now::measure(&db, &arguments.database, count).await?,
            What::Recovery { kills } => recovery::measure(&db, &arguments.database, kills).await?,
            What::Prune { count } => prune::measure(&db, count).await?,
            What::Node { lock_folder } => return node::stay(&db, lock_folder).await,
        };
        println!("{found}");
        db.close().await;
        Ok(())
    })
}
