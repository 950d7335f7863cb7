//! The scheduler beside others: how fast waiting runs are worked off, how late a run starts that is due, and what a node
//! costs that has nothing to do.

use std::fs;

use anyhow::Result;
use serde_json::Value;

use super::peers::{Contender, rivals};
use super::report::{Finding, Line, Table};
use super::{Bench, figures, middle};
use crate::process::{self, cargo};

/// Runs a second through the real executor, at least.
const DRAIN_AT_LEAST: f64 = 5_000.0;
/// Workers of every contender that has such a setting.
const WORKERS: &str = "64";

pub(super) fn compare(bench: &Bench) -> Result<Vec<Finding>> {
    eprintln!("Building the release of presell-load …");
    process::run(cargo().args(["build", "--release", "--quiet", "--package", "presell-load"]))?;
    let mut findings = Vec::new();
    for database in [SQLITE, POSTGRES] {
        let mut contenders = vec![Contender::presell(&bench.presell.with_file_name("presell-load"))];
        contenders.extend(rivals(database.postgres));
        let round = Round { bench, database, contenders: &contenders };
        findings.push(round.drain());
        findings.push(round.due());
        findings.push(round.alone());
    }
    Ok(findings)
}

#[derive(Clone, Copy)]
struct Database {
    name: &'static str,
    postgres: bool,
    /// 95 of 100 runs start within this, in milliseconds.
    start_within: f64,
}

const SQLITE: Database = Database { name: "SQLite", postgres: false, start_within: 10.0 };
const POSTGRES: Database = Database { name: "PostgreSQL", postgres: true, start_within: 20.0 };

struct Round<'a> {
    bench: &'a Bench,
    database: Database,
    contenders: &'a [Contender],
}

impl Round<'_> {
    /// A fresh database, and one answer.
    fn ask(&self, contender: &Contender, question: &[&str]) -> Result<Value> {
        const NAME: &str = "presell_bench_scheduler";
        if !self.database.postgres {
            let folder = self.bench.scratch.join("scheduler");
            if folder.exists() {
                fs::remove_dir_all(&folder)?;
            }
            fs::create_dir_all(&folder)?;
            return contender.ask(&folder.join("jobs.db").display().to_string(), question);
        }
        contender.ask(&self.bench.fresh_database(NAME)?, question)
    }

    /// Asks every contender in turns; an answer, or why there is none, for each.
    fn turns(&self, question: impl Fn(&Contender) -> Vec<String>) -> Vec<(&'static str, Result<Vec<Value>>)> {
        let mut answers: Vec<(&'static str, Result<Vec<Value>>)> =
            self.contenders.iter().map(|c| (c.name, Ok(Vec::new()))).collect();
        for _ in 0..self.bench.runs {
            for (contender, (name, answer)) in self.contenders.iter().zip(&mut answers) {
                let Ok(values) = answer else { continue };
                eprintln!("  {}: {name} …", self.database.name);
                let words = question(contender);
                match self.ask(contender, &words.iter().map(String::as_str).collect::<Vec<_>>()) {
                    Ok(value) => values.push(value),
                    Err(error) => *answer = Err(error),
                }
            }
        }
        answers
    }

    fn drain(&self) -> Finding {
        let answers = self.turns(|c| vec!["drain".to_owned(), c.drains.to_string(), WORKERS.to_owned()]);
        let mut lines = Vec::new();
        for (name, answer) in answers {
            lines.push(Line::of(name, answer, |values| {
                let rates = figures(values, "/drain/perSecond")?;
                let shown =
                    format!("{:>8.0} a second   from {:.0} to {:.0}", middle(&rates), rates[0], rates[rates.len() - 1]);
                Ok((shown, (name == "presell").then(|| middle(&rates) >= DRAIN_AT_LEAST)))
            }));
        }
        let title = format!("Runs that do nothing, worked off by {WORKERS} workers, {}", self.database.name);
        Finding::Table(Table { title, promise: format!("presell at least {DRAIN_AT_LEAST:.0}"), lines })
    }

    fn due(&self) -> Finding {
        let answers = self.turns(|_| vec!["due".to_owned(), "100".to_owned(), "53".to_owned()]);
        let within = self.database.start_within;
        let lines = answers.into_iter().map(|(name, answer)| {
            Line::of(name, answer, |values| {
                let (shown, p95) = spread(values, "due")?;
                Ok((shown, (name == "presell").then_some(p95 <= within)))
            })
        });
        let title = format!("From due to started, 100 runs 53 ms apart, {}", self.database.name);
        Finding::Table(Table {
            title,
            promise: format!("presell 95 of 100 within {within:.0} ms; never early"),
            lines: lines.collect(),
        })
    }

    /// What no rival is asked.
    fn alone(&self) -> Finding {
        let questions: [(&'static str, &'static str, &[&str], Option<f64>); 5] = [
            ("1 due", "due", &["due", "1", "0"], Some(self.database.start_within)),
            ("100 due at one instant", "due", &["due", "100", "0"], None),
            ("10,000 due at one instant", "due", &["due", "10000", "0"], None),
            ("run now, on another node", "runNow", &["run-now", "100"], Some(10.0)),
            ("recovery after a kill", "recovery", &["recovery", "5"], Some(31_000.0)),
        ];
        let presell = &self.contenders[0];
        let mut lines = Vec::new();
        for (name, key, question, within) in questions {
            eprintln!("  {}: {name} …", self.database.name);
            let answers: Result<Vec<Value>> = (0..self.bench.runs).map(|_| self.ask(presell, question)).collect();
            lines.push(Line::of(name, answers, |values| {
                let (mut shown, p95) = spread(values, key)?;
                if let Ok(visible) = figures(values, "/due/allVisibleMs") {
                    shown.push_str(&format!("   all rows there after {:.0}", middle(&visible)));
                }
                Ok((shown, within.map(|within| p95 <= within)))
            }));
        }
        eprintln!("  {}: forgetting old runs …", self.database.name);
        let answer = self.ask(presell, &["prune", "1000000"]).map(|value| vec![value]);
        lines.push(Line::of("forgetting 1,000,000 runs, 1,000 at a time", answer, |values| {
            let (shown, _) = spread(values, "prune")?;
            let most = figures(values, "/prune/p99")?[0];
            Ok((shown, Some(most <= 100.0)))
        }));
        for (name, count) in [("idle, no schedule", "0"), ("idle, 1,000 schedules", "1000")] {
            eprintln!("  {}: {name} …", self.database.name);
            let answer = self.ask(presell, &["idle", count, "60"]).map(|value| vec![value]);
            lines.push(Line::of(name, answer, |values| {
                let one = |key: &str| figures(values, &format!("/idle/{key}")).map(|f| f[0]);
                let statements = one("statementsPerMinute")?;
                let (cpu, wakes) = (one("processorMsPerMinute")?, one("wakeUpsPerMinute")?);
                let shown =
                    format!("{statements:>5.1} statements, {cpu:.0} ms of processor, {wakes:.0} wake-ups a minute");
                Ok((shown, Some(statements <= 4.0)))
            }));
        }
        let title = format!("presell by itself, {}", self.database.name);
        Finding::Table(Table {
            title,
            promise: "run now ≤ 10 ms, recovery ≤ lease of 30 s + 1 s, 99 of 100 batches ≤ 100 ms, idle ≤ 4 statements a minute"
                .to_owned(),
            lines,
        })
    }
}

/// Median of the medians, 95 and 99 of 100 and extremes in words; and the median of the 95 of 100.
fn spread(values: &[Value], key: &str) -> Result<(String, f64)> {
    let at = |what: &str| figures(values, &format!("/{key}/{what}")).map(|f| middle(&f));
    let (p50, p95, p99) = (at("p50")?, at("p95")?, at("p99")?);
    let least = figures(values, &format!("/{key}/min"))?[0];
    let most = figures(values, &format!("/{key}/max"))?.pop().unwrap_or(f64::NAN);
    Ok((format!("p50 {p50:>7.1}   p95 {p95:>7.1}   p99 {p99:>7.1}   from {least:.1} to {most:.1} ms"), p95))
}
