//! A run as people see it.

use presell_scheduler::runs::{self, Filter, Stopped};
use presell_scheduler::{Counts, Origin, Run, RunState};
use presell_store::At;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use ts_rs::TS;

use super::duration_ms;
use crate::jobs::find;
use crate::{App, Error, Result};

/// Which runs to list.
#[derive(Clone, Debug, Default, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct ListRuns {
    /// Only of this job.
    pub job: Option<String>,
    /// Only in this state.
    pub state: Option<RunState>,
    /// At most so many; none: 50.
    pub limit: Option<i64>,
}

/// A run to show or stop.
#[derive(Clone, Copy, Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ShowRun {
    /// Its key.
    pub id: i64,
}

/// One run.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RunView {
    /// Its key.
    pub id: i64,
    /// The job.
    pub job: String,
    /// The job's name; none: this version does not know it.
    pub label: Option<&'static str>,
    /// Its state.
    pub state: RunState,
    /// Why it ended other than well, e.g. `TIMEOUT`.
    pub reason: Option<String>,
    /// More about that, e.g. which computer it was recovered from.
    pub detail: Option<String>,
    /// Where it comes from: its schedule, a retry, a person …
    pub origin: Origin,
    /// Who asked for it.
    pub actor: String,
    /// Which attempt it is.
    pub attempt: i64,
    /// Attempts in all.
    pub max_attempts: i64,
    /// Occurrences it stands for; more than one: those before it were left out with it.
    pub covers: i64,
    /// The run it is a part of.
    pub parent: Option<i64>,
    /// The time it was meant for; none: it was asked for.
    pub due_at: Option<At>,
    /// When its row was made.
    pub created_at: At,
    /// When it started.
    pub started_at: Option<At>,
    /// When it ended.
    pub finished_at: Option<At>,
    /// How long it took, in milliseconds.
    pub duration_ms: Option<i64>,
    /// So much is done …
    pub done: Option<i64>,
    /// … of so much.
    pub total: Option<i64>,
    /// How much it did.
    pub counts: Option<Counts>,
    /// What it reports.
    pub result: Option<Value>,
    /// The error in full.
    pub error: Option<String>,
    /// The parameters it was given.
    pub parameters: Map<String, Value>,
    /// What it said; empty in lists.
    pub log: Vec<LogEntry>,
    /// Its parts; empty in lists.
    pub parts: Vec<RunView>,
}

/// A line of a run's log.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LogEntry {
    /// When.
    pub at: At,
    /// `error`, `warn`, `info` or `debug`.
    pub level: String,
    /// What.
    pub text: String,
}

/// What stopping came to.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RunStopped {
    /// The run.
    pub id: i64,
    /// It had not started and is cancelled; otherwise it was asked to stop and does so in a moment.
    pub cancelled: bool,
}

/// Runs, newest first.
pub async fn list_runs(app: &App, args: ListRuns) -> Result<Vec<RunView>> {
    let filter = Filter {
        store_id: Some(app.store().await?.id),
        job_id: args.job.as_deref().map(find).transpose()?.map(|job| job.id.to_owned()),
        shop_id: None,
        states: args.state.into_iter().collect(),
        limit: args.limit.unwrap_or(0),
    };
    Ok(runs::list(&app.db, &filter).await?.into_iter().map(of).collect())
}

/// One run with its log and its parts.
pub async fn show_run(app: &App, args: ShowRun) -> Result<RunView> {
    let run = known(app, args.id).await?;
    let mut view = of(run);
    view.log = log(app, args.id).await?;
    view.parts = runs::children(&app.db, args.id).await?.into_iter().map(of).collect();
    Ok(view)
}

/// Cancels a run that waits, or asks one that is at work to stop.
pub async fn stop_run(app: &App, args: ShowRun) -> Result<RunStopped> {
    let run = known(app, args.id).await?;
    let stopped = runs::stop(&app.db, run.id, &app.actor).await?;
    app.changed().await;
    match stopped {
        Stopped::Cancelled => Ok(RunStopped { id: run.id, cancelled: true }),
        Stopped::Asked => Ok(RunStopped { id: run.id, cancelled: false }),
        Stopped::TooLate | Stopped::Unknown => {
            Err(Error::refused(format!("Run {} has ended already, so there is nothing to stop.", run.id)))
        }
    }
}

async fn known(app: &App, id: i64) -> Result<Run> {
    let store = app.store().await?;
    let run = runs::find(&app.db, id).await?.filter(|run| run.store_id == store.id);
    run.ok_or_else(|| Error::NotFound {
        message: format!("There is no run {id}. See the last ones with: presell runs"),
    })
}

async fn log(app: &App, id: i64) -> Result<Vec<LogEntry>> {
    let lines = runs::log(&app.db, id, 0).await?;
    Ok(lines.into_iter().map(|line| LogEntry { at: line.at.into(), level: line.level, text: line.text }).collect())
}

/// A run as it is, without log and parts.
pub(crate) fn of(run: Run) -> RunView {
    let job = presell_jobs::find(&run.job_id);
    let mut parameters: Map<String, Value> = serde_json::from_str(&run.params).unwrap_or_default();
    let secret = |name: &str| job.is_some_and(|job| job.parameters.iter().any(|p| p.secret && p.name == name));
    for (_, value) in parameters.iter_mut().filter(|(name, _)| secret(name)) {
        *value = Value::from("••••");
    }
    RunView {
        label: job.map(|job| job.label),
        state: run.state,
        origin: run.origin,
        attempt: run.attempt,
        max_attempts: run.max_attempts,
        covers: run.covers,
        parent: run.parent_id,
        due_at: run.due_at.map(At::from),
        created_at: run.created_at.into(),
        started_at: run.started_at.map(At::from),
        finished_at: run.finished_at.map(At::from),
        duration_ms: duration_ms(&run),
        done: run.done,
        total: run.total,
        counts: run.counts.as_deref().and_then(|text| serde_json::from_str(text).ok()),
        result: run.result.as_deref().and_then(|text| serde_json::from_str(text).ok()),
        id: run.id,
        job: run.job_id,
        reason: run.reason,
        detail: run.detail,
        actor: run.actor,
        error: run.error,
        parameters,
        log: Vec::new(),
        parts: Vec::new(),
    }
}
