//! Switching on and off, pausing, resuming, skipping one.

use presell_store::{Db, StoreError, Tx, text, within};

use super::Key;
use super::change::{ATTEMPTS, audit, subject, write};
use super::edit::first_due;
use super::read::{find, find_in};
use crate::planning::Timing;
use crate::{Millis, Schedule, ScheduleState, reason};

/// Why nothing was switched.
#[derive(Debug, thiserror::Error)]
pub enum SwitchError {
    /// There is no such schedule, or it is not in a state for this; the message says what to do.
    #[error("{0}")]
    Refused(String),
    /// Somebody else changed it at the same moment; here are the values now.
    #[error("{} changed this schedule meanwhile. Look at the new values and try again.", .0.updated_by)]
    Conflict(Box<Schedule>),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A schedule that is about to be switched, with its transaction.
struct Switch<'a> {
    tx: Tx,
    key: &'a Key,
    actor: &'a str,
    before: Schedule,
    now: Millis,
}

impl<'a> Switch<'a> {
    async fn begin(db: &Db, key: &'a Key, actor: &'a str) -> Result<Switch<'a>, SwitchError> {
        let mut tx = db.begin().await?;
        let now = tx.now().await?.timestamp_millis();
        match find_in(&mut tx, key).await? {
            Some(before) => Ok(Switch { tx, key, actor, before, now }),
            None => Err(SwitchError::Refused(format!("{} has no schedule yet. Switch it on first.", key.job_id))),
        }
    }

    /// Writes the new state; none: somebody was first, look again.
    async fn write(&mut self, action: &str, mut after: Schedule) -> Result<Option<Schedule>, SwitchError> {
        (after.updated_at, after.updated_by) = (self.now, self.actor.to_owned());
        if !write(&mut self.tx, &self.before, &after, true).await? {
            return Ok(None);
        }
        audit(&mut self.tx, action, self.key, Some(&self.before), &after, self.now, self.actor).await?;
        Ok(find_in(&mut self.tx, self.key).await?)
    }

    /// Records occurrences that are left out; `covers` of them, the newest at `due`.
    async fn skipped(&mut self, due: Millis, covers: i64, reason: &str) -> Result<(), StoreError> {
        let s = &self.before;
        let sql = text!(self.tx, "INSERT INTO run (schedule_id, job_id, store_id, shop_id, due_at, covers, origin, actor, state, reason, params, available_at,
                timeout_ms, max_attempts, created_at, finished_at)
            SELECT $1, $2, $3, $4, CAST($5 AS BIGINT), $6, 'schedule', $7, 'skipped', $8, $9, $5, $10, $11, $12, $12
            WHERE true ON CONFLICT (schedule_id, due_at, seq) WHERE due_at IS NOT NULL DO NOTHING");
        within!(&mut self.tx, c => sqlx::query(sql).bind(s.id).bind(&s.job_id).bind(s.store_id).bind(&s.shop_id).bind(due).bind(covers)
            .bind(self.actor).bind(reason).bind(&s.params).bind(s.timeout_ms).bind(s.max_attempts).bind(self.now).execute(c).await.map(|_| ()))
    }

    /// Cancels recurring runs that wait.
    async fn cancel_waiting(&mut self) -> Result<(), StoreError> {
        let sql = text!(
            self.tx,
            "UPDATE run SET state = 'cancelled', reason = 'BY_USER', stop_by = $2, finished_at = ",
            NOW,
            "
            WHERE schedule_id = $1 AND due_at IS NOT NULL AND state IN ('pending', 'queued')"
        );
        within!(&mut self.tx, c => sqlx::query(sql).bind(self.before.id).bind(self.actor).execute(c).await.map(|_| ()))
    }
}

/// Begins a switch, runs the body, commits; on a lost compare-and-swap it looks again.
macro_rules! switch {
    ($db:expr, $key:expr, $actor:expr, $s:ident => $body:expr) => {{
        let mut newest = None;
        for _ in 0..ATTEMPTS {
            let mut $s = Switch::begin($db, $key, $actor).await?;
            let done: Option<_> = $body;
            if let Some(done) = done {
                $s.tx.commit().await?;
                return Ok(done);
            }
            newest = Some($s.before);
        }
        match newest {
            Some(newest) => Err(SwitchError::Conflict(Box::new(newest))),
            None => Err(StoreError::Conflict.into()),
        }
    }};
}

/// A run time that was chosen for now may pass while the switch is on its way.
const JUST_PASSED: Millis = 60_000;

/// Switches on: draft becomes enabled, paused is resumed, enabled stays. The first occurrence is the run time that was
/// chosen, if that is still to come or has only just passed; otherwise the next on the grid.
pub async fn enable(db: &Db, key: &Key, actor: &str) -> Result<Schedule, SwitchError> {
    if find(db, key).await?.is_some_and(|s| s.state == ScheduleState::Paused) {
        return resume(db, key, false, actor).await;
    }
    switch!(db, key, actor, s => {
        if s.before.state != ScheduleState::Draft {
            return Ok(s.before);
        }
        let chosen = s.before.next_due_at.filter(|at| *at >= s.now - JUST_PASSED);
        let next_due_at = first_due(&mut s.tx, &s.before, chosen, s.now).await?;
        let after = Schedule { state: ScheduleState::Enabled, next_due_at, ..s.before.clone() };
        s.write("switch on schedule", after).await?
    })
}

/// Enabled becomes paused; a run at work goes on.
pub async fn pause(db: &Db, key: &Key, actor: &str) -> Result<Schedule, SwitchError> {
    switch!(db, key, actor, s => match s.before.state {
        ScheduleState::Paused => return Ok(s.before),
        ScheduleState::Draft => {
            return Err(SwitchError::Refused(format!("{} is not switched on, so there is nothing to pause.", key.job_id)));
        }
        ScheduleState::Enabled => {
            let after = Schedule { state: ScheduleState::Paused, ..s.before.clone() };
            s.write("pause schedule", after).await?
        }
    })
}

/// Paused becomes enabled, from the first occurrence after now; what fell due meanwhile is one SKIPPED (PAUSED) row.
/// `catch_up`: treat it as missed instead, so that the schedule's catch-up policy applies.
pub async fn resume(db: &Db, key: &Key, catch_up: bool, actor: &str) -> Result<Schedule, SwitchError> {
    switch!(db, key, actor, s => match s.before.state {
        ScheduleState::Enabled => return Ok(s.before),
        ScheduleState::Draft => {
            return Err(SwitchError::Refused(format!("{} is not switched on. Switch it on first.", key.job_id)));
        }
        ScheduleState::Paused => {
            let mut after = Schedule { state: ScheduleState::Enabled, ..s.before.clone() };
            let mut left_out = None;
            if !catch_up && let Some(due) = s.before.next_due_at.filter(|due| *due <= s.now) {
                let passed = Timing::of(&s.before).ok().and_then(|timing| timing.count(due + 1, s.now));
                left_out = Some(passed.map_or((due, 1), |(newest, count)| (newest, count + 1)));
                after.next_due_at = first_due(&mut s.tx, &s.before, None, s.now).await?;
            }
            let written = s.write("resume schedule", after).await?;
            if let (Some(_), Some((newest, count))) = (&written, left_out) {
                s.skipped(newest, count, reason::PAUSED).await?;
            }
            written
        }
    })
}

/// Leaves out the next occurrence, which becomes a SKIPPED (BY_USER) row. Returns the schedule and the time left out.
pub async fn skip(db: &Db, key: &Key, actor: &str) -> Result<(Schedule, Millis), SwitchError> {
    switch!(db, key, actor, s => {
        let due = match (s.before.state, s.before.next_due_at) {
            (ScheduleState::Enabled, Some(due)) => due,
            (ScheduleState::Enabled, None) => {
                return Err(SwitchError::Refused(format!("{} is not due by itself, so there is nothing to skip.", key.job_id)));
            }
            _ => return Err(SwitchError::Refused(format!("{} is not switched on, so there is nothing to skip.", key.job_id))),
        };
        let Some(next) = Timing::of(&s.before).ok().and_then(|timing| timing.next(due)) else {
            return Err(SwitchError::Refused(format!("{} is due only once more. Switch it off instead.", key.job_id)));
        };
        let after = Schedule { next_due_at: Some(next), ..s.before.clone() };
        let written = s.write("skip one run", after).await?;
        if written.is_some() {
            s.skipped(due, 1, reason::BY_USER).await?;
        }
        written.map(|after| (after, due))
    })
}

/// Switches off: back to draft, settings kept, waiting recurring runs cancelled; one at work ends normally.
pub async fn cancel(db: &Db, key: &Key, actor: &str) -> Result<Schedule, SwitchError> {
    switch!(db, key, actor, s => {
        if s.before.state == ScheduleState::Draft {
            return Ok(s.before);
        }
        let after = Schedule { state: ScheduleState::Draft, next_due_at: None, ..s.before.clone() };
        let written = s.write("switch off schedule", after).await?;
        if written.is_some() {
            s.cancel_waiting().await?;
        }
        written
    })
}

/// Undoes a cancel: as before it, as if nothing had happened, occurrences that fell due meanwhile counted as missed.
/// Only the last thing that was done to a schedule can be undone so.
pub async fn restore(db: &Db, key: &Key, actor: &str) -> Result<Schedule, SwitchError> {
    switch!(db, key, actor, s => {
        let nothing = || SwitchError::Refused(format!("{} was not just switched off, so there is nothing to undo.", key.job_id));
        let sql = "SELECT action, before FROM audit WHERE subject = $1 ORDER BY id DESC LIMIT 1";
        let last: Option<(String, Option<String>)> =
            within!(&mut s.tx, c => sqlx::query_as(sql).bind(subject(key)).fetch_optional(c).await)?;
        let Some((_, Some(text))) = last.filter(|(action, _)| action == "switch off schedule") else { return Err(nothing()) };
        let was: serde_json::Value = serde_json::from_str(&text).map_err(|_| nothing())?;
        let state = was["state"].as_str().and_then(|word| word.parse().ok()).ok_or_else(nothing)?;
        let after = Schedule { state, next_due_at: was["nextDueAt"].as_i64(), ..s.before.clone() };
        s.write("switch on schedule again", after).await?
    })
}
