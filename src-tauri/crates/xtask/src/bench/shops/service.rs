//! The processes of the measurement: Presell with a database of its own, its daemon, and the demo shop.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::super::Bench;
use crate::postgres;
use crate::process::run_quietly;

/// A fresh database and a folder beside it.
pub(super) struct Home {
    program: PathBuf,
    url: String,
    sql: Box<dyn Fn(&str) -> Command>,
    pub(super) folder: PathBuf,
}

impl Home {
    pub(super) fn new(bench: &Bench, postgres: bool) -> Result<Home> {
        const NAME: &str = "presell_bench_shops";
        let folder = bench.scratch.join("shops");
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        fs::create_dir_all(&folder)?;
        let program = bench.presell.clone();
        if !postgres {
            let file = folder.join("presell.db");
            let url = format!("sqlite://{}", file.display());
            let sql = move |sql: &str| {
                let mut sqlite = Command::new("sqlite3");
                sqlite.arg("-bail").arg(&file).arg(sql);
                sqlite
            };
            return Ok(Home { program, url, sql: Box::new(sql), folder });
        }
        let url = bench.fresh_database(NAME)?;
        let (programs, server) = (bench.programs.clone(), url.clone());
        let sql = move |sql: &str| {
            let mut psql = postgres::psql(&programs, &server);
            psql.args(["-q", "-c", sql]);
            psql
        };
        Ok(Home { program, url, sql: Box::new(sql), folder })
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command.args(["--json", "--database", &self.url]).args(arguments).env("PRESELL_DATA", &self.folder);
        command
    }

    /// What `presell` answers.
    pub(super) fn presell(&self, arguments: &[&str]) -> Result<Value> {
        let told = run_quietly(&mut self.command(arguments))?;
        serde_json::from_str(&told).with_context(|| format!("presell {arguments:?} answers in JSON"))
    }

    /// Statements of the measurement's own.
    pub(super) fn sql(&self, sql: &str) -> Result<()> {
        run_quietly(&mut (self.sql)(sql)).map(|_| ())
    }
}

/// The demo shop at work, on the Standard plan.
pub(super) struct Simulator {
    process: Child,
    base_url: String,
    /// Points at most, and back per second.
    pub(super) bucket: f64,
    pub(super) restore: f64,
}

impl Simulator {
    pub(super) fn start(home: &Home) -> Result<Simulator> {
        let mut process = home.command(&["simulator", "--port", "0"]).stdout(Stdio::piped()).spawn()?;
        let mut said = String::new();
        let mut lines = BufReader::new(process.stdout.take().context("it speaks")?);
        while !said.contains("baseUrl") || serde_json::from_str::<Value>(&said).is_err() {
            if lines.read_line(&mut said)? == 0 {
                bail!("the demo shop did not open: {said}");
            }
        }
        let told: Value = serde_json::from_str(&said)?;
        let base_url = told["baseUrl"].as_str().context("its address")?.to_owned();
        let mut simulator = Simulator { process, base_url, bucket: 0.0, restore: 100.0 };
        simulator.bucket = simulator.state()?["points"].as_f64().context("its points")?;
        Ok(simulator)
    }

    /// Presell knows it, and has offered it what is on the list.
    pub(super) fn connect(&self, home: &Home) -> Result<()> {
        home.presell(&["shop", "add", "shop", "--platform", "demo", "--base-url", &self.base_url]).map(|_| ())
    }

    pub(super) fn state(&self) -> Result<Value> {
        Ok(serde_json::from_str(&self.get("/simulator/state")?)?)
    }

    /// How many writes it got.
    pub(super) fn writes(&self) -> Result<u64> {
        self.state()?["writes"].as_u64().context("its writes")
    }

    /// The writes after the n-th.
    pub(super) fn journal(&self, after: u64) -> Result<String> {
        self.get(&format!("/simulator/journal?after={after}"))
    }

    /// Waits until all points are there; returns what was spent until then.
    pub(super) fn with_a_full_bucket(&self) -> Result<f64> {
        loop {
            let state = self.state()?;
            if state["points"].as_f64() >= Some(self.bucket) {
                return state["pointsSpent"].as_f64().context("its points");
            }
            sleep(Duration::from_millis(100));
        }
    }

    fn get(&self, path: &str) -> Result<String> {
        let host = self.base_url.trim_start_matches("http://").trim_end_matches('/');
        let mut stream = TcpStream::connect(host)?;
        write!(stream, "GET {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n")?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        let (_, body) = answer.split_once("\r\n\r\n").context("an answer has a body")?;
        Ok(body.to_owned())
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        stop(&mut self.process);
    }
}

/// A daemon at work.
pub(super) struct Daemon(Child);

impl Daemon {
    pub(super) fn start(home: &Home) -> Result<Daemon> {
        let mut process = home.command(&["daemon"]).stdout(Stdio::null()).stderr(Stdio::piped()).spawn()?;
        let mut lines = BufReader::new(process.stderr.take().context("it logs")?);
        let mut said = String::new();
        while !said.contains("the daemon is at work") {
            if lines.read_line(&mut said)? == 0 {
                bail!("the daemon did not start: {said}");
            }
        }
        // Nobody reads on, so that it must not wait for a reader.
        std::thread::spawn(move || std::io::copy(&mut lines, &mut std::io::sink()));
        Ok(Daemon(process))
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        stop(&mut self.0);
    }
}

/// One that has ended already cannot be killed.
fn stop(process: &mut Child) {
    let _ = process.kill();
    let _ = process.wait();
}
