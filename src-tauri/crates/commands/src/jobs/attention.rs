//! What somebody should know about a job, learnt from its own history.

use presell_scheduler::{Millis, Run, RunState, Schedule, ScheduleState};

use super::view::went;
use crate::runs::duration_ms;

/// Failures in a row that are no accident.
const FAILING: usize = 3;
/// An occurrence may wait this long before somebody should know.
const PATIENCE: Millis = 120_000;
/// Runs that say how long a job usually takes; fewer prove nothing.
const ENOUGH: usize = 5;

/// Sentences, the most urgent first; empty where all is well. `recent` is newest first.
pub(super) fn attention(schedule: Option<&Schedule>, recent: &[Run], now: Millis) -> Vec<String> {
    let Some(schedule) = schedule.filter(|s| s.state == ScheduleState::Enabled) else { return Vec::new() };
    [overdue(schedule, recent, now), failing(recent), too_frequent(schedule, recent)].into_iter().flatten().collect()
}

fn overdue(schedule: &Schedule, recent: &[Run], now: Millis) -> Option<String> {
    let open = recent.iter().find(|run| run.is_recurring() && !run.state.is_ended());
    let since = match open {
        Some(run) if matches!(run.state, RunState::Running | RunState::Stopping) => return None,
        Some(run) => run.available_at,
        None => schedule.next_due_at?,
    };
    let late = now - since;
    (late > PATIENCE).then(|| {
        let minutes = late / 60_000;
        format!("Overdue by {minutes} minutes: nothing is at work on it. Let the daemon run: presell daemon")
    })
}

fn failing(recent: &[Run]) -> Option<String> {
    let ended: Vec<&Run> = recent.iter().filter(|run| went(run)).take(FAILING).collect();
    let bad = |run: &&Run| matches!(run.state, RunState::Failed | RunState::Crashed);
    (ended.len() == FAILING && ended.iter().all(bad))
        .then(|| format!("Its last {FAILING} runs failed. See why with: presell run show {}", ended[0].id))
}

fn too_frequent(schedule: &Schedule, recent: &[Run]) -> Option<String> {
    let step = schedule.every_ms.filter(|_| schedule.kind == "every")?;
    let mut took: Vec<i64> = recent.iter().filter(|run| went(run)).filter_map(duration_ms).collect();
    if took.len() < ENOUGH {
        return None;
    }
    took.sort_unstable();
    let usual = took[(took.len() * 95).div_ceil(100) - 1];
    (usual > step).then(|| {
        let (usual, step) = (usual / 1_000, step / 1_000);
        format!("It takes up to {usual} seconds, longer than the {step} seconds from one run to the next, so runs are merged.")
    })
}
