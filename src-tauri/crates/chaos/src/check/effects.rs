//! S5: effects and ends are one, and nothing is effected by a run that was not its claim's any more.

use std::collections::HashMap;

use presell_scheduler::{Run, RunState};

use super::{Found, Tables};

pub(super) fn judge(tables: &Tables) -> Vec<Found> {
    let runs: HashMap<i64, &Run> = tables.runs.iter().map(|run| (run.id, run)).collect();
    vec![doubled(tables), stale(tables, &runs), lost(tables)]
}

/// Two ends of one run, or of one occurrence.
fn doubled(tables: &Tables) -> Found {
    let mut found = Found::none("S5", "effects doubled");
    let mut runs = HashMap::new();
    let mut occurrences = HashMap::new();
    for effect in tables.effects.iter().filter(|effect| effect.part == "end") {
        let of_run = runs.insert(effect.run_id, ()).is_some();
        let occurrence = effect.schedule_id.zip(effect.due_at);
        let earlier = occurrence.and_then(|occurrence| occurrences.insert(occurrence, effect.run_id));
        if of_run || earlier.is_some() {
            found.add(|| format!("run {} of {occurrence:?}, effected before by {earlier:?}", effect.run_id));
        }
    }
    found
}

/// An effect at the end whose run did not end well with the same fence, or one half-way that came after the end.
fn stale(tables: &Tables, runs: &HashMap<i64, &Run>) -> Found {
    let mut found = Found::none("S5", "effects of stale claims");
    for effect in &tables.effects {
        let Some(run) = runs.get(&effect.run_id) else {
            found.add(|| format!("an effect of run {}, which does not exist", effect.run_id));
            continue;
        };
        let well = matches!(run.state, RunState::Finished | RunState::Partial);
        let in_time = run.finished_at.is_none_or(|end| effect.at <= end);
        if effect.fence != run.fence || !in_time || (effect.part == "end" && !well) {
            found.add(|| {
                format!(
                    "{} effect of run {} (fence {}) at {}; the run is {} (fence {}) since {:?}",
                    effect.part, run.id, effect.fence, effect.at, run.state, run.fence, run.finished_at
                )
            });
        }
    }
    found
}

/// A run of a probe that ended well without its effect.
fn lost(tables: &Tables) -> Found {
    let mut found = Found::none("S5", "ends without their effect");
    let ends: HashMap<i64, ()> =
        tables.effects.iter().filter(|effect| effect.part == "end").map(|effect| (effect.run_id, ())).collect();
    let well = |run: &&Run| matches!(run.state, RunState::Finished | RunState::Partial);
    for run in tables.runs.iter().filter(well).filter(|run| !ends.contains_key(&run.id)) {
        found.add(|| format!("run {} ({}) is {}", run.id, run.job_id, run.state));
    }
    found
}
