//! S1 and S2: every occurrence has exactly one first row, and none is missing.
//!
//! The ledger of moves says from which occurrence to which a schedule went. All occurrences in between, by the grid of that
//! moment, must be accounted for by first rows: a run stands for itself, a skipped row for as many as it covers. A move
//! that people make by switching off or by another timing begins a new chain; what was due just then is a figure.

use std::collections::{BTreeMap, HashMap};

use presell_scheduler::{Millis, Run, ScheduleState};

use super::grid::Grid;
use super::tables::Move;
use super::{Found, Tables};

/// Who draws the curtain at the end; see [`crate::director`].
pub(crate) const CURTAIN: &str = "curtain";

/// How far behind a schedule may be when the curtain falls, in milliseconds. A busy machine is slow, but not this slow.
const BEHIND: Millis = 15_000;

pub(super) fn judge(tables: &Tables) -> Vec<Found> {
    let firsts = firsts(tables);
    let (missing, surplus) = balance(tables, &firsts);
    vec![twice(tables), missing, surplus, standing(tables)]
}

/// First rows of each schedule by their occurrence.
type Firsts<'a> = HashMap<i64, BTreeMap<Millis, &'a Run>>;

fn firsts(tables: &Tables) -> Firsts<'_> {
    let mut firsts: Firsts<'_> = HashMap::new();
    for run in tables.runs.iter().filter(|run| run.seq == 1) {
        if let (Some(schedule), Some(due)) = (run.schedule_id, run.due_at) {
            firsts.entry(schedule).or_default().insert(due, run);
        }
    }
    firsts
}

fn twice(tables: &Tables) -> Found {
    let mut found = Found::none("S1", "occurrences with two first rows");
    let mut seen = HashMap::new();
    for run in tables.runs.iter().filter(|run| run.seq == 1 && run.due_at.is_some()) {
        if let Some(other) = seen.insert((run.schedule_id, run.due_at), run.id) {
            found.add(|| format!("schedule {:?} due {:?}: runs {other} and {}", run.schedule_id, run.due_at, run.id));
        }
    }
    found
}

/// Whether everything between its two occurrences must be accounted for.
pub(super) fn is_strict(step: &Move) -> bool {
    let draft = ScheduleState::Draft.word();
    step.retimed == 0 && step.old_state != draft && step.new_state != draft
}

fn balance(tables: &Tables, firsts: &Firsts<'_>) -> (Found, Found) {
    let mut missing = Found::none("S2", "occurrences missing");
    let mut surplus = Found::none("S2", "occurrences counted twice");
    for step in tables.moves.iter().filter(|step| is_strict(step)) {
        let (Some(from), Some(to)) = (step.old_next, step.new_next) else { continue };
        if to <= from {
            continue;
        }
        let Some(grid) = step.grid(tables) else { continue };
        let expected = grid.count(from, to);
        let counted = counted(firsts.get(&step.schedule_id), &grid, from, to);
        let what = || {
            format!(
                "schedule {} from {from} to {to}: {expected} occurrences, rows stand for {counted}",
                step.schedule_id
            )
        };
        missing.add_many(u64::try_from(expected - counted).unwrap_or(0), what);
        surplus.add_many(u64::try_from(counted - expected).unwrap_or(0), what);
    }
    (missing, surplus)
}

/// Occurrences that rows on this grid stand for, from `from` until just before `to`.
fn counted(rows: Option<&BTreeMap<Millis, &Run>>, grid: &Grid, from: Millis, to: Millis) -> i64 {
    let Some(rows) = rows else { return 0 };
    rows.range(from..to).filter(|(due, _)| grid.has(**due)).map(|(_, run)| run.covers).sum()
}

/// A schedule that was far behind at the end, though nothing of it was open, has stopped for ever.
fn standing(tables: &Tables) -> Found {
    let mut found = Found::none("S2", "schedules that stand still");
    let mut last: HashMap<i64, &Move> = HashMap::new();
    for step in tables.moves.iter().filter(|step| step.by_whom == CURTAIN) {
        last.insert(step.schedule_id, step);
    }
    for (id, step) in last {
        let Some(next) = step.old_next else { continue };
        let open = |run: &&Run| {
            run.schedule_id == Some(id)
                && run.due_at.is_some()
                && run.created_at <= step.at
                && run.finished_at.is_none_or(|end| end > step.at - BEHIND)
        };
        if step.at - next > BEHIND && !tables.runs.iter().any(|run| open(&run)) {
            found.add(|| format!("schedule {id} waited for {next} at {}, {} ms later", step.at, step.at - next));
        }
    }
    found
}
