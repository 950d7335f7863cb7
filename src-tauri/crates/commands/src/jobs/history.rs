//! What the last runs of a job say: how long it usually takes, how often it failed, since when it is overdue. `recent` is
//! newest first everywhere.

use presell_scheduler::{Millis, Run, RunState, Schedule};

pub(crate) use super::view::went;

/// An occurrence may wait this long before somebody should know.
const PATIENCE: Millis = 120_000;

/// How long a run took that did its work; one that failed early or was stopped says nothing about that.
pub(crate) fn took(run: &Run) -> Option<Millis> {
    let done = matches!(run.state, RunState::Finished | RunState::Partial);
    crate::runs::duration_ms(run).filter(|_| done)
}

/// So many percent of the values are this or less; none without values.
pub(crate) fn percentile(values: &[Millis], percent: usize) -> Option<Millis> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    sorted.get((sorted.len() * percent).div_ceil(100).max(1) - 1).copied()
}

/// Failures since the last run that went well.
pub(crate) fn failures_in_a_row(recent: &[Run]) -> usize {
    recent.iter().filter(|run| went(run)).take_while(|run| bad(run)).count()
}

/// It came to no good end.
pub(super) fn bad(run: &Run) -> bool {
    matches!(run.state, RunState::Failed | RunState::Crashed)
}

/// Since when an enabled schedule waits for somebody to take it, if it does so for too long.
pub(crate) fn overdue_since(schedule: &Schedule, recent: &[Run], now: Millis) -> Option<Millis> {
    let open = recent.iter().find(|run| run.is_recurring() && !run.state.is_ended());
    let since = match open {
        Some(run) if matches!(run.state, RunState::Running | RunState::Stopping) => return None,
        Some(run) => run.available_at,
        None => schedule.next_due_at?,
    };
    (now - since > PATIENCE).then_some(since)
}
