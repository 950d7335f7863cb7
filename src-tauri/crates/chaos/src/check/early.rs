//! S6: nothing starts before its time, by the database's clock.

use std::collections::HashMap;

use presell_scheduler::{Millis, Run, RunState, reason};

use super::{Found, Tables};

pub(super) fn judge(tables: &Tables) -> Vec<Found> {
    let mut found = Found::none("S6", "starts before their time");
    let mut begun: HashMap<i64, Millis> = HashMap::new();
    for start in &tables.starts {
        let first = begun.entry(start.run_id).or_insert(start.at);
        *first = start.at.min(*first);
    }
    for run in &tables.runs {
        let time = run.due_at.map_or(run.available_at, |due| due.max(run.available_at));
        let started = [run.started_at, begun.get(&run.id).copied()].into_iter().flatten().min();
        if let Some(started) = started.filter(|started| *started < time) {
            found.add(|| format!("run {} started at {started}, {} ms before its time", run.id, time - started));
        }
    }
    vec![found, ticked(tables)]
}

/// A row made before its occurrence, unless somebody skipped that ahead of time.
fn ticked(tables: &Tables) -> Found {
    let mut found = Found::none("S6", "occurrences ticked before their time");
    let by_hand = |run: &Run| run.state == RunState::Skipped && run.reason.as_deref() == Some(reason::BY_USER);
    for run in tables.runs.iter().filter(|run| run.seq == 1 && !by_hand(run)) {
        if let Some(due) = run.due_at.filter(|due| run.created_at < *due) {
            found.add(|| {
                format!("run {} was made at {}, {} ms too early", run.id, run.created_at, due - run.created_at)
            });
        }
    }
    found
}
