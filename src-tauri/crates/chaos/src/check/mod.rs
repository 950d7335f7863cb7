//! The checker: reads what a run left in the tables and counts what must be zero.
//!
//! | rule | what must not be |
//! |---|---|
//! | S1 | two first rows of one occurrence |
//! | S2 | an occurrence without a row, counted twice, or out of nowhere; a schedule that stands still, goes back, or drifts |
//! | S3 | two at once in a lane, of a kind, of a schedule; one claim executed twice, or greater than was asked for |
//! | S4 | a run that does not end; one that changes after its end; a crash or a quit that nobody follows up |
//! | S5 | an effect of a run that was not its claim's any more; an effect without its end, or the reverse |
//! | S6 | a tick or a start before its time |

mod early;
mod effects;
mod ends;
mod figures;
mod found;
mod grid;
mod occurrences;
mod overlap;
mod shown;
mod tables;

use presell_store::{Db, Result};
use serde::Serialize;

pub use found::Found;
pub(crate) use occurrences::CURTAIN;
pub(crate) use shown::{heading, line};
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
    /// The heading it stands under.
    pub group: &'static str,
    /// What it counts, or measures.
    pub what: String,
    /// The number.
    pub value: i64,
}

impl Figure {
    /// A figure under this heading.
    pub fn new(group: &'static str, what: impl Into<String>, value: i64) -> Figure {
        Figure { group, what: what.into(), value }
    }
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
