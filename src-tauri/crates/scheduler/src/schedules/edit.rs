//! Saving what somebody changed.

use std::collections::BTreeSet;

use presell_store::{Db, StoreError, Tx};

use super::Key;
use super::change::{ATTEMPTS, audit, ensure, taken, write};
use super::read::find_in;
use super::values::changed;
use crate::planning::{Frequency, Recurrence, RunTime, Timing};
use crate::{CatchUp, Millis, Overlap, Schedule, ScheduleState};

/// What to change; what is none stays as it is, or takes its default in a new schedule.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edit {
    /// Id of a frequency.
    pub frequency: Option<String>,
    /// Step of `CUSTOM`, if it is a step.
    pub every_ms: Option<Millis>,
    /// Step of `CUSTOM` in days.
    pub every_days: Option<i64>,
    /// Expression of `CUSTOM`, if it is cron.
    pub cron: Option<String>,
    /// Zone of wall times.
    pub zone: Option<String>,
    /// First run.
    pub run_time: Option<RunTime>,
    /// Parameters as JSON, checked by the caller against the job's schema.
    pub params: Option<String>,
    /// Spread of starts.
    pub jitter_ms: Option<Millis>,
    /// After sleep or shutdown.
    pub catch_up: Option<CatchUp>,
    /// Later than this counts as missed.
    pub start_deadline_ms: Option<Millis>,
    /// When the one before is still at work.
    pub overlap: Option<Overlap>,
    /// Attempts in all.
    pub max_attempts: Option<i64>,
    /// A run that takes longer fails.
    pub timeout_ms: Option<Millis>,
    /// Higher goes first.
    pub priority: Option<i64>,
    /// History kept, in runs.
    pub keep_runs: Option<i64>,
    /// History kept, in days.
    pub keep_days: Option<i64>,
}

/// A field that is refused; a form shows the message there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bad {
    /// The field, as the command line and the forms name it: `frequency`, `cron`, `zone`, `at`, `jitter` …
    pub field: &'static str,
    /// What is wrong and what is accepted.
    pub message: String,
}

/// Why nothing was saved.
#[derive(Debug, thiserror::Error)]
pub enum SaveError {
    /// Fields that are refused, all of them.
    #[error("{}", .0.iter().map(|b| b.message.as_str()).collect::<Vec<_>>().join(" "))]
    Bad(Vec<Bad>),
    /// Somebody else saved first; here are the values now.
    #[error("{} changed this schedule meanwhile. Look at the new values and save again.", .0.updated_by)]
    Conflict(Box<Schedule>),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Saves an edit. `version`: the one the editor saw; none: whatever it is now. A schedule that does not exist yet is made,
/// as a draft, from `defaults`. An enabled one waits for its new next occurrence at once; a run that is queued or at work
/// keeps the settings it began with.
///
/// Editing the run time moves the anchor; editing the frequency keeps it, so that the phase stays.
pub async fn save(
    db: &Db,
    key: &Key,
    edit: &Edit,
    version: Option<i64>,
    defaults: &Defaults,
    actor: &str,
) -> Result<Schedule, SaveError> {
    let mut newest = None;
    for _ in 0..ATTEMPTS {
        let mut tx = db.begin().await?;
        let now = tx.now().await?.timestamp_millis();
        // All that is wrong is found before anything is made.
        let known = find_in(&mut tx, key).await?;
        let before = known.clone().unwrap_or_else(|| fresh(key, defaults, now, actor));
        if let Some(seen) = version.filter(|seen| *seen != before.version) {
            tracing::debug!(seen, now = before.version, "an edit of an older version");
            return Err(SaveError::Conflict(Box::new(before)));
        }
        let mut after = changed(&before, edit, now).map_err(SaveError::Bad)?;
        let stored = match known {
            // Nothing to save is no change: no new version, no audit row.
            Some(stored) if stored == after => {
                tx.rollback().await?;
                return Ok(stored);
            }
            Some(stored) => stored,
            None => ensure(&mut tx, key, &before).await?,
        };
        if stored.version != before.version {
            // Somebody made it since we looked; the edit is one of theirs.
            tx.rollback().await?;
            continue;
        }
        after.updated_at = now;
        after.updated_by = actor.to_owned();
        if after.state == ScheduleState::Enabled {
            after.next_due_at = next(&mut tx, &before, &after, edit, now).await?;
        } else if after.state == ScheduleState::Draft && edit.run_time.is_some() {
            // Kept until it is switched on.
            after.next_due_at = Some(after.anchor_at);
        }
        if write(&mut tx, &stored, &after, true).await? {
            audit(&mut tx, "save schedule", key, Some(&stored), &after, now, actor).await?;
            let saved = find_in(&mut tx, key).await?.unwrap_or(after);
            tx.commit().await?;
            return Ok(saved);
        }
        newest = Some(stored);
        tx.rollback().await?;
    }
    match newest {
        Some(newest) => Err(SaveError::Conflict(Box::new(newest))),
        None => Err(StoreError::Conflict.into()),
    }
}

/// The schedule as it would be with an edit, switched on at `now`; nothing is saved.
///
/// # Errors
/// All fields that are refused.
pub fn imagine(
    before: Option<Schedule>,
    key: &Key,
    edit: &Edit,
    defaults: &Defaults,
    now: Millis,
) -> Result<Schedule, Vec<Bad>> {
    let before = before.unwrap_or_else(|| fresh(key, defaults, now, ""));
    let mut after = changed(&before, edit, now)?;
    if before.state == ScheduleState::Enabled && *edit == Edit::default() {
        return Ok(after);
    }
    let chosen = edit.run_time.map(|_| after.anchor_at).or(before.next_due_at).filter(|at| *at > now);
    after.next_due_at = Timing::of(&after).ok().and_then(|timing| timing.first(chosen, now, &BTreeSet::new()));
    Ok(after)
}

/// Where an enabled schedule stands after an edit: unchanged unless its timing changed; then its first occurrence that is
/// still to come and has no row.
async fn next(
    tx: &mut Tx,
    before: &Schedule,
    after: &Schedule,
    edit: &Edit,
    now: Millis,
) -> Result<Option<Millis>, SaveError> {
    let timing = |s: &Schedule| (s.zone.clone(), s.kind.clone(), s.every_ms, s.every_days, s.cron.clone(), s.anchor_at);
    if timing(before) == timing(after) {
        return Ok(before.next_due_at);
    }
    let first = if edit.run_time.is_some() { Some(after.anchor_at) } else { None };
    Ok(first_due(tx, after, first, now).await?)
}

/// The first occurrence from now on that has no row; `wanted` itself if it has none. A schedule that only runs on
/// demand or after its own runs is due at `wanted`, or not at all by itself.
pub(super) async fn first_due(
    tx: &mut Tx,
    schedule: &Schedule,
    wanted: Option<Millis>,
    now: Millis,
) -> Result<Option<Millis>, StoreError> {
    let Ok(timing) = Timing::of(schedule) else { return Ok(None) };
    let taken = taken(tx, schedule, wanted.map_or(now, |at| at.min(now))).await?;
    Ok(timing.first(wanted, now, &taken))
}

/// A schedule that does not exist yet.
pub(super) fn fresh(key: &Key, defaults: &Defaults, now: Millis, actor: &str) -> Schedule {
    let recurrence =
        Frequency::find(defaults.frequency).and_then(Frequency::recurrence).unwrap_or(Recurrence::OnDemand);
    let (every_ms, every_days) = match recurrence {
        Recurrence::Every(ms) | Recurrence::AfterRun(ms) => (Some(ms), None),
        Recurrence::Days(days) => (None, Some(days)),
        Recurrence::Cron(_) | Recurrence::OnDemand => (None, None),
    };
    Schedule {
        id: 0,
        job_id: key.job_id.clone(),
        store_id: key.store_id,
        shop_id: key.shop_id.clone(),
        state: ScheduleState::Draft,
        zone: defaults.zone.clone(),
        frequency: defaults.frequency.to_owned(),
        kind: recurrence.kind().to_owned(),
        every_ms,
        every_days,
        cron: None,
        anchor_at: now,
        params: "{}".to_owned(),
        jitter_ms: 0,
        catch_up: CatchUp::RunOnce,
        start_deadline_ms: 60_000,
        overlap: Overlap::FollowUp,
        max_attempts: 3,
        timeout_ms: defaults.timeout_ms,
        priority: 0,
        keep_runs: None,
        keep_days: None,
        next_due_at: None,
        last_from: None,
        last_until: None,
        version: 1,
        created_at: now,
        created_by: actor.to_owned(),
        updated_at: now,
        updated_by: actor.to_owned(),
    }
}

/// What a new schedule starts from.
#[derive(Clone, Debug)]
pub struct Defaults {
    /// Frequency of the job.
    pub frequency: &'static str,
    /// Zone of the store.
    pub zone: String,
    /// How long a run of the job may take.
    pub timeout_ms: Millis,
}
