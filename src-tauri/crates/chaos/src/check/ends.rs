//! S4: every run ends, once, and what crashed is followed up.

use std::collections::HashMap;

use presell_scheduler::{Origin, Run, RunState, reason};

use super::{Found, Tables};

pub(super) fn judge(tables: &Tables) -> Vec<Found> {
    vec![unfinished(tables), changed(tables), attempts(tables), given_up(tables), orphans(tables)]
}

fn unfinished(tables: &Tables) -> Found {
    let mut found = Found::none("S4", "runs that did not end");
    for run in tables.runs.iter().filter(|run| !run.state.is_ended()) {
        found.add(|| format!("run {} ({}) is {}", run.id, run.job_id, run.state));
    }
    found
}

fn changed(tables: &Tables) -> Found {
    let mut found = Found::none("S4", "ended runs changed");
    for touched in &tables.touched {
        found.add(|| format!("run {} was {} and became {}", touched.run_id, touched.was, touched.became));
    }
    found
}

fn attempts(tables: &Tables) -> Found {
    let mut found = Found::none("S4", "attempts beyond the last");
    for run in tables.runs.iter().filter(|run| run.attempt > run.max_attempts.max(1)) {
        found.add(|| format!("run {}: attempt {} of {}", run.id, run.attempt, run.max_attempts));
    }
    found
}

/// A run that somebody asked for and whose node died is tried again while attempts remain. Of a schedule's own runs the
/// next occurrence may do the work instead, so they are not counted here.
fn given_up(tables: &Tables) -> Found {
    let mut found = Found::none("S4", "crashes not followed up");
    let asked = |run: &&Run| run.due_at.is_none() && run.parent_id.is_none() && run.xkey.is_some();
    let mut followers: HashMap<(&Option<String>, i64), i64> = HashMap::new();
    for run in tables.runs.iter().filter(asked).filter(|run| run.origin == Origin::Retry) {
        *followers.entry((&run.xkey, run.attempt)).or_default() += 1;
    }
    for run in tables.runs.iter().filter(asked) {
        let crashed = run.state == RunState::Crashed
            && matches!(run.reason.as_deref(), Some(reason::LEASE_LOST | reason::CLAIM_LOST));
        if crashed && run.attempt < run.max_attempts {
            let left = followers.entry((&run.xkey, run.attempt + 1)).or_default();
            *left -= 1;
            if *left < 0 {
                found.add(|| format!("run {} crashed in attempt {} of {}", run.id, run.attempt, run.max_attempts));
            }
        }
    }
    found
}

/// A run that ended well has all its parts behind it.
fn orphans(tables: &Tables) -> Found {
    let mut found = Found::none("S4", "parts that outlived their run");
    let well = |run: &&Run| matches!(run.state, RunState::Finished | RunState::Partial);
    let parents: HashMap<i64, &Run> = tables.runs.iter().filter(well).map(|run| (run.id, run)).collect();
    for part in &tables.runs {
        if let Some(parent) = part.parent_id.and_then(|id| parents.get(&id))
            && part.finished_at.is_none_or(|end| Some(end) > parent.finished_at)
        {
            found.add(|| {
                format!(
                    "run {} ended at {:?}, its part {} at {:?}",
                    parent.id, parent.finished_at, part.id, part.finished_at
                )
            });
        }
    }
    found
}
