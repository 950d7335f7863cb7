//! What a tick does with the occurrences that are due.

use std::collections::BTreeSet;

use super::{Recurrence, Timing};
use crate::{CatchUp, Millis, Schedule, reason};

/// Missed occurrences that `run_all` still runs.
const RUN_ALL_AT_MOST: usize = 24;

/// What becomes of an occurrence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It runs, not before `available_at` (jitter).
    Run {
        /// Earliest start.
        available_at: Millis,
    },
    /// It does not, and a row says why.
    Skipped {
        /// See [`reason`](crate::reason).
        reason: &'static str,
        /// Occurrences the row stands for, this one included.
        covers: i64,
    },
}

/// One row to insert.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Occurrence {
    /// Its intended time; of a row that covers several, the newest of them.
    pub due: Millis,
    /// What becomes of it.
    pub fate: Fate,
}

/// The whole of one tick.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// Rows to insert, oldest first.
    pub rows: Vec<Occurrence>,
    /// Where the schedule stands afterwards.
    pub next_due: Option<Millis>,
}

/// Plans one tick. `busy`: its previous recurring run is open (only with overlap `skip`; with the other policies a busy
/// schedule is not ticked at all).
pub fn plan(schedule: &Schedule, timing: &Timing, now: Millis, busy: bool) -> Plan {
    let Some(due) = schedule.next_due_at.filter(|due| *due <= now) else {
        return Plan { rows: Vec::new(), next_due: schedule.next_due_at };
    };
    if matches!(timing.recurrence, Recurrence::AfterRun(_) | Recurrence::OnDemand) {
        return Plan { rows: vec![run(schedule, timing, due)], next_due: None };
    }
    // An edit may leave the schedule waiting for a time that is no occurrence of its grid any more; it still counts once.
    let (newest, count) = match timing.count(due + 1, now) {
        Some((newest, count)) => (newest, count + 1),
        None => (due, 1),
    };
    let next_due = timing.next(newest.max(now));
    let missed = Missed { schedule, timing, due, newest, count };
    let late = !missed.merged(newest) && now - newest > schedule.start_deadline_ms;
    let rows = match schedule.catch_up {
        _ if busy => vec![skipped(newest, reason::OVERLAP, count)],
        CatchUp::Skip if late => missed.skip(newest, count),
        CatchUp::RunAll => return missed.run_all(next_due),
        CatchUp::Skip | CatchUp::RunOnce => {
            let mut rows = missed.before(newest).map_or_else(Vec::new, |before| missed.skip(before, count - 1));
            rows.push(run(schedule, timing, newest));
            rows
        }
    };
    Plan { rows, next_due }
}

/// After the clock went back: the occurrence the schedule should wait for, if that is earlier than the one it waits for.
/// `taken` are the occurrences after now that have a row already.
pub fn realign(schedule: &Schedule, timing: &Timing, now: Millis, taken: &BTreeSet<Millis>) -> Option<Millis> {
    let first = timing.next_without_row(now, taken)?;
    schedule.next_due_at.filter(|due| first < *due).map(|_| first)
}

/// The occurrences from `due` to `newest`.
struct Missed<'a> {
    schedule: &'a Schedule,
    timing: &'a Timing,
    due: Millis,
    newest: Millis,
    count: i64,
}

impl Missed<'_> {
    /// Fell due while the previous run was open.
    fn merged(&self, due: Millis) -> bool {
        self.schedule.last_from.is_some_and(|from| from < due)
            && self.schedule.last_until.is_some_and(|until| due <= until)
    }

    /// The occurrence before `at`, if it is one of these.
    fn before(&self, at: Millis) -> Option<Millis> {
        (at > self.due).then(|| self.newest_until(at - 1))
    }

    /// The newest of these that is not after `at`.
    fn newest_until(&self, at: Millis) -> Millis {
        self.timing.newest(self.due, at)
    }

    /// How many of these lie after `from` and not after `until`.
    fn between(&self, from: Millis, until: Millis) -> i64 {
        let first = i64::from(self.due > from && self.due <= until);
        first + self.timing.count(from.max(self.due) + 1, until.min(self.newest)).map_or(0, |(_, count)| count)
    }

    /// Rows for the `count` occurrences up to `last`: one for those that were merged, one for the others.
    fn skip(&self, last: Millis, count: i64) -> Vec<Occurrence> {
        let (from, until) = (self.schedule.last_from, self.schedule.last_until);
        let merged = match (from, until) {
            (Some(from), Some(until)) => self.between(from, until.min(last)),
            _ => 0,
        }
        .min(count);
        let mut rows = Vec::new();
        if merged > 0 {
            let newest = self.newest_until(until.unwrap_or(last).min(last));
            rows.push(skipped(newest, reason::MERGED, merged));
        }
        if count > merged {
            // All merged ones lie at one side or the other of the rest; the rest's newest is `last`, or the one before them.
            let newest = if self.merged(last) { self.newest_until(from.unwrap_or(last)) } else { last };
            rows.push(skipped(newest, reason::LATE, count - merged));
        }
        rows.sort_by_key(|row| row.due);
        rows
    }

    /// Runs the oldest that may still run, and lets the schedule wait for the one after it.
    fn run_all(&self, next_due: Option<Millis>) -> Plan {
        let until = self.schedule.last_until.filter(|_| self.merged(self.due));
        // Merged ones are one occurrence: the newest of them.
        let (mut rows, oldest) = match until {
            Some(until) => {
                // A clock that went back may have left the end of the previous run ahead of now.
                let newest = self.newest_until(until.min(self.newest));
                let count = self.between(self.due - 1, newest) - 1;
                (
                    self.before(newest)
                        .filter(|_| count > 0)
                        .map(|b| skipped(b, reason::MERGED, count))
                        .into_iter()
                        .collect(),
                    newest,
                )
            }
            None => (Vec::new(), self.due),
        };
        // The newest 24, looked for from the end; `count` may be large.
        let left = self.between(oldest - 1, self.newest);
        let mut runs = oldest;
        let most = RUN_ALL_AT_MOST as i64;
        if left > most {
            let mut at = self.newest;
            for _ in 1..RUN_ALL_AT_MOST {
                at = self.before(at).unwrap_or(at);
            }
            runs = at;
            if let Some(before) = self.before(at) {
                rows.push(skipped(before, reason::LATE, self.count.min(left) - most));
            }
        }
        rows.push(run(self.schedule, self.timing, runs));
        let next = if runs < self.newest { self.timing.next(runs) } else { next_due };
        Plan { rows, next_due: next }
    }
}

fn skipped(due: Millis, reason: &'static str, covers: i64) -> Occurrence {
    Occurrence { due, fate: Fate::Skipped { reason, covers } }
}

/// The row of an occurrence that runs, later by its jitter but before the next one.
fn run(schedule: &Schedule, timing: &Timing, due: Millis) -> Occurrence {
    let mut available_at = due;
    if schedule.jitter_ms > 0 {
        let spread = scatter(schedule.id, due) % schedule.jitter_ms.unsigned_abs();
        available_at = due.saturating_add(i64::try_from(spread).unwrap_or(0));
        if let Some(next) = timing.next(due) {
            available_at = available_at.min(next - 1);
        }
    }
    Occurrence { due, fate: Fate::Run { available_at } }
}

/// The same number for the same occurrence on every node.
fn scatter(schedule: i64, due: Millis) -> u64 {
    let mut z = schedule.unsigned_abs().wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ due.unsigned_abs();
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}
