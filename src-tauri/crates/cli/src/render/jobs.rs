//! Jobs, their schedules and what changed about them.

use std::fmt::Write;

use chrono_tz::Tz;
use presell_commands::{ComingRun, JobSaved, JobView, LastRun, ParameterView, RunSkipped};
use presell_scheduler::ScheduleState;
use presell_store::At;
use serde_json::Value;

use super::runs::{counts, ending, span};
use super::table::{table, text};
use super::words::{count, moment};
use crate::output::{BOLD, CAUTION, DIM, GOOD};

/// All jobs, or those that were looked for.
pub(crate) fn jobs(jobs: &[JobView], filtered: bool) -> String {
    if jobs.is_empty() {
        return if filtered { "No job has all these words.\n" } else { "There are no jobs.\n" }.to_owned();
    }
    let mut out = String::new();
    let mut group = "";
    let mut rows = table(&[]);
    let flush = |out: &mut String, group: &str, rows: &comfy_table::Table| {
        if !rows.is_empty() {
            let _ = writeln!(out, "{BOLD}{group}{BOLD:#}\n{}", text(rows));
        }
    };
    for job in jobs {
        if job.group != group {
            flush(&mut out, group, &rows);
            group = job.group;
            rows = table(&["=Id", "Job", "=State", "=How often", "=Next run", "Last run"]);
        }
        let often = if job.available { job.frequency_words.clone() } else { String::new() };
        let last = job.last_run.as_ref().map(|last| last_run(last, zone(job))).unwrap_or_default();
        let next = job.next_run.map(|at| when(at, job)).unwrap_or_default();
        rows.add_row([job.id.to_owned(), job.label.to_owned(), state(job), often, next, last]);
    }
    flush(&mut out, group, &rows);
    let on = jobs.iter().filter(|job| job.state == ScheduleState::Enabled).count() as u64;
    let _ = writeln!(out, "{}, {on} switched on. More about one: presell job show ID", count(jobs.len() as u64, "job"));
    for job in jobs {
        attention(&mut out, job);
    }
    out
}

/// One job with all its settings.
pub(crate) fn job(job: &JobView) -> String {
    let mut out =
        format!("{BOLD}{}{BOLD:#} · {} {DIM}({}){DIM:#}\n{}\n\n", job.label, job.id, job.group, job.description);
    if let Some(missing) = job.missing {
        let _ = writeln!(out, "Not available yet: it needs {missing}, which this version does not have.");
        return out;
    }
    let mut facts = vec![("State", state(job)), ("How often", job.frequency_words.clone())];
    if let Some(cron) = &job.cron {
        facts.push(("Expression", cron.clone()));
    }
    facts.push(("Time zone", job.zone.clone()));
    facts.push(("Next run", job.next_run.map_or_else(|| "none".to_owned(), |at| when(at, job))));
    if let Some(run) = job.open_run {
        facts.push(("At work", format!("run {run}")));
    }
    let last = job
        .last_run
        .as_ref()
        .map_or_else(|| "never".to_owned(), |last| format!("{}  (run {})", last_run(last, zone(job)), last.id));
    facts.push(("Last run", last));
    facts.push(("If missed", job.catch_up.word().to_owned()));
    facts.push(("If still at work", job.overlap.word().to_owned()));
    facts.push(("Attempts", job.max_attempts.to_string()));
    let width = facts.iter().map(|(name, _)| name.len()).max().unwrap_or_default();
    for (name, value) in facts {
        let _ = writeln!(out, "{DIM}{name:width$}{DIM:#}  {value}");
    }
    if !job.parameters.is_empty() {
        let mut rows = table(&["=Parameter", "=Value", "What it does"]);
        for parameter in &job.parameters {
            rows.add_row([parameter.name.to_owned(), value(parameter), parameter.help.to_owned()]);
        }
        let _ = write!(out, "\n{}", text(&rows));
    }
    attention(&mut out, job);
    out
}

/// A job after a change, with what changed.
pub(crate) fn job_saved(saved: &JobSaved, done: &str) -> String {
    let mut out = job_switched(&saved.job, done);
    for change in saved.changes.iter().filter(|change| change.field != "state") {
        let _ = writeln!(out, "  {}: {} → {}", change.field, change.before, change.after);
    }
    out
}

/// A job after it was switched.
pub(crate) fn job_switched(job: &JobView, done: &str) -> String {
    let mut out = format!("{GOOD}✓{GOOD:#} {done}: {} ({})\n", job.label, job.id);
    match (job.state, job.next_run) {
        (ScheduleState::Enabled, Some(at)) => {
            let _ = writeln!(out, "  {}; next run {}", job.frequency_words, when(at, job));
        }
        (ScheduleState::Enabled, None) => {
            let _ = writeln!(out, "  {}; the next run follows from the one at work", job.frequency_words);
        }
        (ScheduleState::Paused, _) => {
            let _ = writeln!(out, "  Nothing runs by itself until: presell job resume {}", job.id);
        }
        (ScheduleState::Draft, _) => {
            let _ = writeln!(out, "  It does not run by itself; its settings and history stay.");
        }
    }
    if let Some(run) = job.open_run.filter(|_| job.state != ScheduleState::Enabled) {
        let _ = writeln!(out, "  Run {run} is at work and ends normally. Stop it with: presell run stop {run}");
    }
    out
}

/// The run that is left out, and the one after it.
pub(crate) fn run_skipped(skipped: &RunSkipped) -> String {
    let job = &skipped.job;
    let next = job.next_run.map_or_else(|| "none".to_owned(), |at| when(at, job));
    format!("{GOOD}✓{GOOD:#} Left out: {} on {}\n  Next run {next}\n", job.label, when(skipped.skipped, job))
}

/// Coming runs.
pub(crate) fn coming_runs(runs: &[ComingRun]) -> String {
    if runs.is_empty() {
        return "It does not run by itself.\n".to_owned();
    }
    let mut rows = table(&["=When", "=UTC", "What to know"]);
    for run in runs {
        let utc = run.due.0.format("%Y-%m-%d %H:%M:%S").to_string();
        rows.add_row([run.local.clone(), utc, run.note.clone().unwrap_or_default()]);
    }
    text(&rows)
}

fn attention(out: &mut String, job: &JobView) {
    for what in &job.attention {
        let _ = writeln!(out, "{CAUTION}!{CAUTION:#} {}: {what}", job.label);
    }
}

fn state(job: &JobView) -> String {
    if !job.available {
        return "not available yet".to_owned();
    }
    match job.state {
        ScheduleState::Draft => "off",
        ScheduleState::Enabled => "on",
        ScheduleState::Paused => "paused",
    }
    .to_owned()
}

fn last_run(last: &LastRun, zone: Tz) -> String {
    let mut text = format!("{} {}", ending(last.state), moment(last.at.0, zone));
    if let Some(ms) = last.duration_ms {
        let _ = write!(text, ", {}", span(ms));
    }
    if let Some(done) = &last.counts {
        let _ = write!(text, ", {}", counts(done));
    }
    text
}

fn value(parameter: &ParameterView) -> String {
    match (&parameter.value, parameter.default) {
        (Some(Value::String(text)), _) => text.clone(),
        (Some(Value::Array(items)), _) => items.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", "),
        (Some(value), _) => value.to_string(),
        (None, Some(default)) => default.to_owned(),
        (None, None) if parameter.required => "(needed)".to_owned(),
        (None, None) => String::new(),
    }
}

fn zone(job: &JobView) -> Tz {
    job.zone.parse().unwrap_or_default()
}

/// A moment on the clocks of the job's zone.
fn when(at: At, job: &JobView) -> String {
    at.0.with_timezone(&zone(job)).format("%-d %b %Y, %H:%M:%S %Z").to_string()
}
