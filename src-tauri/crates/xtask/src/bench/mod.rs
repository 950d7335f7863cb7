//! `cargo xtask bench`: whole processes, measured side by side in one run with what they must keep up with. Only ratios are promised;
//! seconds differ from machine to machine. A new measurement is one file here and one entry in [`ROWS`].

mod data;
mod import;
mod measure;
mod peers;
mod refresh;
mod report;
mod scheduler;
mod shops;
mod window;

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::paths;
use crate::postgres::{self, Durability, Programs, Server};
use crate::process::{self, cargo};
use crate::setup::{self, POSTGRES, SQLITE};

use report::Finding;

#[derive(clap::Args)]
pub(crate) struct Options {
    /// Purchase-order lines; products and stock follow
    #[arg(long, default_value_t = 1_000_000)]
    lines: usize,
    /// Measure this one only
    #[arg(long, value_name = "NAME", value_parser = clap::builder::PossibleValuesParser::new(ROWS.iter().map(|row| row.name)))]
    only: Option<String>,
    /// How often each is measured; the median counts
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..))]
    runs: u32,
    /// Where chance starts in the data
    #[arg(long, default_value_t = 7)]
    seed: u64,
}

/// One line of the promise: a piece of work and what it is compared with.
struct Row {
    name: &'static str,
    /// It reads the sample files.
    data: bool,
    run: fn(&Bench) -> Result<Vec<Finding>>,
}

const ROWS: &[Row] = &[
    Row { name: "import", data: true, run: import::compare },
    Row { name: "refresh", data: true, run: refresh::compare },
    Row { name: "scheduler", data: false, run: scheduler::compare },
    Row { name: "shops", data: false, run: shops::compare },
    Row { name: "window", data: false, run: window::compare },
];

/// What every row finds ready.
struct Bench {
    lines: usize,
    runs: u32,
    /// The release build of `presell`.
    presell: PathBuf,
    /// Folder with the sample files.
    data: PathBuf,
    /// Folder for databases and such; emptied for every call.
    scratch: PathBuf,
    postgres: Server,
    programs: Programs,
}

impl Bench {
    /// An empty database of this name on the server; one that is there already goes.
    fn fresh_database(&self, name: &str) -> Result<String> {
        let (drop, create) =
            (format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"), format!("CREATE DATABASE {name}"));
        let mut psql = postgres::psql(&self.programs, &self.postgres.url());
        process::run_quietly(psql.args(["-c", &drop, "-c", &create]))?;
        Ok(self.postgres.database(name))
    }
}

pub(crate) fn bench(options: &Options) -> Result<()> {
    setup::install(&[&POSTGRES, &SQLITE])?;
    eprintln!("Building the release of presell …");
    process::run(cargo().args(["build", "--release", "--quiet", "--package", "presell-cli"]))?;
    let rows: Vec<&Row> =
        ROWS.iter().filter(|row| options.only.as_deref().is_none_or(|only| only == row.name)).collect();
    let data = match rows.iter().any(|row| row.data) {
        true => data::folder(options.lines, options.seed)?,
        false => PathBuf::new(),
    };
    let bench = Bench {
        lines: options.lines,
        runs: options.runs,
        presell: paths::target().join("release/presell"),
        data,
        scratch: scratch()?,
        postgres: Server::start(Durability::Durable)?,
        programs: Programs::find()?,
    };
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    eprintln!("Load of this machine before: {}", load.trim());
    let mut broken = Vec::new();
    for row in rows {
        for finding in (row.run)(&bench)? {
            print!("\n{finding}");
            if !finding.holds() {
                broken.push(finding.title().to_owned());
            }
        }
    }
    std::fs::remove_dir_all(&bench.scratch)?;
    if !broken.is_empty() {
        bail!("not kept: {}", broken.join("; "));
    }
    Ok(())
}

fn scratch() -> Result<PathBuf> {
    let scratch = paths::target().join("bench-scratch");
    if scratch.exists() {
        std::fs::remove_dir_all(&scratch)?;
    }
    std::fs::create_dir_all(&scratch)?;
    Ok(scratch)
}

/// What the answers say at this place, in order.
fn figures(values: &[Value], pointer: &str) -> Result<Vec<f64>> {
    let found: Option<Vec<f64>> = values.iter().map(|value| value.pointer(pointer)?.as_f64()).collect();
    let mut found = found.filter(|f| !f.is_empty()).with_context(|| format!("no figure {pointer}"))?;
    found.sort_by(f64::total_cmp);
    Ok(found)
}

fn middle(sorted: &[f64]) -> f64 {
    sorted[(sorted.len() - 1) / 2]
}

/// The same answers for another line.
fn clone(answers: &Result<Vec<Value>>) -> Result<Vec<Value>> {
    match answers {
        Ok(values) => Ok(values.clone()),
        Err(error) => bail!("{error:#}"),
    }
}
