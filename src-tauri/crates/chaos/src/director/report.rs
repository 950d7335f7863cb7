//! The whole of a play, for people and for machines.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use presell_store::Db;
use serde::Serialize;

use super::logs::Said;
use super::tally::Tally;
use crate::check::{self, Figure, Found, Verdict};

/// What was played, what was done to it, and what the checker says.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Report {
    database: &'static str,
    seed: u64,
    nodes: u8,
    seconds: u64,
    /// Trouble that was made.
    trouble: BTreeMap<String, u64>,
    /// What people did meanwhile.
    people: BTreeMap<String, u64>,
    /// Trouble that cannot be made here, and why.
    left_out: BTreeMap<String, String>,
    #[serde(flatten)]
    pub(super) verdict: Verdict,
}

impl Report {
    pub(super) fn new(db: &Db, seed: u64, nodes: u8, span: Duration, tally: &Tally, verdict: Verdict) -> Report {
        Report {
            database: db.kind(),
            seed,
            nodes,
            seconds: span.as_secs(),
            trouble: tally.trouble(),
            people: tally.people(),
            left_out: tally.left_out(),
            verdict,
        }
    }

    pub(super) fn add(&mut self, tally: &Tally, settled: Vec<Found>, said: Said) {
        let group = "What trouble did";
        let at = self.verdict.figures.iter().rposition(|figure| figure.group == group).map_or(0, |at| at + 1);
        let mut more: Vec<Figure> =
            tally.most().into_iter().map(|(what, value)| Figure::new(group, what, value)).collect();
        more.push(Figure::new(group, "warnings in the nodes' logs", said.warnings));
        self.verdict.figures.splice(at..at, more);
        self.verdict.rules.extend(settled);
        self.verdict.rules.extend(said.found);
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Report { database, seed, nodes, seconds, .. } = self;
        writeln!(f, "{database}: {nodes} nodes, {seconds} s of trouble, seed {seed}")?;
        for (heading, counts) in [("Trouble that was made", &self.trouble), ("What people did meanwhile", &self.people)]
        {
            check::heading(f, heading)?;
            for (what, count) in counts {
                check::line(f, what, i64::try_from(*count).unwrap_or(i64::MAX))?;
            }
        }
        for (what, why) in &self.left_out {
            writeln!(f, "  left out: {what} ({why})")?;
        }
        write!(f, "{}", self.verdict)
    }
}
