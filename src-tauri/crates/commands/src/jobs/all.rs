//! All jobs of the store at once: pausing them, bringing back just those, and seeing to it that what is due is done.

use presell_scheduler::schedules::{self, Key};
use presell_scheduler::{Schedule, ScheduleState};
use presell_store::At;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{App, Nothing, Result, health, notes};

/// Jobs that were paused or resumed together.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct JobsSwitched {
    /// Their names. A job that somebody changed at the same moment is not among them.
    pub jobs: Vec<String>,
    /// Those that will not run by themselves because they were paused together.
    pub paused_together: usize,
}

/// What is due now.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DueNow {
    /// Names of the jobs whose time has come; they are on their way.
    pub jobs: Vec<String>,
    /// When the next one is due, if none is now.
    pub next: Option<At>,
    /// A machine is at work that takes them; if not, they wait for one.
    pub at_work: bool,
}

/// A schedule that was paused together with others.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
struct Paused {
    job: String,
    shop: String,
}

fn topic(store: i64) -> String {
    format!("paused together in {store}")
}

/// Schedules that "pause all" paused and nobody has resumed or switched off since.
pub(crate) async fn paused_together(app: &App, schedules: &[Schedule], store: i64) -> Result<usize> {
    let paused: Vec<Paused> = notes::look(&app.db, &topic(store)).await?.unwrap_or_default();
    Ok(schedules.iter().filter(|s| is_among(s, &paused)).count())
}

fn is_among(schedule: &Schedule, paused: &[Paused]) -> bool {
    schedule.state == ScheduleState::Paused
        && paused.iter().any(|p| p.job == schedule.job_id && p.shop == schedule.shop_id)
}

/// Pauses every job of the store that is on, and remembers which. Runs at work end normally.
pub async fn pause_all(app: &App, _: Nothing) -> Result<JobsSwitched> {
    let store = app.store().await?;
    let all = schedules::list(&app.db, store.id).await?;
    let on: Vec<&Schedule> = all.iter().filter(|s| s.state == ScheduleState::Enabled).collect();
    let mut tx = app.db.begin().await?;
    let before: Vec<Paused> = notes::read(&mut tx, &topic(store.id)).await?.unwrap_or_default();
    // Those of an earlier time that are paused still belong to it, too.
    let kept = all.iter().filter(|s| is_among(s, &before)).chain(on.iter().copied());
    let paused: Vec<Paused> = kept.map(|s| Paused { job: s.job_id.clone(), shop: s.shop_id.clone() }).collect();
    // Remembered first: if this program ends on the way, all that it paused can be brought back.
    notes::write(&mut tx, &topic(store.id), &paused, &app.actor).await?;
    tx.commit().await?;
    let mut jobs = Vec::new();
    for schedule in on {
        match schedules::pause(&app.db, &key(schedule), &app.actor).await {
            Ok(_) => jobs.push(name_of(schedule)),
            Err(schedules::SwitchError::Store(error)) => return Err(error.into()),
            Err(error) => tracing::info!(job = schedule.job_id, %error, "not paused with the others"),
        }
    }
    app.changed().await;
    switched(app, jobs, store.id).await
}

/// Resumes just the jobs that were paused together; one that somebody paused by itself stays so.
pub async fn resume_all(app: &App, _: Nothing) -> Result<JobsSwitched> {
    let store = app.store().await?;
    let paused: Vec<Paused> = notes::look(&app.db, &topic(store.id)).await?.unwrap_or_default();
    let mut jobs = Vec::new();
    for schedule in schedules::list(&app.db, store.id).await?.iter().filter(|s| is_among(s, &paused)) {
        match schedules::resume(&app.db, &key(schedule), false, &app.actor).await {
            Ok(_) => jobs.push(name_of(schedule)),
            Err(schedules::SwitchError::Store(error)) => return Err(error.into()),
            Err(error) => tracing::info!(job = schedule.job_id, %error, "not resumed with the others"),
        }
    }
    let mut tx = app.db.begin().await?;
    notes::forget(&mut tx, &topic(store.id)).await?;
    tx.commit().await?;
    app.changed().await;
    switched(app, jobs, store.id).await
}

/// Wakes whoever is at work, so that what is due starts now and not at its next look. Nothing runs before its time.
pub async fn run_due_now(app: &App, _: Nothing) -> Result<DueNow> {
    let store = app.store().await?;
    let now = app.db.now().await?.timestamp_millis();
    let all = schedules::list(&app.db, store.id).await?;
    let on: Vec<&Schedule> = all.iter().filter(|s| s.state == ScheduleState::Enabled).collect();
    let jobs: Vec<String> =
        on.iter().filter(|s| s.next_due_at.is_some_and(|at| at <= now)).map(|s| name_of(s)).collect();
    let next = on.iter().filter_map(|s| s.next_due_at).min().filter(|_| jobs.is_empty());
    app.changed().await;
    Ok(DueNow { jobs, next: next.map(At::from), at_work: health::machines::at_work(app).await? > 0 })
}

async fn switched(app: &App, jobs: Vec<String>, store: i64) -> Result<JobsSwitched> {
    let all = schedules::list(&app.db, store).await?;
    Ok(JobsSwitched { jobs, paused_together: paused_together(app, &all, store).await? })
}

fn key(schedule: &Schedule) -> Key {
    Key { job_id: schedule.job_id.clone(), store_id: schedule.store_id, shop_id: schedule.shop_id.clone() }
}

/// The name people know a schedule by.
pub(crate) fn name_of(schedule: &Schedule) -> String {
    presell_jobs::find(&schedule.job_id).map_or(schedule.job_id.as_str(), |job| job.label).to_owned()
}
