//! Runs: what happened, what is happening, and stopping it.

mod execute;
mod find;
mod run_job;
mod view;

pub use execute::Machine;
pub(crate) use execute::{execute, start_node};
pub use find::{FindRuns, RunPage, RunSort, StateCount, find_runs};
pub use run_job::{RunAsked, RunJob, run_job, start_run};
pub use view::{ListRuns, LogEntry, RunStopped, RunView, ShowRun, list_runs, show_run, stop_run};

use presell_scheduler::Run;

/// How long a run took, in milliseconds; none: it has not ended, or never started.
pub(crate) fn duration_ms(run: &Run) -> Option<i64> {
    Some(run.finished_at? - run.started_at?)
}
