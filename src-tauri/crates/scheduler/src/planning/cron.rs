//! Cron expressions and their times.

use std::str::FromStr;

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use chrono_tz::Tz;

use super::cron_text::{blame, normalise};
use super::wall_time::{local, resolve};
use crate::Millis;

/// A checked expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cron {
    text: String,
    parsed: Box<croner::Cron>,
    /// The hour is `*`: it follows elapsed time, also through a night on which the clocks change.
    every_hour: bool,
}

/// Why an expression is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadCron {
    /// It cannot be read.
    #[error("\"{text}\" is no cron expression: {why}. An example is 0 9 * * MON-FRI, nine o'clock on working days.")]
    Unreadable {
        /// What was given.
        text: String,
        /// What is wrong with it.
        why: String,
    },
    /// It names a day that never comes.
    #[error("\"{0}\" never comes: no month has such a day.")]
    Never(String),
}

impl Cron {
    /// Checks and normalises: five fields, or six with a leading 0 and `?` (Quartz, whose weekdays count 1 = Sunday).
    pub fn parse(given: &str) -> Result<Cron, BadCron> {
        let bad = |why: String| BadCron::Unreadable { text: given.trim().to_owned(), why };
        let text = normalise(given).map_err(bad)?;
        let parsed = croner::Cron::from_str(&text).map_err(|error| bad(blame(&text, &error)))?;
        let every_hour = text.split(' ').nth(1) == Some("*");
        let cron = Cron { text, parsed: Box::new(parsed), every_hour };
        // croner searches some thousand years; what it does not find there never comes.
        let start =
            NaiveDate::from_ymd_opt(2024, 1, 1).and_then(|d| d.and_hms_opt(0, 0, 0)).unwrap_or_default().and_utc();
        match cron.parsed.find_next_occurrence(&start, true) {
            Ok(_) => Ok(cron),
            Err(_) => Err(BadCron::Never(given.trim().to_owned())),
        }
    }

    /// The five fields.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// It comes in every hour, so it follows elapsed time.
    pub(super) fn is_every_hour(&self) -> bool {
        self.every_hour
    }

    /// Clocks that show this make it due.
    pub(super) fn wants(&self, wall: NaiveDateTime) -> bool {
        self.parsed.is_time_matching(&wall.and_utc()).unwrap_or(false)
    }

    /// The first time after `after` on the clocks of `zone`.
    pub fn next(&self, zone: Tz, after: Millis) -> Option<Millis> {
        let after = DateTime::from_timestamp_millis(after)?;
        let next = if self.every_hour { self.next_elapsed(zone, after) } else { self.next_wall(zone, after) };
        next.map(|at| at.timestamp_millis())
    }

    fn next_elapsed(&self, zone: Tz, after: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let next = self.parsed.find_next_occurrence(&after.with_timezone(&zone), false).ok()?;
        Some(next.with_timezone(&Utc))
    }

    /// Goes through the wall times after the one that clocks show. No earlier one is still to come: a later wall time
    /// never has an earlier instant. In an hour that comes twice, those that came the first time are passed over.
    fn next_wall(&self, zone: Tz, after: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let mut wall = local(zone, after);
        loop {
            wall = self.parsed.find_next_occurrence(&wall.and_utc(), false).ok()?.naive_utc();
            let at = resolve(zone, wall);
            if at > after {
                return Some(at);
            }
        }
    }

    /// In plain words, such as "At 09:00, Monday to Friday".
    pub fn words(&self) -> String {
        let words = self.parsed.describe();
        let working_days = "on Monday, Tuesday, Wednesday, Thursday, and Friday";
        words.trim_end_matches('.').replace("At every", "Every").replace(working_days, "Monday to Friday")
    }
}
