//! Runs, in lists and one by one.

use std::fmt::Write;

use chrono_tz::Tz;
use presell_commands::RunView;
use presell_scheduler::{Counts, Origin, RunState};

use super::table::{table, text};
use super::words::{moment, number};
use crate::output::{BAD, BOLD, CAUTION, DIM, GOOD};

/// Runs, newest first. `filtered`: only some were asked for.
pub(crate) fn runs(runs: &[RunView], zone: Tz, filtered: bool) -> String {
    if runs.is_empty() {
        return match filtered {
            true => "No run is like that.\n".to_owned(),
            false => "Nothing has run yet. Switch a job on with `presell job enable ID`, or run one now: presell job run ID\n".to_owned(),
        };
    }
    let mut rows = table(&["#No.", "=Job", "=State", "=Meant for", "=Started", "#Took", "What it did"]);
    for run in runs {
        let meant = run.due_at.map_or_else(|| origin(run).to_owned(), |at| moment(at.0, zone));
        rows.add_row([
            run.id.to_string(),
            run.job.clone(),
            state(run),
            meant,
            run.started_at
                .map(|at| at.0.with_timezone(&zone).format("%-d %b, %H:%M:%S").to_string())
                .unwrap_or_default(),
            run.duration_ms.map(span).unwrap_or_default(),
            did(run),
        ]);
    }
    text(&rows)
}

/// One run, with its log.
pub(crate) fn run(run: &RunView) -> String {
    let name = run.label.unwrap_or(&run.job);
    let mut out = format!("{} Run {} · {BOLD}{name}{BOLD:#} {DIM}({}){DIM:#}\n", mark(run.state), run.id, run.job);
    let mut facts = vec![("State", state(run)), ("Asked for by", format!("{} ({})", run.actor, origin(run)))];
    let mut at = |name, at: Option<presell_store::At>| {
        if let Some(at) = at {
            facts.push((name, at.0.format("%Y-%m-%d %H:%M:%S%.3f UTC").to_string()));
        }
    };
    at("Meant for", run.due_at);
    at("Started", run.started_at);
    at("Ended", run.finished_at);
    if let Some(ms) = run.duration_ms {
        facts.push(("Took", span(ms)));
    }
    if run.max_attempts > 1 || run.attempt > 1 {
        facts.push(("Attempt", format!("{} of {}", run.attempt, run.max_attempts)));
    }
    if run.covers > 1 {
        facts.push(("Stands for", format!("{} occurrences", run.covers)));
    }
    if let (Some(done), Some(total), false) = (run.done, run.total, run.finished_at.is_some()) {
        facts.push(("Progress", format!("{done} of {total}")));
    }
    if let Some(done) = &run.counts {
        facts.push(("Counts", counts(done)));
    }
    for (name, value) in run.parameters.iter().filter(|(_, value)| !value.is_null()) {
        facts.push(("Parameter", format!("{name} = {value}")));
    }
    let width = facts.iter().map(|(name, _)| name.len()).max().unwrap_or_default();
    for (name, value) in facts {
        let _ = writeln!(out, "  {DIM}{name:width$}{DIM:#}  {value}");
    }
    if let Some(detail) = &run.detail {
        let _ = writeln!(out, "  {detail}");
    }
    if let Some(error) = &run.error {
        let _ = writeln!(out, "\n{BAD}{error}{BAD:#}");
    }
    if !run.parts.is_empty() {
        let mut rows = table(&["#Part", "=State", "#Took", "What it did"]);
        for part in &run.parts {
            rows.add_row([part.id.to_string(), state(part), part.duration_ms.map(span).unwrap_or_default(), did(part)]);
        }
        let _ = write!(out, "\n{}", text(&rows));
    }
    if !run.log.is_empty() {
        out.push('\n');
    }
    for line in &run.log {
        let _ = writeln!(out, "{DIM}{} {:5}{DIM:#} {}", line.at.0.format("%H:%M:%S%.3f"), line.level, line.text);
    }
    out
}

/// "12 looked at: 3 changed, 9 as before".
pub(crate) fn counts(counts: &Counts) -> String {
    let parts = [
        (counts.changed, "changed"),
        (counts.failed, "failed"),
        (counts.skipped, "left alone"),
        (counts.unchanged, "as before"),
    ];
    let parts: Vec<String> =
        parts.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{} {what}", number(*n))).collect();
    match parts.as_slice() {
        [] => format!("{} looked at", number(counts.examined)),
        parts => format!("{} looked at: {}", number(counts.examined), parts.join(", ")),
    }
}

/// A span as people read it: `35 ms`, `4.2 s`, `3 min 10 s`.
pub(super) fn span(ms: i64) -> String {
    match ms {
        ..1_000 => format!("{ms} ms"),
        1_000..60_000 => format!("{:.1} s", ms as f64 / 1_000.0),
        _ => format!("{} min {} s", ms / 60_000, ms % 60_000 / 1_000),
    }
}

/// How a run ended, in one word.
pub(super) fn ending(state: RunState) -> &'static str {
    match state {
        RunState::Pending => "waiting",
        RunState::Queued => "next in line",
        RunState::Running => "at work",
        RunState::Stopping => "stopping",
        RunState::Finished => "finished",
        RunState::Partial => "done in part",
        RunState::Failed => "failed",
        RunState::Crashed => "broken off",
        RunState::Cancelled => "cancelled",
        RunState::Skipped => "left out",
    }
}

fn mark(state: RunState) -> String {
    match state {
        RunState::Finished => format!("{GOOD}✓{GOOD:#}"),
        RunState::Failed | RunState::Crashed => format!("{BAD}✗{BAD:#}"),
        RunState::Partial => format!("{CAUTION}!{CAUTION:#}"),
        _ => "·".to_owned(),
    }
}

fn state(run: &RunView) -> String {
    let word = ending(run.state);
    run.reason.as_ref().map_or_else(|| word.to_owned(), |reason| format!("{word} ({reason})"))
}

fn origin(run: &RunView) -> &'static str {
    match run.origin {
        Origin::Schedule => "schedule",
        Origin::Retry => "another attempt",
        Origin::Resume => "continued",
        Origin::Manual => "run now",
        Origin::Event => "something changed",
        Origin::Child => "part of a run",
    }
}

/// The beginning of a long text; `presell run show` has all of it.
fn shortened(text: &str) -> String {
    const MOST: usize = 90;
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", text[..end].trim_end()),
        None => text.to_owned(),
    }
}

fn did(run: &RunView) -> String {
    let covered = (run.covers > 1).then(|| format!("stands for {}", run.covers));
    let error = run.error.as_deref().map(shortened);
    error.or_else(|| run.counts.as_ref().map(counts)).or(covered).or_else(|| run.detail.clone()).unwrap_or_default()
}
