//! The occurrences of a schedule: steps on a grid, days and cron on wall time.

use std::collections::BTreeSet;

use chrono::{DateTime, Days};
use chrono_tz::Tz;

use super::wall_time::{local, resolve};
use super::{BadCron, Cron};
use crate::{Millis, Schedule};

/// Occurrences of a cron expression that are counted one by one; beyond, their number is "at least this".
const COUNTED: i64 = 10_000;
const MINUTE: Millis = 60_000;
const HOUR: Millis = 60 * MINUTE;
const DAY: Millis = 24 * HOUR;

/// How a schedule repeats.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recurrence {
    /// Elapsed time on the grid `anchor + k · step`; daylight saving cannot touch it.
    Every(Millis),
    /// Every so many days at the anchor's wall time.
    Days(i64),
    /// Wall time.
    Cron(Cron),
    /// So long after the end of the last run, whatever its outcome.
    AfterRun(Millis),
    /// Never by itself.
    OnDemand,
}

impl Recurrence {
    /// The column `kind`.
    pub fn kind(&self) -> &'static str {
        match self {
            Recurrence::Every(_) => "every",
            Recurrence::Days(_) => "days",
            Recurrence::Cron(_) => "cron",
            Recurrence::AfterRun(_) => "after_run",
            Recurrence::OnDemand => "on_demand",
        }
    }

    /// In plain words.
    pub fn words(&self) -> String {
        match self {
            Recurrence::Every(step) => format!("Every {}", span(*step)),
            Recurrence::Days(1) => "Every day".to_owned(),
            Recurrence::Days(days) => format!("Every {days} days"),
            Recurrence::Cron(cron) => cron.words(),
            Recurrence::AfterRun(delay) => format!("{} after each run", counted(&span(*delay))),
            Recurrence::OnDemand => "On demand".to_owned(),
        }
    }
}

/// A span in its largest whole unit.
fn span(ms: Millis) -> String {
    for (unit, name) in [(DAY, "day"), (HOUR, "hour"), (MINUTE, "minute"), (1_000, "second")] {
        if ms % unit == 0 {
            return match ms / unit {
                1 => name.to_owned(),
                n => format!("{n} {name}s"),
            };
        }
    }
    format!("{ms} milliseconds")
}

/// "1 hour" for "hour"; a span that has a number keeps it.
fn counted(span: &str) -> String {
    if span.starts_with(|c: char| c.is_ascii_digit()) { span.to_owned() } else { format!("1 {span}") }
}

/// A recurrence with its zone and its first run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timing {
    /// How it repeats.
    pub recurrence: Recurrence,
    /// Whose clocks wall times are read from.
    pub zone: Tz,
    /// First run; nothing is due before it.
    pub anchor: Millis,
}

/// A stored timing that this version cannot read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadTiming {
    /// The zone is not known.
    #[error("\"{0}\" is no time zone. Give a name such as Europe/Paris.")]
    Zone(String),
    /// The expression is refused.
    #[error(transparent)]
    Cron(#[from] BadCron),
    /// The kind, or its step, is missing or not known.
    #[error("The frequency \"{0}\" is not complete. Choose it again.")]
    Incomplete(String),
}

impl Timing {
    /// The timing of a schedule.
    pub fn of(schedule: &Schedule) -> Result<Timing, BadTiming> {
        let zone = schedule.zone.parse().map_err(|_| BadTiming::Zone(schedule.zone.clone()))?;
        let incomplete = || BadTiming::Incomplete(schedule.frequency.clone());
        let step = || schedule.every_ms.filter(|ms| *ms > 0).ok_or_else(incomplete);
        let recurrence = match schedule.kind.as_str() {
            "every" => Recurrence::Every(step()?),
            "after_run" => Recurrence::AfterRun(step()?),
            "days" => Recurrence::Days(schedule.every_days.filter(|d| *d > 0).ok_or_else(incomplete)?),
            "cron" => Recurrence::Cron(Cron::parse(schedule.cron.as_deref().ok_or_else(incomplete)?)?),
            "on_demand" => Recurrence::OnDemand,
            _ => return Err(incomplete()),
        };
        Ok(Timing { recurrence, zone, anchor: schedule.anchor_at })
    }

    /// The first occurrence after `after`; never before the anchor. None: nothing is due by itself.
    pub fn next(&self, after: Millis) -> Option<Millis> {
        let from = after.max(self.anchor - 1);
        match &self.recurrence {
            Recurrence::Every(step) => {
                let passed = from + 1 - self.anchor;
                Some(
                    self.anchor
                        + passed.div_euclid(*step) * step
                        + if passed.rem_euclid(*step) > 0 { *step } else { 0 },
                )
            }
            Recurrence::Days(days) => {
                let mut k = self.steps_before(*days, from);
                loop {
                    let at = self.day(*days, k)?;
                    if at > from {
                        return Some(at);
                    }
                    k += 1;
                }
            }
            Recurrence::Cron(cron) => cron.next(self.zone, from),
            Recurrence::AfterRun(_) | Recurrence::OnDemand => None,
        }
    }

    /// The first occurrence of a schedule that is switched on, or edited: the run time that was chosen, if any, otherwise
    /// the first after `after`; none of those `taken`. Cron keeps to its own times; a run time says from when on.
    pub fn first(&self, chosen: Option<Millis>, after: Millis, taken: &BTreeSet<Millis>) -> Option<Millis> {
        match (&self.recurrence, chosen.filter(|at| !taken.contains(at))) {
            (Recurrence::Cron(_), Some(chosen)) => self.next_without_row(chosen - 1, taken),
            (_, Some(chosen)) => Some(chosen),
            (Recurrence::AfterRun(_), None) => Some(after),
            (_, None) => self.next_without_row(after, taken),
        }
    }

    /// The first occurrence after `after` that is not `taken`: what has a row never runs again. A clock that was ahead for
    /// a while leaves rows in the future, and nobody waits until it is there again.
    pub fn next_without_row(&self, after: Millis, taken: &BTreeSet<Millis>) -> Option<Millis> {
        let mut next = self.next(after)?;
        while taken.contains(&next) {
            next = self.next(next)?;
        }
        Some(next)
    }

    /// The newest occurrence at or before `at` and how many there are from `from` to it, both included. Arithmetic for
    /// steps and days; cron counts up to 10,000 and then goes to the newest by another way.
    pub fn count(&self, from: Millis, at: Millis) -> Option<(Millis, i64)> {
        let first = self.next(from - 1).filter(|first| *first <= at)?;
        match &self.recurrence {
            Recurrence::Every(step) => {
                let k = (at - first).div_euclid(*step);
                Some((first + k * step, k + 1))
            }
            Recurrence::Days(days) => {
                let mut k = self.steps_before(*days, at);
                while self.day(*days, k + 1).is_some_and(|next| next <= at) {
                    k += 1;
                }
                let mut first_k = self.steps_before(*days, first);
                while self.day(*days, first_k).is_some_and(|day| day < first) {
                    first_k += 1;
                }
                Some((self.day(*days, k)?, k - first_k + 1))
            }
            Recurrence::Cron(_) => Some(self.count_one_by_one(first, at)),
            Recurrence::AfterRun(_) | Recurrence::OnDemand => None,
        }
    }

    fn count_one_by_one(&self, first: Millis, at: Millis) -> (Millis, i64) {
        let (mut newest, mut count) = (first, 1);
        while let Some(next) = self.next(newest).filter(|next| *next <= at) {
            newest = next;
            count += 1;
            if count == COUNTED {
                return (self.newest(newest, at), count);
            }
        }
        (newest, count)
    }

    /// The newest occurrence from `known`, which is one, to `at`; nothing is counted on the way.
    pub(super) fn newest(&self, known: Millis, at: Millis) -> Millis {
        if !matches!(self.recurrence, Recurrence::Cron(_)) {
            return self.count(known + 1, at).map_or(known, |(newest, _)| newest);
        }
        // Looks back in ever longer spans, then forward.
        for span in [HOUR, DAY, 40 * DAY, 400 * DAY, 4_000 * DAY] {
            let mut found = None;
            let mut from = (at - span).max(known);
            while let Some(next) = self.next(from).filter(|next| *next <= at) {
                (found, from) = (Some(next), next);
            }
            if let Some(found) = found {
                return found;
            }
        }
        known
    }

    /// A number of day steps that is surely not beyond `at`.
    fn steps_before(&self, days: i64, at: Millis) -> i64 {
        let date = |ms| local(self.zone, DateTime::from_timestamp_millis(ms).unwrap_or_default()).date();
        // A whole day that a zone left out makes two dates of one instant; two steps back is always enough.
        ((date(at) - date(self.anchor)).num_days().div_euclid(days) - 2).max(0)
    }

    /// The instant `k` day steps after the anchor, at its wall time.
    fn day(&self, days: i64, k: i64) -> Option<Millis> {
        let wall = local(self.zone, DateTime::from_timestamp_millis(self.anchor)?);
        if k == 0 {
            return Some(self.anchor);
        }
        let date = wall.date().checked_add_days(Days::new((k * days).unsigned_abs()))?;
        Some(resolve(self.zone, date.and_time(wall.time())).timestamp_millis())
    }
}
