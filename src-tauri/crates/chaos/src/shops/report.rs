//! The whole of a play, for people and for machines.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use serde::Serialize;

use super::stage::Stage;
use crate::check::{self, Figure, Verdict};

/// What was played, what was done to it, and what the checker says.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Report {
    database: &'static str,
    seed: u64,
    seconds: u64,
    /// What happened to the nodes, and what others did to the shop.
    trouble: BTreeMap<String, u64>,
    /// What the shop did wrong.
    faults: BTreeMap<String, u64>,
    /// What people changed.
    people: BTreeMap<String, u64>,
    #[serde(flatten)]
    pub(super) verdict: Verdict,
}

impl Report {
    pub(super) fn new(stage: &Stage, seed: u64, span: Duration, mut verdict: Verdict) -> Report {
        let tally = &stage.tally;
        let group = "How it ended";
        let (selling, variants) = {
            let shop = stage.simulator.shop();
            let selling =
                shop.variants.values().filter(|variant| serde_json::json!(variant.policy) == "CONTINUE").count();
            (selling, shop.variants.len())
        };
        verdict.figures.push(Figure::new(group, "variants in the shop", variants as i64));
        verdict.figures.push(Figure::new(group, "  that sell without stock", selling as i64));
        let most = tally.most().into_iter().map(|(what, value)| Figure::new(group, what, value));
        verdict.figures.extend(most);
        Report {
            database: stage.app.db.kind(),
            seed,
            seconds: span.as_secs(),
            trouble: tally.trouble(),
            faults: tally.faults(),
            people: tally.people(),
            verdict,
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Report { database, seed, seconds, .. } = self;
        writeln!(f, "{database}: a shop, two nodes, {seconds} s of trouble, seed {seed}")?;
        for (heading, counts) in [
            ("Trouble that was made", &self.trouble),
            ("What the shop did wrong", &self.faults),
            ("What people did meanwhile", &self.people),
        ] {
            check::heading(f, heading)?;
            for (what, count) in counts {
                check::line(f, what, i64::try_from(*count).unwrap_or(i64::MAX))?;
            }
        }
        self.verdict.table(f)?;
        let broken: Vec<&str> = self.verdict.rules.iter().filter(|rule| rule.count > 0).map(|rule| rule.what).collect();
        match broken.is_empty() {
            true => writeln!(f, "\nThe shop shows what is wanted, and at no moment promised what was not."),
            false => writeln!(f, "\nNOT as it must be: {}.", broken.join("; ")),
        }
    }
}
