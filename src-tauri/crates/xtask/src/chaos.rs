//! `cargo xtask chaos`: nodes as real processes, trouble on purpose, and the checker of what they leave; `chaos shops` does
//! the like to a shop and the nodes that sync it. See the crate `presell-chaos`.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::paths;
use crate::postgres::{self, Durability, Programs, Server};
use crate::process::{self, cargo};
use crate::setup::{self, FAKETIME, POSTGRES};

#[derive(clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Options {
    #[command(subcommand)]
    other: Option<Other>,
    /// How long trouble is made in all; both databases share it
    #[arg(long, default_value_t = 30.0)]
    minutes: f64,
    /// Which database
    #[arg(long, value_enum, default_value_t = Databases::Both)]
    database: Databases,
    /// Where chance starts; the same seed plans the same trouble [default: another one each time]
    #[arg(long)]
    seed: Option<u64>,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Databases {
    Sqlite,
    Postgres,
    Both,
}

/// Trouble for something else than the scheduler.
#[derive(clap::Subcommand)]
enum Other {
    /// Make trouble for a shop and the nodes that sync it, and check each write that it got
    Shops(ShopsOptions),
}

#[derive(clap::Args)]
struct ShopsOptions {
    /// How long trouble is made in all; both databases share it
    #[arg(long, default_value_t = 1_800)]
    seconds: u64,
    /// Which database [default: both]
    #[arg(long, value_enum)]
    only: Option<Databases>,
    /// Where chance starts; the same seed plans the same trouble [default: another one each time]
    #[arg(long)]
    seed: Option<u64>,
}

/// What is played on each database.
struct Play {
    /// The director's command.
    word: &'static str,
    seconds: u64,
    databases: Databases,
    seed: Option<u64>,
}

pub(crate) fn chaos(options: &Options) -> Result<()> {
    match &options.other {
        None => play(&Play {
            word: "run",
            seconds: (options.minutes * 60.0) as u64,
            databases: options.database,
            seed: options.seed,
        }),
        Some(Other::Shops(ShopsOptions { seconds, only, seed })) => {
            play(&Play { word: "shops", seconds: *seconds, databases: only.unwrap_or(Databases::Both), seed: *seed })
        }
    }
}

fn play(play: &Play) -> Result<()> {
    let wants = |database| play.databases == database || play.databases == Databases::Both;
    if wants(Databases::Postgres) {
        setup::install(&[&POSTGRES])?;
        if play.word == "run"
            && let Err(error) = setup::install(&[&FAKETIME])
        {
            eprintln!("Chaos: no node gets a wrong clock. {error:#}");
        }
    }
    process::run(cargo().args(["build", "--quiet", "--package", "presell-chaos"]))?;
    let shares = if play.databases == Databases::Both { 2 } else { 1 };
    let play = &Play { seconds: (play.seconds / shares).max(20), ..*play };
    let mut failed = Vec::new();
    // The second one plays even when the first went wrong.
    for (database, on) in [(Databases::Sqlite, sqlite as fn(&Play) -> Result<()>), (Databases::Postgres, server)] {
        if wants(database)
            && let Err(error) = on(play)
        {
            failed.push(format!("{error:#}"));
        }
    }
    if !failed.is_empty() {
        bail!("{}", failed.join("\n"));
    }
    Ok(())
}

fn sqlite(play: &Play) -> Result<()> {
    let folder = emptied(play, "sqlite")?;
    process::run(director(&folder, play).arg("--database").arg(folder.join("chaos.db")))
}

/// Durable: a server that is restarted the hard way may forget only what it had not promised.
fn server(play: &Play) -> Result<()> {
    let server = Server::start(Durability::Durable)?;
    let programs = Programs::find()?;
    let name = format!("chaos_{}", std::process::id());
    let sql = |sql: String| process::run(postgres::psql(&programs, &server.url()).arg("--command").arg(sql));
    sql(format!("CREATE DATABASE {name}"))?;
    let mut command = director(&emptied(play, "postgres")?, play);
    command.arg("--database").arg(server.database(&name));
    if let (Server::Throwaway(cluster), "run") = (&server, play.word) {
        command.arg("--restart-command").arg(cluster.restart_command(&programs)?);
    }
    let outcome = process::run(&mut command);
    if let Server::Given(_) = server {
        sql(format!("DROP DATABASE {name} WITH (FORCE)"))?;
    }
    outcome
}

fn director(folder: &Path, play: &Play) -> Command {
    let mut command = Command::new(paths::target().join("debug/presell-chaos"));
    command.arg(play.word).arg("--seconds").arg(play.seconds.to_string()).arg("--logs").arg(folder.join("logs"));
    if let Some(seed) = play.seed {
        command.arg("--seed").arg(seed.to_string());
    }
    command
}

/// A folder for logs, and for the database where that is a file; it stays until the next call.
fn emptied(play: &Play, name: &str) -> Result<PathBuf> {
    let folder = paths::target().join("chaos").join(play.word).join(name);
    if folder.exists() {
        std::fs::remove_dir_all(&folder).with_context(|| format!("could not empty {}", folder.display()))?;
    }
    std::fs::create_dir_all(&folder).with_context(|| format!("could not make {}", folder.display()))?;
    Ok(folder)
}
