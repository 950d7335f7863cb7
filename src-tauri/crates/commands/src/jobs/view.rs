//! A job as people see it: what it does, when it runs next, how it went last.

use presell_jobs::{DEFINITIONS, Definition};
use presell_scheduler::planning::{Frequency, Timing};
use presell_scheduler::schedules::{self, Key};
use presell_scheduler::{CatchUp, Counts, Millis, Overlap, Run, RunState, Schedule, ScheduleState, runs};
use presell_store::At;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use ts_rs::TS;

use super::attention::attention;
use super::{find, search};
use crate::runs::duration_ms;
use crate::{App, Result};

/// Runs looked at to say how a job usually goes.
pub(super) const RECENT: i64 = 20;
/// What is shown in place of a secret.
const HIDDEN: &str = "••••";

/// Which jobs to list.
#[derive(Clone, Debug, Default, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct ListJobs {
    /// Words to find in id, label, group, help, parameters and their values, or the last result.
    pub search: Option<String>,
}

/// A job to show.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ShowJob {
    /// Its id.
    pub id: String,
}

/// A job, with its schedule in this store.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct JobView {
    /// Its id.
    pub id: &'static str,
    /// Its name.
    pub label: &'static str,
    /// The page it is on.
    pub page: &'static str,
    /// The card or group on that page.
    pub group: &'static str,
    /// What it does.
    pub description: &'static str,
    /// It can be switched on in this version.
    pub available: bool,
    /// What it needs that does not exist yet.
    pub missing: Option<&'static str>,
    /// Draft: not switched on. Enabled: runs by itself. Paused: waits to be resumed.
    pub state: ScheduleState,
    /// Id of the frequency: `EVERY_15_MIN` … `EVERYDAY`, `CUSTOM`, `ON_DEMAND`.
    pub frequency: String,
    /// The frequency in plain words.
    pub frequency_words: String,
    /// The expression, if the frequency is one of cron.
    pub cron: Option<String>,
    /// The zone of its wall times.
    pub zone: String,
    /// When it runs next by itself.
    pub next_run: Option<At>,
    /// The run that is queued or at work.
    pub open_run: Option<i64>,
    /// How it went last.
    pub last_run: Option<LastRun>,
    /// Its newest runs, newest first; at most twenty.
    pub recent: Vec<RecentRun>,
    /// What can be set, and what is.
    pub parameters: Vec<ParameterView>,
    /// After sleep or shutdown.
    pub catch_up: CatchUp,
    /// When it falls due while the run before is still at work.
    pub overlap: Overlap,
    /// Attempts in all, if a failure may pass by itself.
    pub max_attempts: i64,
    /// Starts are spread over so many seconds.
    pub jitter_seconds: i64,
    /// A run that takes longer is ended.
    pub timeout_seconds: i64,
    /// What somebody should know: overdue, failing, too frequent. Usually empty.
    pub attention: Vec<String>,
    /// Raised by every change; a save names the one it was made from. 0: nobody has set it up yet.
    pub version: i64,
    /// Who changed it last.
    pub changed_by: Option<String>,
}

/// How a job went last.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LastRun {
    /// Key of the run.
    pub id: i64,
    /// How it ended.
    pub state: RunState,
    /// Why, if not well.
    pub reason: Option<String>,
    /// When it ended.
    pub at: At,
    /// How long it took, in milliseconds.
    pub duration_ms: Option<i64>,
    /// How much it did.
    pub counts: Option<Counts>,
}

/// One of the newest runs of a job.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RecentRun {
    /// Its key.
    pub id: i64,
    /// Its state.
    pub state: RunState,
    /// When it ended, or its row was made.
    pub at: At,
    /// How long it took, in milliseconds.
    pub duration_ms: Option<i64>,
    /// So much changed.
    pub changed: Option<u64>,
}

/// A parameter of a job, and its value.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ParameterView {
    /// Its key.
    pub name: &'static str,
    /// `flag`, `number`, `text`, `texts`, `date` or `choice`.
    pub kind: &'static str,
    /// What it does.
    pub help: &'static str,
    /// Which values it takes, in words.
    pub allowed: String,
    /// A run without it is refused.
    pub required: bool,
    /// Never shown.
    pub secret: bool,
    /// The value that counts unless another is set.
    pub default: Option<&'static str>,
    /// The value that is set; none: the default.
    pub value: Option<Value>,
}

/// Every job of Presell, or those that match.
pub async fn list_jobs(app: &App, args: ListJobs) -> Result<Vec<JobView>> {
    let store = app.store().await?;
    let schedules = schedules::list(&app.db, store.id).await?;
    let now = app.db.now().await?.timestamp_millis();
    let mut views = Vec::with_capacity(DEFINITIONS.len());
    for job in DEFINITIONS {
        let schedule = schedules.iter().find(|s| s.job_id == job.id && s.shop_id.is_empty());
        let key = Key { job_id: job.id.to_owned(), store_id: store.id, shop_id: String::new() };
        views.push(view(app, job, &key, schedule, store.zone.name(), now).await?);
    }
    if let Some(words) = args.search.as_deref() {
        views.retain(|job| found(job, words));
    }
    Ok(views)
}

/// One job.
pub async fn show_job(app: &App, args: ShowJob) -> Result<JobView> {
    of(app, find(&args.id)?).await
}

/// One job as it is now.
pub(super) async fn of(app: &App, job: &'static Definition) -> Result<JobView> {
    let store = app.store().await?;
    let key = Key { job_id: job.id.to_owned(), store_id: store.id, shop_id: String::new() };
    let schedule = schedules::find(&app.db, &key).await?;
    let now = app.db.now().await?.timestamp_millis();
    view(app, job, &key, schedule.as_ref(), store.zone.name(), now).await
}

async fn view(
    app: &App,
    job: &'static Definition,
    key: &Key,
    schedule: Option<&Schedule>,
    zone: &str,
    now: Millis,
) -> Result<JobView> {
    let recent = runs::recent(&app.db, key, RECENT).await?;
    let open = recent.iter().find(|run| matches!(run.state, RunState::Queued | RunState::Running | RunState::Stopping));
    let last = recent.iter().find(|run| went(run));
    let frequency = schedule.map_or(job.frequency, |s| s.frequency.as_str());
    let waiting = schedule.filter(|s| s.state == ScheduleState::Enabled);
    Ok(JobView {
        id: job.id,
        label: job.label,
        page: job.page.id(),
        group: job.group,
        description: job.help,
        available: job.missing().is_none(),
        missing: job.missing(),
        state: schedule.map_or(ScheduleState::Draft, |s| s.state),
        frequency: frequency.to_owned(),
        frequency_words: words(frequency, schedule),
        cron: schedule.and_then(|s| s.cron.clone()),
        zone: schedule.map_or(zone, |s| &s.zone).to_owned(),
        next_run: waiting.and_then(|s| s.next_due_at).map(At::from),
        open_run: open.map(|run| run.id),
        last_run: last.map(last_run),
        recent: recent.iter().map(recent_run).collect(),
        parameters: parameters(job, schedule),
        catch_up: schedule.map_or(CatchUp::RunOnce, |s| s.catch_up),
        overlap: schedule.map_or(Overlap::FollowUp, |s| s.overlap),
        max_attempts: schedule.map_or(3, |s| s.max_attempts),
        jitter_seconds: schedule.map_or(0, |s| s.jitter_ms / 1_000),
        timeout_seconds: schedule.map_or(presell_jobs::TIMEOUT_MS, |s| s.timeout_ms) / 1_000,
        attention: attention(schedule, &recent, now),
        version: schedule.map_or(0, |s| s.version),
        changed_by: schedule.map(|s| s.updated_by.clone()),
    })
}

/// It was at work and ended.
pub(crate) fn went(run: &Run) -> bool {
    matches!(run.state, RunState::Finished | RunState::Partial | RunState::Failed | RunState::Crashed)
}

fn counts(run: &Run) -> Option<Counts> {
    run.counts.as_deref().and_then(|text| serde_json::from_str(text).ok())
}

fn recent_run(run: &Run) -> RecentRun {
    RecentRun {
        id: run.id,
        state: run.state,
        at: At::from(run.finished_at.unwrap_or(run.created_at)),
        duration_ms: duration_ms(run),
        changed: counts(run).map(|counts| counts.changed),
    }
}

fn last_run(run: &Run) -> LastRun {
    LastRun {
        id: run.id,
        state: run.state,
        reason: run.reason.clone(),
        at: At::from(run.finished_at.unwrap_or(run.created_at)),
        duration_ms: duration_ms(run),
        counts: counts(run),
    }
}

/// A frequency in plain words; a custom one tells what it is.
pub(super) fn words(frequency: &str, schedule: Option<&Schedule>) -> String {
    match Frequency::find(frequency) {
        Some(Frequency::Custom) => {
            let timing = schedule.and_then(|s| Timing::of(s).ok());
            timing.map_or_else(|| Frequency::Custom.label().to_owned(), |timing| timing.recurrence.words())
        }
        Some(known) => known.label().to_owned(),
        None => frequency.to_owned(),
    }
}

fn parameters(job: &Definition, schedule: Option<&Schedule>) -> Vec<ParameterView> {
    let set = set(schedule);
    let hidden = || Value::from(HIDDEN);
    let shown = |p: &presell_jobs::Parameter| {
        let value = set.get(p.name).cloned();
        let value = if p.secret { value.map(|_| hidden()) } else { value };
        ParameterView {
            name: p.name,
            kind: p.kind.id(),
            help: p.help,
            allowed: p.kind.allowed(),
            required: p.required,
            secret: p.secret,
            default: p.default,
            value,
        }
    };
    job.parameters.iter().map(shown).collect()
}

/// The parameters that a schedule sets.
pub(crate) fn set(schedule: Option<&Schedule>) -> Map<String, Value> {
    schedule.and_then(|s| serde_json::from_str(&s.params).ok()).unwrap_or_default()
}

fn found(job: &JobView, words: &str) -> bool {
    let values: Vec<String> = job.parameters.iter().filter_map(|p| p.value.as_ref().map(Value::to_string)).collect();
    let last =
        job.last_run.as_ref().map(|run| format!("{} {} {}", run.id, run.state, run.reason.as_deref().unwrap_or("")));
    let names = job.parameters.iter().map(|p| p.name);
    let texts = [job.id, job.label, job.group, job.description, &job.frequency_words, job.state.word()];
    search::matches(
        words,
        texts.into_iter().chain(names).chain(values.iter().map(String::as_str)).chain(last.as_deref()),
    )
}
