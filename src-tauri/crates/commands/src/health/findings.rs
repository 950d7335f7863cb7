//! What is not as it should be with one job, measured by the job's own history. Pure: a schedule, its last runs and the time.

use presell_scheduler::{Millis, Run, RunState, Schedule, ScheduleState};
use presell_store::At;
use serde::Serialize;
use ts_rs::TS;

use crate::jobs::history::{failures_in_a_row, overdue_since, percentile, took, went};

/// A run is stuck only after this, however quick its job usually is.
const STUCK_AFTER: Millis = 15 * 60_000;
/// … and after so many times its usual duration.
const STUCK_TIMES: Millis = 3;
/// Runs that say how long a job usually takes; fewer prove nothing.
const ENOUGH: usize = 5;
/// Below this nobody calls a run slow: a few seconds more or less are noise.
const SLOW_FROM: Millis = 10_000;
/// A lease that has just run out may be renewed any moment.
const LEASE_GRACE: Millis = 5_000;

/// Something that somebody should look at.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// What it is.
    pub kind: FindingKind,
    /// The job; none: it is about all.
    pub job: Option<String>,
    /// Its name.
    pub label: Option<String>,
    /// The run that shows it.
    pub run: Option<i64>,
    /// Since when it is so.
    pub since: At,
    /// Why we think so, with the numbers.
    pub why: String,
    /// What can be done about it with one click, the best first.
    pub remedies: Vec<Remedy>,
}

/// What is not as it should be, the most urgent first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum FindingKind {
    /// Jobs are on, and no machine works on them.
    Unattended,
    /// A run whose machine is not heard of any more.
    Abandoned,
    /// A run that takes far longer than its job usually does.
    Stuck,
    /// The last run failed.
    Failed,
    /// Its time has come, and it does not run.
    Overdue,
    /// A run that takes, or took, longer than nearly all before it.
    Slow,
}

/// What can be done with one click.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Remedy {
    /// Run the job once, now.
    RunNow,
    /// Ask the run to stop.
    Stop,
    /// Give the run up, so that what attempts remain can follow: `release_runs`.
    Release,
    /// Look at the run and its log.
    ShowRun,
    /// Change when and how the job runs.
    Edit,
    /// Leave the next run out.
    Skip,
    /// Pause the job.
    Pause,
    /// See how the jobs are kept running.
    Keep,
}

/// All findings about one job; `recent` is newest first.
pub(super) fn findings(schedule: Option<&Schedule>, recent: &[Run], label: &str, now: Millis) -> Vec<Finding> {
    let on = schedule.filter(|s| s.state == ScheduleState::Enabled);
    let about = |kind, run: Option<&Run>, since: Millis, why: String, remedies: &[Remedy]| Finding {
        kind,
        job: recent.first().map(|r| r.job_id.clone()).or_else(|| schedule.map(|s| s.job_id.clone())),
        label: Some(label.to_owned()),
        run: run.map(|run| run.id),
        since: since.into(),
        why,
        remedies: remedies.to_vec(),
    };
    let mut found = Vec::new();
    for run in recent.iter().filter(|run| matches!(run.state, RunState::Running | RunState::Stopping)) {
        let Some(started) = run.started_at else { continue };
        let before: Vec<Millis> = recent.iter().filter(|r| r.id < run.id && went(r)).filter_map(took).collect();
        let elapsed = now - started;
        if let Some(until) = run.lease_until.filter(|until| now - until > LEASE_GRACE) {
            let why = format!(
                "Its machine has not been heard of for {}, and nobody has taken the run over.",
                words(now - until)
            );
            found.push(about(FindingKind::Abandoned, Some(run), until, why, &[Remedy::Release, Remedy::ShowRun]));
        } else if let Some(why) = stuck(elapsed, &before) {
            found.push(about(FindingKind::Stuck, Some(run), started, why, &[Remedy::Stop, Remedy::ShowRun]));
        } else if let Some(why) = slow(elapsed, &before, "It has been at work for") {
            found.push(about(FindingKind::Slow, Some(run), started, why, &[Remedy::ShowRun, Remedy::Stop]));
        }
    }
    let ended: Vec<&Run> = recent.iter().filter(|run| went(run)).collect();
    if let Some((last, before)) = ended.split_first() {
        let at = last.finished_at.unwrap_or(last.created_at);
        let failures = failures_in_a_row(recent);
        // A job that nobody switched on, and that failed when it was tried, is that person's business.
        if failures > 0 && schedule.is_some_and(|s| s.state != ScheduleState::Draft) {
            let since = ended[failures - 1].finished_at.unwrap_or(at);
            let remedies = [Remedy::ShowRun, Remedy::RunNow, Remedy::Edit];
            found.push(about(FindingKind::Failed, Some(last), since, failed(last, failures), &remedies));
        }
        let before: Vec<Millis> = before.iter().copied().filter_map(took).collect();
        let busy = found.iter().any(|f| matches!(f.kind, FindingKind::Slow | FindingKind::Stuck));
        if let Some(why) = took(last).filter(|_| !busy).and_then(|ms| slow(ms, &before, "Its last run took")) {
            found.push(about(FindingKind::Slow, Some(last), at, why, &[Remedy::ShowRun, Remedy::Edit]));
        }
    }
    if let Some(since) = on.and_then(|s| overdue_since(s, recent, now)) {
        let why = format!("It should have started {} ago, and nothing is at work on it.", words(now - since));
        found.push(about(FindingKind::Overdue, None, since, why, &[Remedy::RunNow, Remedy::Skip, Remedy::Edit]));
    }
    found
}

fn stuck(elapsed: Millis, before: &[Millis]) -> Option<String> {
    let usual = percentile(before, 50);
    let limit = usual.map_or(STUCK_AFTER, |usual| STUCK_AFTER.max(STUCK_TIMES * usual));
    (elapsed > limit).then(|| match usual {
        Some(usual) => format!(
            "It has been at work for {}; half of its last {} runs took {} or less. More than {} counts as stuck.",
            words(elapsed),
            before.len(),
            words(usual),
            words(limit)
        ),
        None => format!(
            "It has been at work for {}, and no run before it says how long it should take. More than {} counts as stuck.",
            words(elapsed),
            words(limit)
        ),
    })
}

fn slow(ms: Millis, before: &[Millis], what: &str) -> Option<String> {
    let usual = percentile(before, 95).filter(|_| before.len() >= ENOUGH)?;
    (ms > usual && ms >= SLOW_FROM).then(|| {
        format!("{what} {}; 95 of 100 runs take {} or less, by its last {}.", words(ms), words(usual), before.len())
    })
}

fn failed(last: &Run, times: usize) -> String {
    let said = last.error.as_deref().or(last.reason.as_deref()).unwrap_or("It did not say why.");
    let said = said.lines().next().unwrap_or_default();
    if times == 1 {
        format!("Its last run failed: {said}")
    } else {
        format!("Its last {times} runs failed, the last: {said}")
    }
}

/// A span of time in words.
pub(crate) fn words(ms: Millis) -> String {
    let of = |n: Millis, what: &str| if n == 1 { format!("1 {what}") } else { format!("{n} {what}s") };
    match ms / 1_000 {
        0 => format!("{ms} ms"),
        s @ 1..120 => of(s, "second"),
        s @ 120..7_200 => of(s / 60, "minute"),
        s @ 7_200..172_800 => of(s / 3_600, "hour"),
        s => of(s / 86_400, "day"),
    }
}
