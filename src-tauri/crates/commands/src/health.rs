//! The self-test: a list of checks, each with what was found and, where something is wrong, what to do.

use std::time::Duration;

use chrono::{DateTime, Utc};
use presell_catalog::stores;
use presell_jobs::DEFINITIONS;
use presell_jobs::shops::doors;
use presell_scheduler::{ScheduleState, machine};
use presell_shops::shop;
use presell_store::{Db, SCHEMA_VERSION, on};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{App, Error, ListJobs, Result, list_jobs};

mod database;
mod findings;
pub(crate) mod machines;
mod overview;
mod records;

pub use database::{Bell, Count, DatabaseView, show_database};
pub(crate) use findings::words;
pub use findings::{Finding, FindingKind, Remedy};
pub use machines::{MachineLife, MachineView};
pub use overview::{Counters, HealthOverview, RunReleased, RunsReleased, health_overview, release_runs};

/// More than this between the clocks of machine and database is worth a word.
const SKEW_SECONDS: i64 = 60;

/// A node that works is heard of this often at least, in milliseconds.
const NODE_HEARD_WITHIN: i64 = 180_000;

/// A self-test to make.
#[derive(Clone, Copy, Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CheckHealth {
    /// The time of this machine.
    pub machine_time: DateTime<Utc>,
}

/// What the self-test found.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Health {
    /// Every check is fine.
    pub ok: bool,
    /// The checks, in a fixed order.
    pub checks: Vec<Check>,
}

/// One check.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "HealthCheck")]
pub struct Check {
    /// What was looked at.
    pub name: &'static str,
    /// Whether it is fine.
    pub ok: bool,
    /// What was found.
    pub message: String,
    /// What to do; none if it is fine.
    pub remedy: Option<String>,
}

pub(crate) fn fine(name: &'static str, message: impl Into<String>) -> Check {
    Check { name, ok: true, message: message.into(), remedy: None }
}

pub(crate) fn wrong(name: &'static str, message: impl Into<String>, remedy: impl Into<String>) -> Check {
    Check { name, ok: false, message: message.into(), remedy: Some(remedy.into()) }
}

/// Looks at everything Presell rests on. A check that cannot be made counts as failed; the others go on.
pub async fn check_health(app: &App, args: CheckHealth) -> Result<Health> {
    let CheckHealth { machine_time } = args;
    let results = [
        ("database", database(app).await),
        ("schema", schema(&app.db).await),
        ("clock", clock(&app.db, machine_time).await),
        ("integrity", integrity(&app.db).await),
        ("jobs", Ok(jobs())),
        ("schedules", schedules(app).await),
        ("settings", settings(app).await),
        ("promised pieces", records::promised(&app.db).await),
        ("orphans", records::orphans(&app.db).await),
        ("imports", records::imports(&app.db).await),
        ("listings", records::listings(app).await),
        ("shops", shops(app).await),
    ];
    let checks = results.into_iter().map(|(name, result)| result.unwrap_or_else(|e| not_made(name, &e))).collect();
    Ok(health(checks))
}

/// The self-test of a database that does not open: one check, failed.
pub fn does_not_open(error: &Error) -> Health {
    let check = wrong("database", error.to_string(), "Until it opens, nothing else can be checked.");
    health(vec![check])
}

fn health(checks: Vec<Check>) -> Health {
    Health { ok: checks.iter().all(|check| check.ok), checks }
}

fn not_made(name: &'static str, error: &Error) -> Check {
    wrong(name, format!("This could not be checked. {error}"), "Solve what the message says, then check again.")
}

async fn database(app: &App) -> Result<Check> {
    app.db.now().await?;
    Ok(fine("database", format!("{} at {} answers.", app.db.kind(), app.address)))
}

async fn schema(db: &Db) -> Result<Check> {
    let sql = "SELECT max(version) FROM _sqlx_migrations WHERE success";
    let (found,): (Option<i64>,) = on!(db, p => sqlx::query_as(sql).fetch_one(p).await)?;
    Ok(match found {
        Some(found) if found == SCHEMA_VERSION => fine("schema", format!("Up to date (version {found}).")),
        found => wrong(
            "schema",
            format!("Version {}, this app works with {SCHEMA_VERSION}.", found.unwrap_or(0)),
            "Start this version of Presell once more: it brings the database up to date when it opens it.",
        ),
    })
}

async fn clock(db: &Db, machine_time: DateTime<Utc>) -> Result<Check> {
    let skew = db.now().await?.signed_duration_since(machine_time).num_seconds();
    Ok(if skew.abs() <= SKEW_SECONDS {
        fine("clock", "This computer and the database agree on the time.")
    } else {
        wrong(
            "clock",
            format!("This computer and the database differ by {} seconds. Presell goes by the database.", skew.abs()),
            "Set the clock of the one that is wrong, best by switching on automatic time.",
        )
    })
}

async fn integrity(db: &Db) -> Result<Check> {
    let Db::Sqlite(pool) = db else {
        return Ok(fine("integrity", "The PostgreSQL server looks after its files itself."));
    };
    let rows: Vec<(String,)> = sqlx::query_as("PRAGMA quick_check(3)").fetch_all(pool).await?;
    let found: Vec<String> = rows.into_iter().map(|r| r.0).collect();
    Ok(if found == ["ok"] {
        fine("integrity", "The database file is sound.")
    } else {
        let message = format!("The database file is damaged: {}.", found.join("; "));
        wrong("integrity", message, "Put your last backup in place with: presell restore FILE")
    })
}

/// Every job has all that a person needs to use it. Those whose work does not exist yet are named, and are no fault.
fn jobs() -> Check {
    let incomplete: Vec<&str> = DEFINITIONS
        .iter()
        .filter(|job| {
            let texts = [job.id, job.label, job.group, job.help, job.frequency];
            texts.iter().any(|t| t.is_empty()) || job.parameters.iter().any(|p| p.name.is_empty() || p.help.is_empty())
        })
        .map(|job| job.id)
        .collect();
    if !incomplete.is_empty() {
        return wrong("jobs", format!("Incomplete: {}.", incomplete.join(", ")), "Install Presell again.");
    }
    let waiting: Vec<&str> = DEFINITIONS.iter().filter(|job| job.missing().is_some()).map(|job| job.id).collect();
    let known = DEFINITIONS.len();
    fine(
        "jobs",
        match waiting.as_slice() {
            [] => format!("Every job is complete ({known} known)."),
            some => format!(
                "Every job is complete ({known} known). Not available yet, and therefore not to be switched on: {}.",
                some.join(", ")
            ),
        },
    )
}

/// Whatever is switched on is worked off: no schedule is overdue, and none waits without a node.
async fn schedules(app: &App) -> Result<Check> {
    let jobs = list_jobs(app, ListJobs::default()).await?;
    let on = jobs.iter().filter(|job| job.state == ScheduleState::Enabled).count();
    let said: Vec<String> =
        jobs.iter().flat_map(|job| job.attention.iter().map(move |what| format!("{}: {what}", job.id))).collect();
    if !said.is_empty() {
        return Ok(wrong("schedules", said.join(" "), "See the jobs with: presell jobs"));
    }
    let nodes = machine::nodes(&app.db, NODE_HEARD_WITHIN).await?;
    let at_work = nodes.iter().filter(|node| node.kind != "command" && node.stopped_at.is_none()).count();
    Ok(match (on, at_work) {
        (0, _) => fine("schedules", "No job is switched on."),
        (on, 0) => wrong(
            "schedules",
            format!("{on} switched on, but nothing works on them."),
            "Let the daemon run: presell daemon",
        ),
        (on, nodes) => fine("schedules", format!("{on} switched on; at work on them: {nodes}.")),
    })
}

/// A shop that takes longer to say who it is does not answer.
const SHOP_ANSWERS_WITHIN: Duration = Duration::from_secs(15);

/// Every shop lets us in, and the access suffices.
async fn shops(app: &App) -> Result<Check> {
    let shops = shop::list(&app.db, app.store().await?.id).await?;
    let mut trouble = Vec::new();
    for shop in &shops {
        let asked = async { doors::open(&app.db, shop).await?.test().await };
        match tokio::time::timeout(SHOP_ANSWERS_WITHIN, asked).await {
            Ok(Ok(answers)) if answers.missing_scopes.is_empty() => {}
            Ok(Ok(answers)) => {
                trouble.push(format!("{}: the access lacks {}.", shop.name, answers.missing_scopes.join(", ")));
            }
            Ok(Err(error)) => trouble.push(format!("{}: {error}", shop.name)),
            Err(_) => trouble.push(format!("{}: it does not answer.", shop.name)),
        }
    }
    Ok(match (shops.len(), trouble.is_empty()) {
        (0, _) => fine("shops", "No shop is connected."),
        (1, true) => fine("shops", "The shop answers, and the access suffices."),
        (shops, true) => fine("shops", format!("All {shops} shops answer, and the access suffices.")),
        (_, false) => wrong("shops", trouble.join(" "), "When it is put right: presell shop test NAME"),
    })
}

async fn settings(app: &App) -> Result<Check> {
    let store = app.store().await?;
    let mut tx = app.db.begin_read().await?;
    let settings = stores::settings(&mut tx, &store).await;
    tx.rollback().await?;
    Ok(match settings {
        Ok(_) => fine("settings", format!("The settings of store \"{}\" ({}) are readable.", store.code, store.zone)),
        Err(error) => wrong("settings", error.to_string(), "Set it again with: presell settings set KEY VALUE"),
    })
}
