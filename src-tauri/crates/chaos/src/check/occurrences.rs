//! S1 and S2: every occurrence has exactly one first row, and none is missing.
//!
//! The ledger of moves says from which occurrence to which a schedule went. All occurrences in between, by the grid of that
//! moment, must be accounted for by first rows: a run stands for itself, a skipped row for as many as it covers. And each
//! first row must lie on some move's way. A move that people make by switching off or by another timing begins a new chain;
//! what was due just then is a figure. Where a schedule stands beside its grid, since its timing was edited while it was
//! paused, that one time counts as an occurrence.

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
    let steps = steps(tables);
    let (missing, surplus) = balance(&steps, &firsts);
    vec![twice(tables), missing, surplus, unasked(tables, &steps), astray(&steps), outdated(tables), standing(tables)]
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

/// A strict move on its grid.
struct Step {
    schedule: i64,
    grid: Grid,
    from: Millis,
    to: Millis,
}

impl Step {
    /// Whether something is due at this instant of it.
    fn has(&self, at: Millis) -> bool {
        (self.from..self.to).contains(&at) && (at == self.from || self.grid.has(at))
    }

    /// Occurrences on its way.
    fn expected(&self) -> i64 {
        if self.to <= self.from {
            return 0;
        }
        self.grid.count(self.from, self.to) + i64::from(!self.grid.has(self.from))
    }

    /// Occurrences on its way that rows stand for.
    fn counted(&self, firsts: &Firsts<'_>) -> i64 {
        let Some(rows) = firsts.get(&self.schedule).filter(|_| self.from < self.to) else { return 0 };
        rows.range(self.from..self.to).filter(|(due, _)| self.has(**due)).map(|(_, run)| run.covers).sum()
    }
}

fn steps(tables: &Tables) -> Vec<Step> {
    let step = |step: &Move| {
        let (from, to) = (step.old_next?, step.new_next?);
        Some(Step { schedule: step.schedule_id, grid: step.grid(tables)?, from, to })
    };
    tables.moves.iter().filter(|step| is_strict(step)).filter_map(step).collect()
}

fn balance(steps: &[Step], firsts: &Firsts<'_>) -> (Found, Found) {
    let mut missing = Found::none("S2", "occurrences missing");
    let mut surplus = Found::none("S2", "occurrences counted twice");
    for step in steps {
        let (expected, counted) = (step.expected(), step.counted(firsts));
        let Step { schedule, from, to, .. } = step;
        let what =
            || format!("schedule {schedule} from {from} to {to}: {expected} occurrences, rows stand for {counted}");
        missing.add_many(u64::try_from(expected - counted).unwrap_or(0), what);
        surplus.add_many(u64::try_from(counted - expected).unwrap_or(0), what);
    }
    (missing, surplus)
}

/// A first row that is on no move's way: nothing was due then.
fn unasked(tables: &Tables, steps: &[Step]) -> Found {
    let mut found = Found::none("S2", "occurrences out of nowhere");
    let mut ways: HashMap<i64, Vec<&Step>> = HashMap::new();
    for step in steps {
        ways.entry(step.schedule).or_default().push(step);
    }
    // Schedules without a grid run after their own runs, or on demand.
    let has_grid = |id| tables.schedules.get(&id).is_some_and(|schedule| Grid::of(schedule).is_some());
    for run in tables.runs.iter().filter(|run| run.seq == 1) {
        let Some((schedule, due)) = run.schedule_id.zip(run.due_at).filter(|(id, _)| has_grid(*id)) else { continue };
        if !ways.get(&schedule).is_some_and(|ways| ways.iter().any(|step| step.has(due))) {
            found.add(|| format!("run {} of schedule {schedule}, due {due}", run.id));
        }
    }
    found
}

/// A move that nobody made by another timing, and that goes back or ends beside the grid.
fn astray(steps: &[Step]) -> Found {
    let mut found = Found::none("S2", "schedules moved back, or off their grid");
    for step in steps.iter().filter(|step| step.to < step.from || (step.to > step.from && !step.grid.has(step.to))) {
        found.add(|| format!("schedule {} went from {} to {}", step.schedule, step.from, step.to));
    }
    found
}

/// A tick that did not notice an edit between its look at the schedule and its move.
fn outdated(tables: &Tables) -> Found {
    let mut found = Found::none("S2", "occurrences with outdated settings");
    for row in &tables.outdated {
        found
            .add(|| format!("run {} as {} had set it, though {} set it last", row.run_id, row.by_whom, row.instead_of));
    }
    found
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
