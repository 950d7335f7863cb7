//! What somebody should know about a job, learnt from its own history.

use presell_scheduler::schedules::Key;
use presell_scheduler::{Millis, Run, Schedule, ScheduleState, runs};

use super::history::{bad, failures_in_a_row, overdue_since, percentile, went};
use super::view::RECENT;
use crate::runs::duration_ms;
use crate::{App, Result};

/// Failures in a row that are no accident.
const FAILING: usize = 3;
/// Runs that say how long a job usually takes; fewer prove nothing.
const ENOUGH: usize = 5;

/// Sentences, the most urgent first; empty where all is well. `recent` is newest first.
pub(super) fn attention(schedule: Option<&Schedule>, recent: &[Run], now: Millis) -> Vec<String> {
    let Some(schedule) = schedule.filter(|s| s.state == ScheduleState::Enabled) else { return Vec::new() };
    [overdue(schedule, recent, now), failing(recent), too_frequent(schedule, recent)].into_iter().flatten().collect()
}

fn overdue(schedule: &Schedule, recent: &[Run], now: Millis) -> Option<String> {
    let minutes = (now - overdue_since(schedule, recent, now)?) / 60_000;
    Some(format!("Overdue by {minutes} minutes: nothing is at work on it. Let the daemon run: presell daemon"))
}

/// A job that went well fails again and again, or goes well again: said once, when it turns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// The last runs failed, and those before did not.
    Failing,
    /// The last run went well, after several that failed.
    Recovered,
}

/// Whether the run that has just ended is a turn in the life of its job.
pub async fn turn(app: &App, run: &Run) -> Result<Option<Turn>> {
    let key = Key { job_id: run.job_id.clone(), store_id: run.store_id, shop_id: run.shop_id.clone() };
    let recent = runs::recent(&app.db, &key, RECENT).await?;
    let failed: Vec<bool> = recent.iter().filter(|other| other.id <= run.id && went(other)).map(bad).collect();
    Ok(turned(&failed))
}

/// Newest first: whether each failed.
fn turned(failed: &[bool]) -> Option<Turn> {
    let in_a_row = |of: &[bool]| of.iter().take_while(|failed| **failed).count();
    match failed {
        [true, ..] if in_a_row(failed) == FAILING => Some(Turn::Failing),
        [false, before @ ..] if in_a_row(before) >= FAILING => Some(Turn::Recovered),
        _ => None,
    }
}

fn failing(recent: &[Run]) -> Option<String> {
    let last = recent.iter().find(|run| went(run))?;
    (failures_in_a_row(recent) >= FAILING)
        .then(|| format!("Its last {FAILING} runs failed. See why with: presell run show {}", last.id))
}

fn too_frequent(schedule: &Schedule, recent: &[Run]) -> Option<String> {
    let step = schedule.every_ms.filter(|_| schedule.kind == "every")?;
    let took: Vec<i64> = recent.iter().filter(|run| went(run)).filter_map(duration_ms).collect();
    let usual = percentile(&took, 95).filter(|_| took.len() >= ENOUGH)?;
    (usual > step).then(|| {
        let (usual, step) = (usual / 1_000, step / 1_000);
        format!("It takes up to {usual} seconds, longer than the {step} seconds from one run to the next, so runs are merged.")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_turn_is_said_once() {
        let (ok, bad) = (false, true);
        assert_eq!(turned(&[bad, bad]), None, "two failures may be an accident");
        assert_eq!(turned(&[bad, bad, bad, ok]), Some(Turn::Failing), "three are none");
        assert_eq!(turned(&[bad, bad, bad, bad]), None, "that was said already");
        assert_eq!(turned(&[ok, bad, bad, bad, bad]), Some(Turn::Recovered), "it goes well again");
        assert_eq!(turned(&[ok, ok, bad, bad, bad]), None, "that was said already, too");
        assert_eq!(turned(&[ok, bad, ok]), None, "one failure was never worth a word");
    }
}
