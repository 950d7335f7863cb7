//! `cargo xtask chaos`: nodes as real processes, trouble on purpose, and the checker of what they leave; see the crate
//! `presell-chaos`.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::paths;
use crate::postgres::{self, Durability, Programs, Server};
use crate::process::{self, cargo};
use crate::setup::{self, FAKETIME, POSTGRES};

#[derive(clap::Args)]
pub(crate) struct Options {
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

pub(crate) fn chaos(options: &Options) -> Result<()> {
    let wants = |database| options.database == database || options.database == Databases::Both;
    if wants(Databases::Postgres) {
        setup::install(&[&POSTGRES])?;
        if let Err(error) = setup::install(&[&FAKETIME]) {
            eprintln!("Chaos: no node gets a wrong clock. {error:#}");
        }
    }
    process::run(cargo().args(["build", "--quiet", "--package", "presell-chaos"]))?;
    let shares = if options.database == Databases::Both { 2.0 } else { 1.0 };
    let seconds = (options.minutes * 60.0 / shares).max(20.0) as u64;
    let mut failed = Vec::new();
    // The second one plays even when the first went wrong.
    for (database, play) in
        [(Databases::Sqlite, sqlite as fn(u64, Option<u64>) -> Result<()>), (Databases::Postgres, server)]
    {
        if wants(database)
            && let Err(error) = play(seconds, options.seed)
        {
            failed.push(format!("{error:#}"));
        }
    }
    if !failed.is_empty() {
        bail!("{}", failed.join("\n"));
    }
    Ok(())
}

fn sqlite(seconds: u64, seed: Option<u64>) -> Result<()> {
    let folder = emptied("sqlite")?;
    process::run(director(&folder, seconds, seed).arg("--database").arg(folder.join("chaos.db")))
}

/// Durable: a server that is restarted the hard way may forget only what it had not promised.
fn server(seconds: u64, seed: Option<u64>) -> Result<()> {
    let server = Server::start(Durability::Durable)?;
    let programs = Programs::find()?;
    let name = format!("chaos_{}", std::process::id());
    let sql = |sql: String| process::run(postgres::psql(&programs, &server.url()).arg("--command").arg(sql));
    sql(format!("CREATE DATABASE {name}"))?;
    let mut command = director(&emptied("postgres")?, seconds, seed);
    command.arg("--database").arg(server.database(&name));
    if let Server::Throwaway(cluster) = &server {
        command.arg("--restart-command").arg(cluster.restart_command(&programs)?);
    }
    let outcome = process::run(&mut command);
    if let Server::Given(_) = server {
        sql(format!("DROP DATABASE {name} WITH (FORCE)"))?;
    }
    outcome
}

fn director(folder: &Path, seconds: u64, seed: Option<u64>) -> Command {
    let mut command = Command::new(paths::target().join("debug/presell-chaos"));
    command.arg("run").arg("--seconds").arg(seconds.to_string()).arg("--logs").arg(folder.join("logs"));
    if let Some(seed) = seed {
        command.arg("--seed").arg(seed.to_string());
    }
    command
}

/// A folder for logs, and for the database where that is a file; it stays until the next call.
fn emptied(name: &str) -> Result<PathBuf> {
    let folder = paths::target().join("chaos").join(name);
    if folder.exists() {
        std::fs::remove_dir_all(&folder).with_context(|| format!("could not empty {}", folder.display()))?;
    }
    std::fs::create_dir_all(&folder).with_context(|| format!("could not make {}", folder.display()))?;
    Ok(folder)
}
