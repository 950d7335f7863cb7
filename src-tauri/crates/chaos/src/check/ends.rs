//! S4: every run ends, once, and what crashed is followed up.

use std::collections::HashMap;

use presell_scheduler::{Millis, Origin, Run, RunState, reason};

use super::{Found, Tables};

pub(super) fn judge(tables: &Tables) -> Vec<Found> {
    vec![
        unfinished(tables),
        changed(tables),
        attempts(tables),
        succession(tables),
        given_up(tables),
        dropped(tables),
        orphans(tables),
        locked_out(tables),
    ]
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

/// The rows of one occurrence follow each other: after a failure or a crash the next attempt, after a quit the same one again.
fn succession(tables: &Tables) -> Found {
    let mut found = Found::none("S4", "attempts without the one before");
    let key = |run: &Run| Some((run.schedule_id?, run.due_at?));
    let rows: HashMap<_, &Run> = tables.runs.iter().filter_map(|run| Some(((key(run)?, run.seq), run))).collect();
    for run in tables.runs.iter().filter(|run| run.seq > 1) {
        let before = key(run).and_then(|key| rows.get(&(key, run.seq - 1)));
        // One that has no occurrence is known by its numbers alone.
        if run.due_at.is_some() && !before.is_some_and(|before| follows(before, run)) {
            found.add(|| format!("run {} (seq {}, attempt {}, {})", run.id, run.seq, run.attempt, run.origin));
        }
    }
    found
}

fn follows(before: &Run, run: &Run) -> bool {
    let in_time = before.finished_at.is_some_and(|end| end <= run.created_at);
    in_time
        && match run.origin {
            Origin::Retry => {
                matches!(before.state, RunState::Failed | RunState::Crashed) && run.attempt == before.attempt + 1
            }
            Origin::Resume => is_handed_back(before) && run.attempt == before.attempt,
            _ => false,
        }
}

fn is_handed_back(run: &Run) -> bool {
    run.state == RunState::Cancelled && run.reason.as_deref() == Some(reason::APP_QUIT)
}

/// What tells the attempts of one piece of work from those of another.
type Work<'a> = (Option<i64>, Option<Millis>, Option<&'a str>, Option<i64>, i64);

fn work(run: &Run) -> Work<'_> {
    (run.schedule_id, run.due_at, run.xkey.as_deref(), run.parent_id, run.attempt)
}

/// What a node hands back when it quits is continued by exactly one row.
fn dropped(tables: &Tables) -> Found {
    let mut found = Found::none("S4", "runs handed back and not continued");
    let mut balance: HashMap<_, (i64, i64)> = HashMap::new();
    for run in tables.runs.iter().filter(|run| run.for_node.is_none() && is_handed_back(run)) {
        let (left, last) = balance.entry(work(run)).or_default();
        (*left, *last) = (*left + 1, run.id);
    }
    for run in tables.runs.iter().filter(|run| run.origin == Origin::Resume) {
        let (left, last) = balance.entry(work(run)).or_default();
        (*left, *last) = (*left - 1, run.id);
    }
    for (left, run) in balance.values().filter(|(left, _)| *left != 0) {
        found.add_many(left.unsigned_abs(), || format!("run {run}: handed back or continued once too often"));
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

/// A lock that somebody else holds for a few seconds delays a run, and that is all.
fn locked_out(tables: &Tables) -> Found {
    let mut found = Found::none("S4", "runs that failed for a lock");
    let locked = |error: &&str| ["database is locked", "does not let go"].iter().any(|words| error.contains(words));
    for run in &tables.runs {
        if let Some(error) = run.error.as_deref().filter(locked) {
            found.add(|| format!("run {} ({}): {error}", run.id, run.job_id));
        }
    }
    found
}
