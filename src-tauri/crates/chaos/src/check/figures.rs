//! What is good to know: how much happened, and how fast.

use std::collections::{BTreeMap, HashMap};

use presell_scheduler::{Millis, Origin, Run, RunState, reason};

use super::{Figure, Tables, occurrences};

pub(super) fn count(tables: &Tables) -> Vec<Figure> {
    let runs = |keep: &dyn Fn(&Run) -> bool| tables.runs.iter().filter(|run| keep(run)).count() as i64;
    let mut figures = Vec::new();
    let mut note = |what: String, value: i64| figures.push(Figure { what, value });
    note("schedules".into(), tables.schedules.len() as i64);
    note("occurrences with a row".into(), runs(&|run| run.due_at.is_some() && run.seq == 1));
    note("runs in all".into(), tables.runs.len() as i64);
    note("executions".into(), tables.starts.len() as i64);
    note("effects".into(), tables.effects.len() as i64);
    for origin in [Origin::Manual, Origin::Retry, Origin::Resume, Origin::Child] {
        note(format!("origin {origin}"), runs(&|run| run.origin == origin));
    }
    let mut ends: BTreeMap<String, i64> = BTreeMap::new();
    for run in &tables.runs {
        let why = run.reason.as_deref().map(|why| format!(" ({why})")).unwrap_or_default();
        *ends.entry(format!("{}{why}", run.state)).or_default() += 1;
    }
    ends.into_iter().for_each(|(what, value)| note(what, value));
    note(
        "recovered".into(),
        runs(&|run| run.state == RunState::Crashed && run.reason.as_deref() == Some(reason::LEASE_LOST)),
    );
    note("stale commits refused".into(), tables.refused);
    note("executions beyond their claim".into(), zombies(tables));
    note("clock of a node ahead at most, ms".into(), tables.skew_ms);
    note("occurrences dropped by a new timing".into(), dropped(tables));
    if let Some((half, most, last)) = percentiles(waits(tables)) {
        note("due to start of free lanes, ms: half".into(), half);
        note("due to start of free lanes, ms: 95 %".into(), most);
        note("due to start of free lanes, ms: last".into(), last);
    }
    figures
}

/// Executions that went on after their run had ended for everybody else.
fn zombies(tables: &Tables) -> i64 {
    let ends: HashMap<i64, Option<Millis>> = tables.runs.iter().map(|run| (run.id, run.finished_at)).collect();
    let beyond = |at: Millis, run: i64| ends.get(&run).copied().flatten().is_some_and(|end| at > end + 1_000);
    tables.starts.iter().filter(|start| start.ended_at.is_some_and(|ended| beyond(ended, start.run_id))).count() as i64
}

/// Moves by which people changed the timing while an occurrence was due and had no row yet.
fn dropped(tables: &Tables) -> i64 {
    let due = |step: &&super::tables::Move| step.old_next.is_some_and(|next| next <= step.at);
    tables.moves.iter().filter(|step| step.retimed == 1 && !occurrences::is_strict(step)).filter(due).count() as i64
}

/// How long runs of a schedule waited, where nothing but the clock could keep them waiting: the lane was free at their time.
fn waits(tables: &Tables) -> Vec<Millis> {
    let mut lanes: HashMap<&str, Vec<(Millis, Millis)>> = HashMap::new();
    for run in &tables.runs {
        if let (Some(lane), Some(from), Some(until)) = (&run.lane, run.started_at, run.finished_at) {
            lanes.entry(lane).or_default().push((from, until));
        }
    }
    let waited = |run: &Run| {
        let (due, started) = (run.due_at?, run.started_at?);
        let lane = lanes.get(run.lane.as_deref()?)?;
        let busy = lane.iter().any(|(from, until)| *from < started && *until > due);
        (run.origin == Origin::Schedule && run.created_at - due < 1_000 && !busy).then_some(started - due)
    };
    tables.runs.iter().filter_map(waited).collect()
}

fn percentiles(mut values: Vec<Millis>) -> Option<(Millis, Millis, Millis)> {
    values.sort_unstable();
    let at = |part: usize| values.get((values.len().saturating_sub(1)) * part / 100).copied();
    Some((at(50)?, at(95)?, at(100)?))
}
