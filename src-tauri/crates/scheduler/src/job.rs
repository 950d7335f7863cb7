//! What the engine asks of a job: its place in a tick, and its work.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::engine::Work;

/// Finds the jobs that this program can run.
pub trait Registry: Send + Sync + 'static {
    /// The job with this id; none: a run of it fails with [`reason::NO_HANDLER`](crate::reason::NO_HANDLER).
    fn job(&self, id: &str) -> Option<Arc<dyn Job>>;

    /// Place of a job in the order of one tick; lower goes first.
    fn step(&self, _id: &str) -> i64 {
        0
    }

    /// Its work is outside the database and may take long, so that its runs take turns with their like only, and start
    /// after the store's own work of the same tick.
    fn outside(&self, _id: &str) -> bool {
        false
    }
}

/// The work of one job.
pub trait Job: Send + Sync + 'static {
    /// Does the work once. What it writes goes through [`Work::begin`] and [`Work::finish`], so that a run which was
    /// stopped or replaced meanwhile leaves no effect. It watches [`Work::token`] and stops when that is cancelled.
    fn run(&self, work: Work) -> BoxFuture<'static, Result<Done, Failure>>;
}

/// How much a run did; examined = changed + unchanged + failed + skipped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Counts {
    /// Looked at.
    pub examined: u64,
    /// Changed, or would be in a dry run.
    pub changed: u64,
    /// Left as they are.
    pub unchanged: u64,
    /// Could not be done; makes the run partial.
    pub failed: u64,
    /// Left out on purpose.
    pub skipped: u64,
}

impl Counts {
    /// The sum over two runs, as a parent reports it.
    pub fn plus(self, other: Counts) -> Counts {
        Counts {
            examined: self.examined + other.examined,
            changed: self.changed + other.changed,
            unchanged: self.unchanged + other.unchanged,
            failed: self.failed + other.failed,
            skipped: self.skipped + other.skipped,
        }
    }
}

/// A run that came to its end. With failed items it ends partial, otherwise finished.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Done {
    /// How much it did.
    pub counts: Counts,
    /// Whatever else it has to report, as JSON; small.
    pub result: Option<serde_json::Value>,
}

/// A run that did not come to its end.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Failure {
    /// A short code, e.g. `BRAKE`; shown beside the state.
    pub code: &'static str,
    /// What happened, with its causes, and what to do.
    pub message: String,
    /// It may pass by itself: worth another attempt.
    pub transient: bool,
}

impl Failure {
    /// A failure that trying again will not mend.
    pub fn permanent(code: &'static str, message: impl Into<String>) -> Failure {
        Failure { code, message: message.into(), transient: false }
    }

    /// A failure that may pass by itself.
    pub fn transient(code: &'static str, message: impl Into<String>) -> Failure {
        Failure { code, message: message.into(), transient: true }
    }
}

impl From<presell_store::StoreError> for Failure {
    fn from(error: presell_store::StoreError) -> Failure {
        Failure::from(&error)
    }
}

impl From<&presell_store::StoreError> for Failure {
    /// The database was busy, away or in conflict: that passes. A full disk or a damaged file does not.
    fn from(error: &presell_store::StoreError) -> Failure {
        use presell_store::StoreError as E;
        let transient = match error {
            E::Busy | E::Conflict | E::Away(_) => true,
            E::Sql(cause) => cause.as_database_error().is_none(),
            _ => false,
        };
        Failure { code: "DATABASE", message: error.to_string(), transient }
    }
}
