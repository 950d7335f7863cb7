//! `presell-chaos`: a node, the director, or the checker alone.

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};
use presell_chaos::{check, director, node, shops};
use presell_store::{Address, Db};
use tracing_subscriber::EnvFilter;

#[derive(Parser)]
#[command(
    name = "presell-chaos",
    about = "Presell's scheduler under trouble, and the checker of what is left",
    max_term_width = 100
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// One node with probe jobs, until SIGTERM
    Node(node::Arguments),
    /// Set up schedules, start nodes, make trouble, let all settle, check
    Run(director::Arguments),
    /// Let real nodes sync a demo shop under trouble, let all settle, check what the shop was asked to write
    Shops(shops::Arguments),
    /// Check what an earlier run left in a database
    Check {
        /// The database of that run
        #[arg(long)]
        database: Address,
        /// Print one JSON document
        #[arg(long)]
        json: bool,
    },
}

#[tokio::main(worker_threads = 2)]
async fn main() -> ExitCode {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info,sqlx=error"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(false).init();
    let outcome = match Cli::parse().command {
        Command::Node(arguments) => node::run(arguments).await.map(|()| true),
        Command::Run(arguments) => director::run(arguments).await,
        Command::Shops(arguments) => shops::run(arguments).await,
        Command::Check { database, json } => look(&database, json).await,
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("presell-chaos: {error:#}");
            ExitCode::from(2)
        }
    }
}

async fn look(database: &Address, json: bool) -> Result<bool> {
    let db = Db::open(database).await?;
    let verdict = check::check(&db).await?;
    db.close().await;
    if json {
        println!("{}", serde_json::to_string_pretty(&verdict)?);
    } else {
        print!("{verdict}");
    }
    Ok(verdict.holds())
}
