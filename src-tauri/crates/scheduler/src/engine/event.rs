//! What a node tells of its day.

use crate::RunState;

/// What happens, for whoever shows it. A slow listener misses old ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A schedule moved on, or somebody else changed something.
    Changed,
    /// A run started.
    Started {
        /// The run.
        run: i64,
        /// The job.
        job_id: String,
    },
    /// A run ended.
    Ended {
        /// The run.
        run: i64,
        /// The job.
        job_id: String,
        /// Its state, as this node saw it.
        state: RunState,
    },
    /// What this node wanted to record of a run came too late: it was stopped, or somebody else has it.
    Stale {
        /// The run.
        run: i64,
    },
    /// A crashed run of another node was recovered.
    Recovered {
        /// The run.
        run: i64,
        /// Who was at it.
        from: String,
    },
    /// The machine slept, or a clock jumped.
    Resumed,
    /// A schedule cannot be read and is left out.
    Unreadable {
        /// Its job.
        job_id: String,
        /// Why, and what to do.
        cause: String,
    },
    /// The database does not answer; tried again until it does.
    DatabaseAway {
        /// What it said.
        cause: String,
    },
    /// The database answers again.
    DatabaseBack,
}
