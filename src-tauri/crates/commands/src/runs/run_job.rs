//! Running a job once, now, beside its schedule.

use std::sync::Arc;

use presell_jobs::{Definition, TIMEOUT_MS};
use presell_scheduler::runs::{self, Request, request as request_run};
use presell_scheduler::{Origin, schedules};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use ts_rs::TS;

use super::execute;
use super::view::{RunView, ShowRun, of, show_run};
use crate::jobs::{available, fields, find, key, set};
use crate::{App, Error, Field, Result};

/// Runs among which one looks for an equal one that has not ended.
const AHEAD: i64 = 20;

/// A job to run now. Its schedule stays as it is.
#[derive(Clone, Debug, Default, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RunJob {
    /// Its id.
    pub id: String,
    /// Parameters for this run, beside those that are set; null: the default.
    #[serde(default)]
    pub parameters: Map<String, Value>,
    /// Show what would change, and change nothing.
    #[serde(default)]
    pub dry_run: bool,
}

/// What became of a wish to run a job.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RunAsked {
    /// The run.
    pub run: RunView,
    /// An equal run is before it, so that it starts when that one has ended.
    pub waits: bool,
}

/// Runs a job, waits for its end, and tells how it went. Whatever state its schedule is in does not matter.
pub async fn run_job(app: &App, args: RunJob) -> Result<RunView> {
    let (job, params, beside) = wanted(app, args).await?;
    let run = execute(app, job, params, beside, Arc::default(), app.interrupted()).await?;
    show_run(app, ShowRun { id: run.id }).await
}

/// Asks for a run of a job and does not wait: whichever node is free takes it. Its schedule stays as it is.
pub async fn start_run(app: &App, args: RunJob) -> Result<RunAsked> {
    let (job, params, beside) = wanted(app, args).await?;
    let key = key(app, job).await?;
    let schedule = schedules::find(&app.db, &key).await?;
    let request = Request {
        params,
        step: job.step,
        outside: job.outside(),
        timeout_ms: schedule.as_ref().map_or(TIMEOUT_MS, |s| s.timeout_ms),
        schedule,
        beside,
        ..Request::new(job.id, key.store_id, Origin::Manual, &app.actor)
    };
    let run = request_run(&app.db, &request).await?.run;
    let ahead = runs::recent(&app.db, &key, AHEAD).await?;
    let waits =
        !beside && ahead.iter().any(|other| other.id != run.id && !other.state.is_ended() && other.xkey == run.xkey);
    app.changed().await;
    Ok(RunAsked { run: of(run), waits })
}

/// The job, its parameters with those that are set, and whether it is a trial.
async fn wanted(app: &App, args: RunJob) -> Result<(&'static Definition, String, bool)> {
    let job = find(&args.id)?;
    available(job)?;
    let mut given = args.parameters;
    if args.dry_run {
        if !job.parameters.iter().any(|p| p.name == "dryRun") {
            let message = format!("\"{}\" cannot be tried out. It would be run for real.", job.label);
            return Err(Error::fields(vec![Field { name: "dryRun".to_owned(), message }]));
        }
        given.insert("dryRun".to_owned(), json!(true));
    }
    let schedule = schedules::find(&app.db, &key(app, job).await?).await?;
    let params = fields::parameters(job, &given, set(schedule.as_ref())).map_err(Error::fields)?;
    let beside = params.get("dryRun") == Some(&Value::Bool(true));
    Ok((job, Value::Object(params).to_string(), beside))
}
