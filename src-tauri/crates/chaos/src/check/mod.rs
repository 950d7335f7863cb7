//! The checker: reads what a run left in the tables and counts what must be zero.
//!
//! | rule | what must not be |
//! |---|---|
//! | S1 | two first rows of one occurrence |
//! | S2 | an occurrence without a row, or counted twice; a schedule that stands still |
//! | S3 | two at once in a lane, of a kind, of a schedule; one claim executed twice |
//! | S4 | a run that does not end; a crash nobody follows up |
//! | S5 | an effect of a run that was not its claim's any more; an effect without its end, or the reverse |
//! | S6 | a start before its time |

mod early;
mod effects;
mod ends;
mod figures;
mod found;
mod grid;
mod occurrences;
mod overlap;
mod tables;

use std::fmt;

use presell_store::{Db, Result};
use serde::Serialize;

pub use found::Found;
pub(crate) use occurrences::CURTAIN;
pub use tables::Tables;

/// What the checker says.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Verdict {
    /// What must be zero.
    pub rules: Vec<Found>,
    /// What is good to know.
    pub figures: Vec<Figure>,
}

/// A number that is neither good nor bad.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Figure {
    /// What it counts, or measures.
    pub what: String,
    /// The number.
    pub value: i64,
}

impl Verdict {
    /// Whether everything that must be zero is.
    pub fn holds(&self) -> bool {
        self.rules.iter().all(|rule| rule.count == 0)
    }

    /// How many were found of what this rule counts; none: there is no such rule.
    pub fn found(&self, what: &str) -> Option<u64> {
        self.rules.iter().find(|rule| rule.what == what).map(|rule| rule.count)
    }

    /// The figure of this name.
    pub fn figure(&self, what: &str) -> Option<i64> {
        self.figures.iter().find(|figure| figure.what == what).map(|figure| figure.value)
    }

    /// Adds a figure.
    pub fn note(&mut self, what: impl Into<String>, value: i64) {
        self.figures.push(Figure { what: what.into(), value });
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for figure in &self.figures {
            writeln!(f, "     {:<52} {:>8}", figure.what, figure.value)?;
        }
        for rule in &self.rules {
            let mark = if rule.count == 0 { "" } else { "  ← must be 0" };
            writeln!(f, "  {} {:<52} {:>8}{mark}", rule.rule, rule.what, rule.count)?;
            for example in &rule.examples {
                writeln!(f, "       {example}")?;
            }
        }
        Ok(())
    }
}

/// Reads one moment of the database and judges it.
///
/// # Errors
/// The tables cannot be read, or a schedule has a timing that this version does not know.
pub async fn check(db: &Db) -> Result<Verdict> {
    Ok(judge(&Tables::read(db).await?))
}

/// Judges what was read.
pub fn judge(tables: &Tables) -> Verdict {
    let mut rules = Vec::new();
    rules.extend(occurrences::judge(tables));
    rules.extend(overlap::judge(tables));
    rules.extend(ends::judge(tables));
    rules.extend(effects::judge(tables));
    rules.extend(early::judge(tables));
    Verdict { rules, figures: figures::count(tables) }
}
