//! Setting a job up: frequency, zone, run time, parameters; all that is wrong is named, and nothing is saved then.

use presell_jobs::Definition;
use presell_jobs::catalog::refresh_catalog;
use presell_scheduler::planning::Frequency;
use presell_scheduler::schedules::{self, SaveError};
use presell_scheduler::{CatchUp, Overlap, Schedule, ScheduleState};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use ts_rs::TS;

use super::view::{JobView, of, set, words};
use super::{available, defaults, fields, find, key};
use crate::{App, Error, Field, Result};
use presell_store::At;

/// What to set; what is none stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[ts(rename = "JobSetting")]
pub struct Setting {
    /// Id of a frequency, or a step such as `20m`, `2h` or `3d`.
    pub every: Option<String>,
    /// A cron expression instead.
    pub cron: Option<String>,
    /// Zone of wall times.
    pub zone: Option<String>,
    /// First run: `now`, `in-15-minutes`, `tomorrow`, `14:30`, `2026-12-24T09:00` …
    pub at: Option<String>,
    /// Parameters to set; null goes back to the default.
    pub parameters: Map<String, Value>,
    /// After sleep or shutdown.
    pub catch_up: Option<CatchUp>,
    /// When it falls due while the run before is still at work.
    pub overlap: Option<Overlap>,
    /// Attempts in all.
    pub max_attempts: Option<i64>,
    /// Starts are spread over so many seconds.
    pub jitter_seconds: Option<i64>,
    /// A run that takes longer is ended.
    pub timeout_seconds: Option<i64>,
    /// History kept, in runs.
    pub keep_runs: Option<i64>,
    /// History kept, in days.
    pub keep_days: Option<i64>,
}

/// A job to set up.
#[derive(Clone, Debug, Default, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SaveJob {
    /// Its id.
    pub id: String,
    /// What to set.
    #[serde(default)]
    pub setting: Setting,
    /// The version the change was made from; none: whatever it is now.
    #[serde(default)]
    pub version: Option<i64>,
}

/// A job to switch on, set up as said.
#[derive(Clone, Debug, Default, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EnableJob {
    /// Its id.
    pub id: String,
    /// What to set before.
    #[serde(default)]
    pub setting: Setting,
}

/// A job after a change, and what changed.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct JobSaved {
    /// The job.
    #[serde(flatten)]
    pub job: JobView,
    /// Old and new, side by side.
    pub changes: Vec<ValueChanged>,
}

/// One value that changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ValueChanged {
    /// The field.
    pub field: String,
    /// Before, in words.
    pub before: String,
    /// Now, in words.
    pub after: String,
}

/// Saves how and when a job runs. One that is enabled waits for its new next run at once.
pub async fn save_job(app: &App, args: SaveJob) -> Result<JobSaved> {
    let job = find(&args.id)?;
    available(job)?;
    let before = schedules::find(&app.db, &key(app, job).await?).await?;
    let after = save(app, job, before.as_ref(), &args.setting, args.version).await?;
    saved(app, job, before.as_ref(), &after).await
}

/// Switches a job on, with what is set; a paused one is resumed.
pub async fn enable_job(app: &App, args: EnableJob) -> Result<JobSaved> {
    let job = find(&args.id)?;
    available(job)?;
    let key = key(app, job).await?;
    let before = schedules::find(&app.db, &key).await?;
    recurring(job, before.as_ref(), &args.setting)?;
    save(app, job, before.as_ref(), &args.setting, None).await?;
    let after = schedules::enable(&app.db, &key, &app.actor).await?;
    if job.id == refresh_catalog::DEFINITION.id {
        // What happened while it was off need not wait for its first run.
        app.facts_changed().await?;
    }
    app.changed().await;
    saved(app, job, before.as_ref(), &after).await
}

async fn save(
    app: &App,
    job: &Definition,
    before: Option<&Schedule>,
    setting: &Setting,
    version: Option<i64>,
) -> Result<Schedule> {
    let (edit, mut refused) = fields::edit(job, setting, set(before));
    let (key, defaults) = (key(app, job).await?, defaults(app, job).await?);
    if !refused.is_empty() {
        // All that is wrong is told at once, also what the scheduler itself would refuse.
        let now = app.db.now().await?.timestamp_millis();
        let more = schedules::imagine(before.cloned(), &key, &edit, &defaults, now).err().unwrap_or_default();
        refused.extend(fields::named(more));
        return Err(Error::fields(refused));
    }
    // Values that are checked again here were merged with what was set then; so that must still be so.
    let version = version.or_else(|| before.filter(|_| edit.params.is_some()).map(|s| s.version));
    let saved = schedules::save(&app.db, &key, &edit, version, &defaults, &app.actor).await;
    match saved {
        Ok(schedule) => {
            app.changed().await;
            Ok(schedule)
        }
        Err(SaveError::Bad(bad)) => Err(Error::fields(fields::named(bad))),
        Err(error @ SaveError::Conflict(_)) => {
            let now = presell_jobs::find(&key.job_id).ok_or_else(|| Error::failed("The job is gone."))?;
            Err(Error::Conflict { message: error.to_string(), current: Box::new(of(app, now).await?) })
        }
        Err(SaveError::Store(error)) => Err(error.into()),
    }
}

/// A job that runs on demand is only switched on with a frequency.
fn recurring(job: &Definition, before: Option<&Schedule>, setting: &Setting) -> Result<()> {
    let frequency = before.map_or(job.frequency, |s| s.frequency.as_str());
    let chosen = setting.every.as_deref().or(setting.cron.as_deref());
    if chosen.unwrap_or(frequency) != Frequency::OnDemand.id() {
        return Ok(());
    }
    let message = format!(
        "\"{}\" runs on demand: presell job run {}. To let it run by itself, give a frequency too, such as --every EVERYDAY.",
        job.label, job.id
    );
    Err(Error::fields(vec![Field { name: "frequency".to_owned(), message }]))
}

async fn saved(app: &App, job: &'static Definition, before: Option<&Schedule>, after: &Schedule) -> Result<JobSaved> {
    Ok(JobSaved { changes: differences(before, after), job: of(app, job).await? })
}

/// What a person would want to see old and new of.
fn differences(before: Option<&Schedule>, after: &Schedule) -> Vec<ValueChanged> {
    let Some(before) = before else { return Vec::new() };
    let next = |s: &Schedule| match (s.state, s.next_due_at) {
        (ScheduleState::Enabled, Some(at)) => {
            let zone: chrono_tz::Tz = s.zone.parse().unwrap_or_default();
            At::from(at).0.with_timezone(&zone).format("%Y-%m-%d %H:%M:%S %Z").to_string()
        }
        _ => "none".to_owned(),
    };
    let mut changes = Vec::new();
    let mut compare = |field: &str, before: String, after: String| {
        if before != after {
            changes.push(ValueChanged { field: field.to_owned(), before, after });
        }
    };
    let mut value = |field: &str, of: fn(&Schedule) -> String| compare(field, of(before), of(after));
    value("state", |s| s.state.word().to_owned());
    value("frequency", |s| words(&s.frequency, Some(s)));
    value("zone", |s| s.zone.clone());
    value("catchUp", |s| s.catch_up.word().to_owned());
    value("overlap", |s| s.overlap.word().to_owned());
    value("maxAttempts", |s| s.max_attempts.to_string());
    value("jitterSeconds", |s| (s.jitter_ms / 1_000).to_string());
    value("timeoutSeconds", |s| (s.timeout_ms / 1_000).to_string());
    value("keepRuns", |s| s.keep_runs.map_or_else(|| "default".to_owned(), |n| n.to_string()));
    value("keepDays", |s| s.keep_days.map_or_else(|| "default".to_owned(), |n| n.to_string()));
    compare("nextRun", next(before), next(after));
    let (was, is) = (set(Some(before)), set(Some(after)));
    let shown = |value: Option<&Value>| value.map_or_else(|| "default".to_owned(), Value::to_string);
    for name in was.keys().chain(is.keys().filter(|name| !was.contains_key(*name))) {
        compare(name, shown(was.get(name)), shown(is.get(name)));
    }
    changes
}
