//! One schedule: when a job runs for a store and shop, and how.

use crate::{CatchUp, Millis, Overlap, ScheduleState};

/// A row of `schedule`.
#[derive(Clone, Debug, PartialEq, sqlx::FromRow)]
pub struct Schedule {
    /// Its key.
    pub id: i64,
    /// The job, e.g. `JOB_REL_PREODR_CAT`.
    pub job_id: String,
    /// The store it works for.
    pub store_id: i64,
    /// The shop; empty: none.
    pub shop_id: String,
    /// Draft, enabled or paused.
    #[sqlx(try_from = "String")]
    pub state: ScheduleState,
    /// Zone in which wall times are meant, e.g. `Europe/Paris`.
    pub zone: String,
    /// Id of its frequency: `EVERY_15_MIN` … `EVERYDAY`, `CUSTOM`, `ON_DEMAND`.
    pub frequency: String,
    /// `every`, `days`, `cron`, `after_run` or `on_demand`; see [`planning::Recurrence`](crate::planning::Recurrence).
    pub kind: String,
    /// Step of `every`, delay of `after_run`.
    pub every_ms: Option<Millis>,
    /// Step of `days`.
    pub every_days: Option<i64>,
    /// Expression of `cron`, normalised to five fields.
    pub cron: Option<String>,
    /// First run and origin of the grid; nothing is due before it.
    pub anchor_at: Millis,
    /// Parameters, as JSON.
    pub params: String,
    /// Starts are spread over this span; never past the next occurrence.
    pub jitter_ms: Millis,
    /// After sleep or shutdown.
    #[sqlx(try_from = "String")]
    pub catch_up: CatchUp,
    /// Later than this an occurrence counts as missed.
    pub start_deadline_ms: Millis,
    /// When the one before is still at work.
    #[sqlx(try_from = "String")]
    pub overlap: Overlap,
    /// Attempts in all.
    pub max_attempts: i64,
    /// A run that takes longer is ended as failed.
    pub timeout_ms: Millis,
    /// Higher goes first.
    pub priority: i64,
    /// History kept: this many runs; none: as many as whoever purges says.
    pub keep_runs: Option<i64>,
    /// History kept: this many days; none: as many as whoever purges says.
    pub keep_days: Option<i64>,
    /// The next occurrence; none: nothing is due by itself.
    pub next_due_at: Option<Millis>,
    /// The last recurring run was open from here …
    pub last_from: Option<Millis>,
    /// … to here; what fell due between the two was merged into the run after it.
    pub last_until: Option<Millis>,
    /// Raised by edits, not by ticks.
    pub version: i64,
    /// When it was made.
    pub created_at: Millis,
    /// By whom.
    pub created_by: String,
    /// When it was last edited.
    pub updated_at: Millis,
    /// By whom.
    pub updated_by: String,
}
