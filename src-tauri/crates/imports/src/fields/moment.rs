//! When something happened: an order, a receipt, a stock count. An instant where the file gives its zone, else wall time
//! or a plain date, which the caller places in the store's zone.

use super::date::{self, DateOrder};
use super::{FieldError, trimmed};
use crate::problem::Check;
use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use thiserror::Error;

/// A point in time, as exactly as the file knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// The cell names its zone.
    Instant(DateTime<Utc>),
    /// Date and time of day on an unnamed clock.
    WallTime(NaiveDateTime),
    /// A date only.
    Day(NaiveDate),
}

/// The cell names no moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum MomentError {
    /// Nothing there.
    #[error("The time is empty. Write a date such as 2026-08-14, or a date with a time such as 2026-08-14 09:30.")]
    Empty,
    /// The date in it is wrong.
    #[error("{0}")]
    Date(date::DateError),
    /// The date is right, the time is not.
    #[error("The time of day cannot be read. Write it like 2026-08-14 09:30 or 2026-08-14T09:30:00Z.")]
    Time,
}

impl FieldError for MomentError {
    fn check(&self) -> Check {
        Check::V3
    }
}

/// The moment in a cell: RFC 3339, ISO with or without a time, or any date form with an optional time (also AM/PM).
///
/// # Errors
/// Empty, or a date or time that cannot be read.
pub fn parse(cell: &str, order: &DateOrder) -> Result<Moment, MomentError> {
    let cell = trimmed(cell);
    if cell.is_empty() {
        return Err(MomentError::Empty);
    }
    if let Ok(instant) = DateTime::parse_from_rfc3339(cell) {
        // The year is held to the same window as a plain date.
        date::parse(cell, order).map_err(MomentError::Date)?;
        return Ok(Moment::Instant(instant.with_timezone(&Utc)));
    }
    let (day, time) = date::parse_with_rest(cell, order).map_err(MomentError::Date)?;
    let Some(time) = time else { return Ok(Moment::Day(day)) };
    let (clock, zone) = zone_of(time);
    let clock = time_of_day(clock).ok_or(MomentError::Time)?;
    let wall = day.and_time(clock);
    match zone {
        None => Ok(Moment::WallTime(wall)),
        Some(seconds) => {
            let shift = chrono::TimeDelta::try_seconds(seconds).ok_or(MomentError::Time)?;
            wall.checked_sub_signed(shift).map(|utc| Moment::Instant(utc.and_utc())).ok_or(MomentError::Time)
        }
    }
}

/// Splits `09:30 +0200`, `09:30Z` and `09:30 UTC` into the clock and the seconds east of Greenwich.
fn zone_of(time: &str) -> (&str, Option<i64>) {
    for suffix in ["Z", "z", "UTC", "GMT"] {
        if let Some(clock) = time.strip_suffix(suffix) {
            return (clock.trim_end(), Some(0));
        }
    }
    let Some(at) = time.rfind(['+', '-']) else { return (time, None) };
    let (clock, offset) = (&time[..at], &time[at + 1..]);
    let digits: String = offset.chars().filter(|c| *c != ':').collect();
    if digits.len() > 4 || digits.len() < 2 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return (time, None);
    }
    let (hours, minutes) = digits.split_at(2);
    let seconds = hours.parse::<i64>().unwrap_or(0) * 3600 + minutes.parse::<i64>().unwrap_or(0) * 60;
    (clock.trim_end(), Some(if time.as_bytes()[at] == b'-' { -seconds } else { seconds }))
}

fn time_of_day(clock: &str) -> Option<NaiveTime> {
    const FORMS: [&str; 6] = ["%H:%M:%S%.f", "%H:%M", "%I:%M:%S %p", "%I:%M %p", "%I:%M:%S%p", "%I:%M%p"];
    FORMS.iter().find_map(|form| NaiveTime::parse_from_str(clock, form).ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn read(cell: &str) -> Result<Moment, MomentError> {
        parse(cell, &DateOrder::default())
    }

    #[rstest]
    #[case("2026-08-14T09:30:00Z", "2026-08-14T09:30:00+00:00")]
    #[case("2026-08-14T09:30:00+02:00", "2026-08-14T07:30:00+00:00")]
    #[case("2026-08-14 09:30:00 +0200", "2026-08-14T07:30:00+00:00")]
    #[case("2026-08-14 09:30:00 UTC", "2026-08-14T09:30:00+00:00")]
    fn a_named_zone_gives_an_instant(#[case] cell: &str, #[case] utc: &str) {
        let Ok(Moment::Instant(instant)) = read(cell) else { panic!("a zone in the cell makes an instant: {cell}") };
        assert_eq!(instant.to_rfc3339(), utc);
    }

    #[rstest]
    #[case("2026-08-14 09:30", "2026-08-14T09:30:00")]
    #[case("2026-08-14T09:30:15", "2026-08-14T09:30:15")]
    #[case("08/14/2026 9:30 PM", "2026-08-14T21:30:00")]
    #[case("14.08.2026 21:30", "2026-08-14T21:30:00")]
    fn a_time_without_zone_stays_wall_time(#[case] cell: &str, #[case] wall: &str) {
        let Ok(Moment::WallTime(found)) = read(cell) else { panic!("no zone, no instant: {cell}") };
        assert_eq!(found.format("%Y-%m-%dT%H:%M:%S").to_string(), wall);
    }

    #[test]
    fn a_plain_date_stays_a_date_and_nonsense_is_refused() {
        assert_eq!(read("2026-08-14"), Ok(Moment::Day(NaiveDate::from_ymd_opt(2026, 8, 14).unwrap())));
        assert_eq!(read(" "), Err(MomentError::Empty));
        assert_eq!(read("2026-08-14 25:99"), Err(MomentError::Time));
        assert!(matches!(read("2026-02-30 10:00"), Err(MomentError::Date(date::DateError::Impossible))));
        assert!(read("0001-01-01T00:00:00Z").is_err(), "a year out of the window is no moment either");
    }
}
