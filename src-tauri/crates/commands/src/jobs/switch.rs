//! Switching a job off and on again, pausing, resuming, skipping one run.

use presell_scheduler::schedules;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::view::{JobView, of};
use super::{find, key};
use crate::{App, Result};
use presell_store::At;

/// A job to switch.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SwitchJob {
    /// Its id.
    pub id: String,
    /// Resuming: what fell due during the pause counts as missed, so that the catch-up policy applies.
    #[serde(default)]
    pub catch_up: bool,
}

/// A run that is left out.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RunSkipped {
    /// The job.
    #[serde(flatten)]
    pub job: JobView,
    /// When it would have run.
    pub skipped: At,
}

/// Switches a job off. Its settings stay, its history too; a run at work ends normally.
pub async fn disable_job(app: &App, args: SwitchJob) -> Result<JobView> {
    let job = find(&args.id)?;
    schedules::cancel(&app.db, &key(app, job).await?, &app.actor).await?;
    app.changed().await;
    of(app, job).await
}

/// Undoes switching off, as if it had not happened.
pub async fn restore_job(app: &App, args: SwitchJob) -> Result<JobView> {
    let job = find(&args.id)?;
    schedules::restore(&app.db, &key(app, job).await?, &app.actor).await?;
    app.changed().await;
    of(app, job).await
}

/// Nothing falls due until the job is resumed; a run at work goes on.
pub async fn pause_job(app: &App, args: SwitchJob) -> Result<JobView> {
    let job = find(&args.id)?;
    schedules::pause(&app.db, &key(app, job).await?, &app.actor).await?;
    app.changed().await;
    of(app, job).await
}

/// Goes on from the first run after now.
pub async fn resume_job(app: &App, args: SwitchJob) -> Result<JobView> {
    let job = find(&args.id)?;
    schedules::resume(&app.db, &key(app, job).await?, args.catch_up, &app.actor).await?;
    app.changed().await;
    of(app, job).await
}

/// Leaves out the next run, and keeps a record of it.
pub async fn skip_run(app: &App, args: SwitchJob) -> Result<RunSkipped> {
    let job = find(&args.id)?;
    let (_, due) = schedules::skip(&app.db, &key(app, job).await?, &app.actor).await?;
    app.changed().await;
    Ok(RunSkipped { job: of(app, job).await?, skipped: At::from(due) })
}
