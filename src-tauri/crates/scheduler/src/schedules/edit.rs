//! Saving what somebody changed.

use presell_store::{Db, StoreError};

use super::Key;
use crate::planning::RunTime;
use crate::{CatchUp, Millis, Overlap, Schedule};

/// What to change; what is none stays as it is, or takes its default in a new schedule.
#[derive(Clone, Debug, Default)]
pub struct Edit {
    /// Id of a frequency.
    pub frequency: Option<String>,
    /// Step of `CUSTOM`, if it is a step.
    pub every_ms: Option<Millis>,
    /// Step of `CUSTOM` in days.
    pub every_days: Option<i64>,
    /// Expression of `CUSTOM`, if it is cron.
    pub cron: Option<String>,
    /// Zone of wall times.
    pub zone: Option<String>,
    /// First run.
    pub run_time: Option<RunTime>,
    /// Parameters as JSON, checked by the caller against the job's schema.
    pub params: Option<String>,
    /// Spread of starts.
    pub jitter_ms: Option<Millis>,
    /// After sleep or shutdown.
    pub catch_up: Option<CatchUp>,
    /// Later than this counts as missed.
    pub start_deadline_ms: Option<Millis>,
    /// When the one before is still at work.
    pub overlap: Option<Overlap>,
    /// Attempts in all.
    pub max_attempts: Option<i64>,
    /// A run that takes longer fails.
    pub timeout_ms: Option<Millis>,
    /// Higher goes first.
    pub priority: Option<i64>,
    /// History kept, in runs.
    pub keep_runs: Option<i64>,
    /// History kept, in days.
    pub keep_days: Option<i64>,
}

/// A field that is refused; a form shows the message there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bad {
    /// The field, as the command line and the forms name it: `frequency`, `cron`, `zone`, `at`, `jitter` …
    pub field: &'static str,
    /// What is wrong and what is accepted.
    pub message: String,
}

/// Why nothing was saved.
#[derive(Debug, thiserror::Error)]
pub enum SaveError {
    /// Fields that are refused, all of them.
    #[error("{}", .0.iter().map(|b| b.message.as_str()).collect::<Vec<_>>().join(" "))]
    Bad(Vec<Bad>),
    /// Somebody else saved first; here are the values now.
    #[error("{} changed this schedule meanwhile. Look at the new values and save again.", .0.updated_by)]
    Conflict(Box<Schedule>),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Saves an edit. `version`: the one the editor saw; none: whatever it is now. A schedule that does not exist yet is made,
/// as a draft, with `default_frequency` and `default_zone`. An enabled one waits for its new next occurrence at once; a run
/// that is queued or at work keeps the settings it began with.
pub async fn save(
    _db: &Db,
    _key: &Key,
    _edit: &Edit,
    _version: Option<i64>,
    _defaults: &Defaults,
    _actor: &str,
) -> Result<Schedule, SaveError> {
    unimplemented!()
}

/// What a new schedule starts from.
#[derive(Clone, Debug)]
pub struct Defaults {
    /// Frequency of the job.
    pub frequency: &'static str,
    /// Zone of the store.
    pub zone: String,
    /// How long a run of the job may take.
    pub timeout_ms: Millis,
}
