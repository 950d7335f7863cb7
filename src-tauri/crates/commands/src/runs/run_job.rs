//! Running a job once, now, beside its schedule.

use std::sync::Arc;

use presell_scheduler::schedules;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use ts_rs::TS;

use super::execute;
use super::view::{RunView, ShowRun, show_run};
use crate::jobs::{available, fields, find, key, set};
use crate::{App, Error, Field, Result};

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

/// Runs a job, waits for its end, and tells how it went. Whatever state its schedule is in does not matter.
pub async fn run_job(app: &App, args: RunJob) -> Result<RunView> {
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
    let params = Value::Object(params).to_string();
    let run = execute(app, job, params, beside, Arc::default(), app.interrupted()).await?;
    show_run(app, ShowRun { id: run.id }).await
}
