//! Runs: what happened, what is happening, and stopping it.

mod execute;
mod run_job;
mod view;

pub(crate) use execute::execute;
pub use execute::{Machine, start_node};
pub use run_job::{RunJob, run_job};
pub use view::{ListRuns, LogEntry, RunStopped, RunView, ShowRun, list_runs, show_run, stop_run};

use presell_scheduler::Run;

/// How long a run took, in milliseconds; none: it has not ended, or never started.
pub(crate) fn duration_ms(run: &Run) -> Option<i64> {
    Some(run.finished_at? - run.started_at?)
}
