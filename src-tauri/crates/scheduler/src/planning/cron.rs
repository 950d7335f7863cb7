//! Cron expressions, checked and normalised to five fields.

use std::str::FromStr;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use croner::errors::CronError;

use super::wall_time::{local, resolve};
use crate::Millis;

/// A checked expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cron {
    text: String,
    parsed: croner::Cron,
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

/// Weekdays as Quartz counts them, from 1.
const DAYS: [&str; 7] = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

impl Cron {
    /// Checks and normalises: five fields, or six with a leading 0 and `?` (Quartz, whose weekdays count 1 = Sunday).
    pub fn parse(given: &str) -> Result<Cron, BadCron> {
        let bad = |why: &str| BadCron::Unreadable { text: given.trim().to_owned(), why: why.to_owned() };
        let text = normalise(given).map_err(bad)?;
        let parsed = croner::Cron::from_str(&text).map_err(|error| bad(&cause(&error)))?;
        let every_hour = text.split(' ').nth(1) == Some("*");
        let cron = Cron { text, parsed, every_hour };
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

    /// Goes through the wall times from a day before, so that none is passed over in a night of 25 hours.
    fn next_wall(&self, zone: Tz, after: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let mut wall = local(zone, after) - TimeDelta::hours(25);
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
        self.parsed.describe().trim_end_matches('.').to_owned()
    }
}

/// Five fields in one spelling; Quartz' six are recognised by `?`, or by their number.
fn normalise(given: &str) -> Result<String, &'static str> {
    let upper = given.trim().to_ascii_uppercase();
    let fields: Vec<&str> = upper.split_whitespace().collect();
    match fields.as_slice() {
        [_, _, _, _, _] if !upper.contains('?') => Ok(fields.join(" ")),
        [seconds, minute, hour, day, month, weekday] => {
            if !matches!(*seconds, "0" | "00") {
                return Err("with six fields the first, seconds, must be 0");
            }
            let any = |field: &str| if field == "?" { "*".to_owned() } else { field.to_owned() };
            let weekday = if upper.contains('?') { quartz_days(weekday)? } else { any(weekday) };
            Ok([(*minute).to_owned(), (*hour).to_owned(), any(day), (*month).to_owned(), weekday].join(" "))
        }
        [minute, hour, day, month, weekday] => {
            let day = if *day == "?" { "*" } else { day };
            Ok(format!("{minute} {hour} {day} {month} {}", quartz_days(weekday)?))
        }
        _ => Err("it needs five fields: minute, hour, day, month, weekday"),
    }
}

/// Numbers become names, which mean the same to everybody; what follows `/` or `#` is a count and stays.
fn quartz_days(field: &str) -> Result<String, &'static str> {
    if field == "?" {
        return Ok("*".to_owned());
    }
    let named = |item: &str| -> Result<String, &'static str> {
        let (day, count) = match item.find(['/', '#']) {
            Some(at) => item.split_at(at),
            None => (item, ""),
        };
        let (day, last) = day.strip_suffix('L').filter(|d| !d.is_empty()).map_or((day, ""), |d| (d, "L"));
        let ends: Result<Vec<String>, &'static str> = day
            .split('-')
            .map(|end| match end.parse::<usize>() {
                Ok(n @ 1..=7) => Ok(DAYS[n - 1].to_owned()),
                Ok(_) => Err("weekdays are counted from 1, Sunday, to 7"),
                Err(_) => Ok(end.to_owned()),
            })
            .collect();
        Ok(format!("{}{last}{count}", ends?.join("-")))
    };
    let items: Result<Vec<String>, &'static str> = field.split(',').map(named).collect();
    Ok(items?.join(","))
}

fn cause(error: &CronError) -> String {
    match error {
        CronError::EmptyPattern => "it is empty".to_owned(),
        CronError::InvalidPattern(_) => "it needs five fields: minute, hour, day, month, weekday".to_owned(),
        CronError::IllegalCharacters(_) => "it holds characters that mean nothing there".to_owned(),
        CronError::ComponentError(why) => {
            let why = why.trim_end_matches('.');
            format!(
                "{}{}",
                why.chars().take(1).flat_map(char::to_lowercase).collect::<String>(),
                why.chars().skip(1).collect::<String>()
            )
        }
        CronError::InvalidDate | CronError::InvalidTime | CronError::TimeSearchLimitExceeded => {
            "it names no time".to_owned()
        }
    }
}
