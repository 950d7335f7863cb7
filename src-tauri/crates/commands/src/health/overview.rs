//! Health: how many jobs are on, what is not as it should be and why, and which machines work.

use presell_jobs::DEFINITIONS;
use presell_scheduler::schedules::{self, Key};
use presell_scheduler::{Run, RunState, Schedule, ScheduleState, machine, runs};
use presell_store::At;
use serde::Serialize;
use ts_rs::TS;

use super::findings::{Finding, FindingKind, Remedy, findings};
use super::machines::{MachineLife, MachineView, machines};
use crate::{App, Nothing, Result};

/// Runs looked at to say how a job usually goes.
const RECENT: i64 = 20;

/// How the jobs of the store and their machines are.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct HealthOverview {
    /// When it was looked at.
    pub at: At,
    /// How many of each.
    pub counters: Counters,
    /// What somebody should look at, the most urgent first.
    pub findings: Vec<Finding>,
    /// The machines, those at work first.
    pub machines: Vec<MachineView>,
}

/// How many of each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Counters {
    /// Jobs that run by themselves.
    pub active: usize,
    /// Jobs that are paused.
    pub paused: usize,
    /// Jobs that could be on and are not.
    pub draft: usize,
    /// Jobs that cannot be on in this version.
    pub unavailable: usize,
    /// Runs at work.
    pub running: usize,
    /// Runs that take far too long, or whose machine is gone.
    pub stuck: usize,
    /// Jobs whose last run failed.
    pub failed: usize,
    /// Jobs whose time has come and that do not run.
    pub overdue: usize,
    /// Jobs with a run that takes, or took, unusually long.
    pub slow: usize,
}

/// Looks at every job of the store by its own history, and at the machines.
pub async fn health_overview(app: &App, _: Nothing) -> Result<HealthOverview> {
    let store = app.store().await?;
    let now = app.db.now().await?.timestamp_millis();
    let all = schedules::list(&app.db, store.id).await?;
    let mut counters = counted(&all);
    let mut found: Vec<Finding> = Vec::new();
    for (key, schedule) in keys(&all, store.id) {
        let recent = runs::recent(&app.db, &key, RECENT).await?;
        counters.running += recent.iter().filter(|run| at_work(run)).count();
        let label = presell_jobs::find(&key.job_id).map_or(key.job_id.as_str(), |job| job.label);
        found.extend(findings(schedule, &recent, label, now));
    }
    let machines = machines(app).await?;
    if counters.active > 0 && !machines.iter().any(|m| m.state == MachineLife::AtWork) {
        found.push(unattended(&machines, counters.active, now));
    }
    let count = |kinds: &[FindingKind]| found.iter().filter(|f| kinds.contains(&f.kind)).count();
    counters.stuck = count(&[FindingKind::Stuck, FindingKind::Abandoned]);
    counters.failed = count(&[FindingKind::Failed]);
    counters.overdue = count(&[FindingKind::Overdue]);
    counters.slow = count(&[FindingKind::Slow]);
    found.sort_by_key(|f| (f.kind, f.since));
    Ok(HealthOverview { at: now.into(), counters, findings: found, machines })
}

fn counted(all: &[Schedule]) -> Counters {
    let is = |state| all.iter().filter(|s| s.state == state).count();
    let on = |id: &str| all.iter().any(|s| s.job_id == id && s.state != ScheduleState::Draft);
    let available = DEFINITIONS.iter().filter(|job| job.missing().is_none());
    Counters {
        active: is(ScheduleState::Enabled),
        paused: is(ScheduleState::Paused),
        draft: available.clone().filter(|job| !on(job.id)).count(),
        unavailable: DEFINITIONS.len() - available.count(),
        ..Counters::default()
    }
}

/// Every job of the store, with a schedule or without; a job that is set up for several shops comes once for each.
fn keys(all: &[Schedule], store_id: i64) -> Vec<(Key, Option<&Schedule>)> {
    let key = |job: &str, shop: &str| Key { job_id: job.to_owned(), store_id, shop_id: shop.to_owned() };
    let planned = all.iter().map(|s| (key(&s.job_id, &s.shop_id), Some(s)));
    let without = DEFINITIONS.iter().filter(|job| !all.iter().any(|s| s.job_id == job.id && s.shop_id.is_empty()));
    planned.chain(without.map(|job| (key(job.id, ""), None))).collect()
}

fn at_work(run: &Run) -> bool {
    matches!(run.state, RunState::Running | RunState::Stopping)
}

fn unattended(machines: &[MachineView], on: usize, now: i64) -> Finding {
    let last = machines.iter().max_by_key(|m| m.seen);
    let why = match last {
        Some(last) => format!("Jobs that are on: {on}. The last machine that worked on them was {}.", last.host),
        None => format!("Jobs that are on: {on}. No machine has ever worked on them."),
    };
    Finding {
        kind: FindingKind::Unattended,
        job: None,
        label: None,
        run: None,
        since: last.map_or_else(|| now.into(), |m| m.seen),
        why,
        remedies: vec![Remedy::Keep],
    }
}

/// Runs that were given up.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RunsReleased {
    /// Each of them.
    pub runs: Vec<RunReleased>,
}

/// A run that was given up.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RunReleased {
    /// The run.
    pub id: i64,
    /// Its job.
    pub job: String,
    /// Who was at it.
    pub from: String,
    /// The run that tries again or goes on; none: no attempt remains.
    pub successor: Option<i64>,
}

/// Ends the runs whose machine has not been heard of within its time, so that what attempts remain can follow. A machine at
/// work does so by itself; this is for when none is. The run of a living machine is never touched.
pub async fn release_runs(app: &App, _: Nothing) -> Result<RunsReleased> {
    let reaped = machine::reap(&app.db, &[]).await?;
    app.changed().await;
    let released = |r: machine::Reaped| RunReleased { id: r.id, job: r.job_id, from: r.from, successor: r.successor };
    Ok(RunsReleased { runs: reaped.into_iter().map(released).collect() })
}
