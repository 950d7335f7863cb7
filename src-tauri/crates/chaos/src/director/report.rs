//! The whole of a play, for people and for machines.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use presell_store::Db;
use serde::Serialize;

use super::logs::Said;
use crate::check::{Found, Verdict};

/// What was played, what was done to it, and what the checker says.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Report {
    database: &'static str,
    seed: u64,
    seconds: u64,
    pub(super) trouble: BTreeMap<String, u64>,
    #[serde(flatten)]
    pub(super) verdict: Verdict,
}

impl Report {
    pub(super) fn new(db: &Db, seed: u64, span: Duration, verdict: Verdict) -> Report {
        Report { database: db.kind(), seed, seconds: span.as_secs(), trouble: BTreeMap::new(), verdict }
    }

    pub(super) fn add_rules(&mut self, settled: Vec<Found>, said: Said) {
        self.verdict.note("errors in the nodes' logs", said.errors);
        self.verdict.note("warnings in the nodes' logs", said.warnings);
        self.verdict.rules.extend(settled);
        self.verdict.rules.push(said.panics);
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}, {} s, seed {}", self.database, self.seconds, self.seed)?;
        writeln!(f, "\nWhat was done")?;
        for (what, count) in &self.trouble {
            writeln!(f, "     {what:<52} {count:>8}")?;
        }
        writeln!(f, "\nWhat became of it")?;
        write!(f, "{}", self.verdict)?;
        let outcome =
            if self.verdict.holds() { "Nothing lost, nothing twice, nothing early." } else { "NOT what it must be." };
        writeln!(f, "\n{outcome}")
    }
}
