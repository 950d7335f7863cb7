//! What is good to know: how much happened, and how fast.

use std::collections::{BTreeMap, HashMap};

use presell_scheduler::{Millis, Origin, Run, RunState, reason};

use super::{Figure, Tables, occurrences};

pub(super) fn count(tables: &Tables) -> Vec<Figure> {
    let runs = |keep: &dyn Fn(&Run) -> bool| tables.runs.iter().filter(|run| keep(run)).count() as i64;
    let mut figures = Vec::new();
    let mut note = |group: &'static str, what: &str, value: i64| figures.push(Figure::new(group, what, value));

    let group = "What there was to do";
    note(group, "schedules", tables.schedules.len() as i64);
    note(group, "occurrences with a row", runs(&|run| run.due_at.is_some() && run.seq == 1));
    note(group, "runs in all", tables.runs.len() as i64);
    note(group, "  asked for by people", runs(&|run| run.origin == Origin::Manual));
    note(group, "  asked for by events", runs(&|run| run.origin == Origin::Event));
    note(group, "  parts of other runs", runs(&|run| run.origin == Origin::Child));
    note(group, "  tried again", runs(&|run| run.origin == Origin::Retry));
    note(group, "  continued after a quit", runs(&|run| run.origin == Origin::Resume));
    note(group, "executions", tables.starts.len() as i64);
    note(group, "effects", tables.effects.len() as i64);

    let mut ends: BTreeMap<String, i64> = BTreeMap::new();
    for run in &tables.runs {
        let why = run.reason.as_deref().map(|why| format!(" ({why})")).unwrap_or_default();
        *ends.entry(format!("{}{why}", run.state)).or_default() += 1;
    }
    ends.iter().for_each(|(what, value)| note("How runs ended", what, *value));

    let group = "What trouble did";
    let crashed = |why: &str| runs(&|run| run.state == RunState::Crashed && run.reason.as_deref() == Some(why));
    note(group, "runs recovered from a lost node", crashed(reason::LEASE_LOST));
    note(group, "runs that their own node lost sight of", crashed(reason::CLAIM_LOST));
    note(group, "stale finishes rejected", tables.refused);
    note(group, "executions that outlived their claim", zombies(tables));
    note(group, "clock of a node ahead, at most, ms", tables.skew_ms);
    note(group, "occurrences dropped by a new timing", dropped(tables));

    if let Some((half, most, last)) = percentiles(waits(tables)) {
        let group = "From due to start, where the lane was free, ms";
        note(group, "half of the runs", half);
        note(group, "95 %", most);
        note(group, "all", last);
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
    let moved = |step: &&super::tables::Move| step.old_next != step.new_next;
    tables
        .moves
        .iter()
        .filter(|step| step.retimed == 1 && !occurrences::is_strict(step))
        .filter(due)
        .filter(moved)
        .count() as i64
}

/// How long runs of a schedule waited, where nothing but the clock could keep them waiting: the lane was free at their time,
/// and the schedule was on.
fn waits(tables: &Tables) -> Vec<Millis> {
    let mut lanes: HashMap<&str, Vec<(Millis, Millis)>> = HashMap::new();
    for run in &tables.runs {
        if let (Some(lane), Some(from), Some(until)) = (&run.lane, run.started_at, run.finished_at) {
            lanes.entry(lane).or_default().push((from, until));
        }
    }
    let mut resumed: HashMap<i64, Vec<Millis>> = HashMap::new();
    for step in tables.moves.iter().filter(|step| step.old_state != step.new_state && step.new_state == "enabled") {
        resumed.entry(step.schedule_id).or_default().push(step.at);
    }
    let waited = |run: &Run| {
        let (due, started) = (run.due_at?, run.started_at?);
        let lane = lanes.get(run.lane.as_deref()?)?;
        let busy = lane.iter().any(|(from, until)| *from < started && *until > due);
        let while_due = |at: &Millis| (due..=run.created_at).contains(at);
        let switched_on = resumed.get(&run.schedule_id?).is_some_and(|times| times.iter().any(while_due));
        (run.origin == Origin::Schedule && !busy && !switched_on).then_some(started - due)
    };
    tables.runs.iter().filter_map(waited).collect()
}

fn percentiles(mut values: Vec<Millis>) -> Option<(Millis, Millis, Millis)> {
    values.sort_unstable();
    let at = |part: usize| values.get((values.len().saturating_sub(1)) * part / 100).copied();
    Some((at(50)?, at(95)?, at(100)?))
}
