//! `presell jobs`, `job …`, `runs` and `run …`.

use presell_commands::{
    App, EnableJob, ListJobs, ListRuns, PreviewJob, Result, RunJob, SaveJob, ShowJob, ShowRun, SwitchJob, disable_job,
    enable_job, list_jobs, list_runs, pause_job, preview_job, restore_job, resume_job, run_job, save_job, show_job,
    show_run, skip_run, stop_run,
};
use presell_scheduler::RunState;

use crate::arguments::{JobCommand, RunCommand, Runs, parameters};
use crate::output::{Ending, Output};
use crate::render;

pub(crate) async fn list(app: &App, output: Output, search: Option<String>) -> Result<Ending> {
    let filtered = search.is_some();
    let jobs = list_jobs(app, ListJobs { search }).await?;
    output.answer(jobs.as_slice(), |jobs| render::jobs(jobs, filtered))?;
    Ok(Ending::Done)
}

pub(crate) async fn job(app: &App, output: Output, command: JobCommand) -> Result<Ending> {
    let switch = |id: String| SwitchJob { id, catch_up: false };
    match command {
        JobCommand::Show { id } => output.answer(&show_job(app, ShowJob { id }).await?, render::job)?,
        JobCommand::Enable { id, setup } => {
            let saved = enable_job(app, EnableJob { id, setting: setup.into() }).await?;
            output.answer(&saved, |saved| render::job_saved(saved, "Switched on"))?;
        }
        JobCommand::Save { id, setup, if_version } => {
            let saved = save_job(app, SaveJob { id, setting: setup.into(), version: if_version }).await?;
            output.answer(&saved, |saved| render::job_saved(saved, "Saved"))?;
        }
        JobCommand::Disable { id } => {
            let job = disable_job(app, switch(id)).await?;
            output.answer(&job, |job| render::job_switched(job, "Switched off"))?;
        }
        JobCommand::Undo { id } => {
            let job = restore_job(app, switch(id)).await?;
            output.answer(&job, |job| render::job_switched(job, "Switched on again"))?;
        }
        JobCommand::Pause { id } => {
            let job = pause_job(app, switch(id)).await?;
            output.answer(&job, |job| render::job_switched(job, "Paused"))?;
        }
        JobCommand::Resume { id, catch_up } => {
            let job = resume_job(app, SwitchJob { id, catch_up }).await?;
            output.answer(&job, |job| render::job_switched(job, "Resumed"))?;
        }
        JobCommand::Skip { id } => output.answer(&skip_run(app, switch(id)).await?, render::run_skipped)?,
        JobCommand::Preview { id, setup, count } => {
            let request = PreviewJob { id, setting: setup.into(), count: Some(count.into()) };
            let runs = preview_job(app, request).await?;
            output.answer(runs.as_slice(), render::coming_runs)?;
        }
        JobCommand::Run { id, param, dry_run } => {
            let run = run_job(app, RunJob { id, parameters: parameters(param), dry_run }).await?;
            output.answer(&run, render::run)?;
            return Ok(match run.state {
                RunState::Finished => Ending::Done,
                RunState::Partial => Ending::Partly,
                _ => Ending::Failed,
            });
        }
    }
    Ok(Ending::Done)
}

pub(crate) async fn runs(app: &App, output: Output, asked: Runs) -> Result<Ending> {
    let filtered = asked.job.is_some() || asked.state.is_some();
    let runs = list_runs(app, ListRuns { job: asked.job, state: asked.state, limit: Some(asked.limit) }).await?;
    let zone = app.store().await?.zone;
    output.answer(runs.as_slice(), |runs| render::runs(runs, zone, filtered))?;
    Ok(Ending::Done)
}

pub(crate) async fn run(app: &App, output: Output, command: RunCommand) -> Result<Ending> {
    match command {
        RunCommand::Show { id } => output.answer(&show_run(app, ShowRun { id }).await?, render::run)?,
        RunCommand::Stop { id } => {
            let stopped = stop_run(app, ShowRun { id }).await?;
            output.answer(&stopped, |stopped| match stopped.cancelled {
                true => format!("Run {} had not started, and is cancelled.\n", stopped.id),
                false => {
                    format!("Run {} was asked to stop. See it with: presell run show {}\n", stopped.id, stopped.id)
                }
            })?;
        }
    }
    Ok(Ending::Done)
}
