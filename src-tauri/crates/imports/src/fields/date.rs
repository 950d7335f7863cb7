//! Calendar dates in the forms people and ERPs write. Whether `03/04/2027` is March or April is decided over the whole
//! column: [`DateOrder::observe`] every cell first, then [`parse`]. A time of day beside a date is dropped, never shifted.

use super::{FieldError, trimmed};
use crate::problem::{Check, Problem, clip};
use chrono::{Datelike, Months, NaiveDate, TimeDelta};
use thiserror::Error;

/// Years that are believed where all four digits are written.
const YEARS: std::ops::RangeInclusive<i32> = 1990..=2100;
/// A year of two digits below this is 20xx; above it, it is refused.
const TWO_DIGIT_LIMIT: i32 = 80;
/// Serial day numbers of a spreadsheet, 2000-01-01 to 2079-12-31.
const SERIALS: std::ops::RangeInclusive<i64> = 36_526..=65_745;

/// Why a cell is no date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum DateError {
    /// Nothing there.
    #[error("The date is missing. Write it like 2026-08-14.")]
    Empty,
    /// No known form.
    #[error("This is not a date that can be read. Write it like 2026-08-14, 08/14/2026 or 14 Aug 2026.")]
    Unreadable,
    /// 30 February, month 13.
    #[error("This day does not exist in the calendar. Correct the day or the month.")]
    Impossible,
    /// A year of two digits from 80 to 99, or four digits outside 1990 to 2100.
    #[error(
        "The year cannot be meant: two digits stand for 2000 to 2079, four digits for 1990 to 2100. Write the year in full."
    )]
    YearOutOfWindow,
    /// The column holds day-first and month-first dates.
    #[error("The column mixes day-first and month-first dates, so this one could be either. Write it like 2026-08-14.")]
    Unclear,
}

impl FieldError for DateError {
    fn check(&self) -> Check {
        Check::V3
    }
}

/// What the cells of one column say about day and month where both are numbers.
///
/// A number above 12 can only be a day and decides for the whole column; without one, dates are read month first and
/// [`DateOrder::asks`] says so.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DateOrder {
    day_first: u32,
    month_first: u32,
    ambiguous: Option<String>,
}

impl DateOrder {
    /// Takes one cell of the column as evidence.
    pub fn observe(&mut self, cell: &str) {
        if cell.as_bytes().get(4) == Some(&b'-') || !cell.bytes().any(|b| matches!(b, b'/' | b'-')) {
            return;
        }
        let Some((Parts::Numeric { first, second, .. }, _)) = Parts::of(trimmed(cell)) else { return };
        match (first > 12, second > 12) {
            (true, false) => self.day_first += 1,
            (false, true) => self.month_first += 1,
            (false, false) if first != second && self.ambiguous.is_none() => self.ambiguous = Some(clip(cell)),
            _ => {}
        }
    }

    /// Takes a person's word for it.
    pub fn decide(&mut self, day_first: bool) {
        *self = DateOrder { day_first: day_first.into(), month_first: (!day_first).into(), ambiguous: None };
    }

    /// What the cells say, if they say it.
    pub fn shown(&self) -> Option<bool> {
        (self.day_first > 0 || self.month_first > 0).then(|| self.is_day_first())
    }

    /// Whether `03/04/2027` is the third of April in this column; false where nothing decides.
    pub fn is_day_first(&self) -> bool {
        self.day_first > 0 && self.month_first == 0
    }

    /// A question for the person, where day and month of every such date could be swapped.
    pub fn asks(&self, column: &str) -> Option<Problem> {
        let example = self.ambiguous.as_deref().filter(|_| self.day_first == 0 && self.month_first == 0)?;
        let read = parse(example, self).ok()?;
        let message = format!(
            "No date in this column shows whether the day or the month comes first. They were read month first: {example} as {}. If that is wrong, write the dates like 2026-08-14.",
            read.format("%-d %B %Y")
        );
        Some(Problem::asks(Check::V4, message).in_column(column).with_value(example))
    }

    fn is_mixed(&self) -> bool {
        self.day_first > 0 && self.month_first > 0
    }
}

/// A date that is right but surprising.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Error)]
pub enum DateDoubt {
    /// Before today.
    #[error("This date has passed, so the line cannot be pre-sold. Confirm, or correct the date.")]
    Past,
    /// Today itself.
    #[error("This date is today. Confirm that the goods are still to come.")]
    Today,
    /// More than two years ahead.
    #[error("This date is more than two years ahead. Confirm, or correct the year.")]
    FarAhead,
}

/// Whether a date is one that purchase orders have.
pub fn is_believed(date: NaiveDate) -> bool {
    YEARS.contains(&date.year())
}

/// What a person should confirm about an arrival date, given today's date in the store's zone.
pub fn doubt(date: NaiveDate, today: NaiveDate) -> Option<DateDoubt> {
    if date < today {
        Some(DateDoubt::Past)
    } else if date == today {
        Some(DateDoubt::Today)
    } else if today.checked_add_months(Months::new(24)).is_some_and(|limit| date > limit) {
        Some(DateDoubt::FarAhead)
    } else {
        None
    }
}

/// The calendar date in a cell; a time of day after it is allowed and dropped.
///
/// # Errors
/// Missing, unreadable, impossible, a year outside the window, or unclear within a mixed column.
pub fn parse(cell: &str, order: &DateOrder) -> Result<NaiveDate, DateError> {
    parse_with_rest(cell, order).map(|(date, _)| date)
}

/// The date in a cell and the text after it, which begins with a digit where there is any.
pub(super) fn parse_with_rest<'c>(cell: &'c str, order: &DateOrder) -> Result<(NaiveDate, Option<&'c str>), DateError> {
    let cell = trimmed(cell);
    if cell.is_empty() {
        return Err(DateError::Empty);
    }
    let (parts, rest) = Parts::of(cell).ok_or(DateError::Unreadable)?;
    let date = parts.date(order)?;
    let rest = rest.trim_start_matches([' ', ',']);
    let time = rest.strip_prefix('T').unwrap_or(rest).trim_start();
    match time.as_bytes().first() {
        None if rest.is_empty() => Ok((date, None)),
        Some(b'0'..=b'9') if time.len() <= 40 => Ok((date, Some(time))),
        _ => Err(DateError::Unreadable),
    }
}

/// The written numbers, before they are a date.
enum Parts {
    /// Year, month and day are known by their place.
    Placed { year: u32, year_digits: usize, month: u32, day: u32 },
    /// Two small numbers and a year: the column decides.
    Numeric { first: u32, second: u32, year: u32, year_digits: usize },
    /// A spreadsheet's day number.
    Serial(i64),
}

impl Parts {
    fn of(cell: &str) -> Option<(Self, &str)> {
        let mut scan = Scan { rest: cell };
        if let Some(month) = scan.month() {
            // Aug 14, 2026
            scan.gap();
            let (day, _) = scan.number(2)?;
            scan.gap();
            let (year, year_digits) = scan.number(4)?;
            return Some((Self::Placed { year, year_digits, month, day }, scan.rest));
        }
        let (first, digits) = scan.number(8)?;
        match digits {
            8 => Some((
                Self::Placed { year: first / 10_000, year_digits: 4, month: first / 100 % 100, day: first % 100 },
                scan.rest,
            )),
            5 => {
                let fraction = scan.rest.strip_prefix('.').unwrap_or(scan.rest);
                let rest = fraction.trim_start_matches(|c: char| c.is_ascii_digit());
                Some((Self::Serial(i64::from(first)), rest))
            }
            4 => {
                let separator = scan.separator()?;
                let (month, _) = scan.number(2)?;
                scan.exactly(separator)?;
                let (day, _) = scan.number(2)?;
                Some((Self::Placed { year: first, year_digits: 4, month, day }, scan.rest))
            }
            1 | 2 => {
                let mut named = Scan { rest: scan.rest };
                named.gap();
                if let Some(month) = named.month() {
                    // 14 Aug 2026, 14-AUG-26
                    named.gap();
                    let (year, year_digits) = named.number(4)?;
                    return Some((Self::Placed { year, year_digits, month, day: first }, named.rest));
                }
                let separator = scan.separator()?;
                let (second, _) = scan.number(2)?;
                scan.exactly(separator)?;
                let (year, year_digits) = scan.number(4)?;
                let parts = if separator == b'.' {
                    Self::Placed { year, year_digits, month: second, day: first }
                } else {
                    Self::Numeric { first, second, year, year_digits }
                };
                Some((parts, scan.rest))
            }
            _ => None,
        }
    }

    fn date(&self, order: &DateOrder) -> Result<NaiveDate, DateError> {
        match *self {
            Self::Serial(day) if SERIALS.contains(&day) => NaiveDate::from_ymd_opt(1899, 12, 30)
                .and_then(|epoch| epoch.checked_add_signed(TimeDelta::try_days(day)?))
                .ok_or(DateError::Unreadable),
            Self::Serial(_) => Err(DateError::Unreadable),
            Self::Placed { year, year_digits, month, day } => calendar(year, year_digits, month, day),
            Self::Numeric { first, second, year, year_digits } => {
                let evident = first > 12 || second > 12 || first == second;
                if order.is_mixed() && !evident {
                    return Err(DateError::Unclear);
                }
                let day_first = if order.is_mixed() { first > 12 } else { order.is_day_first() };
                let (day, month) = if day_first { (first, second) } else { (second, first) };
                calendar(year, year_digits, month, day)
            }
        }
    }
}

fn calendar(year: u32, year_digits: usize, month: u32, day: u32) -> Result<NaiveDate, DateError> {
    let written = i32::try_from(year).map_err(|_| DateError::YearOutOfWindow)?;
    let year = match year_digits {
        2 if written < TWO_DIGIT_LIMIT => 2000 + written,
        2 => return Err(DateError::YearOutOfWindow),
        4 => written,
        _ => return Err(DateError::Unreadable),
    };
    let date = NaiveDate::from_ymd_opt(year, month, day).ok_or(DateError::Impossible)?;
    if YEARS.contains(&date.year()) { Ok(date) } else { Err(DateError::YearOutOfWindow) }
}

/// Reads a cell from its front; every step allocates nothing.
struct Scan<'c> {
    rest: &'c str,
}

impl Scan<'_> {
    /// A number and how many digits it is written with; `None` where there are none or too many.
    fn number(&mut self, most: usize) -> Option<(u32, usize)> {
        let digits = self.rest.bytes().take_while(u8::is_ascii_digit).count();
        if digits == 0 || digits > most {
            return None;
        }
        let (number, rest) = self.rest.split_at(digits);
        self.rest = rest;
        Some((number.bytes().fold(0, |n, b| n * 10 + u32::from(b - b'0')), digits))
    }

    fn separator(&mut self) -> Option<u8> {
        let first = *self.rest.as_bytes().first()?;
        matches!(first, b'-' | b'/' | b'.').then(|| {
            self.rest = &self.rest[1..];
            first
        })
    }

    fn exactly(&mut self, separator: u8) -> Option<()> {
        (self.separator()? == separator).then_some(())
    }

    /// What may stand around the name of a month.
    fn gap(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '-', '/', '.', ',', '\u{a0}']);
    }

    /// The name of a month in English, in full or its first three letters ("Sept" too).
    fn month(&mut self) -> Option<u32> {
        const NAMES: [&str; 12] = [
            "january",
            "february",
            "march",
            "april",
            "may",
            "june",
            "july",
            "august",
            "september",
            "october",
            "november",
            "december",
        ];
        let letters = self.rest.bytes().take_while(u8::is_ascii_alphabetic).count();
        let (word, rest) = self.rest.split_at(letters);
        let fits = |name: &str| {
            (letters == 3 || letters == 4 || letters == name.len())
                && name.get(..letters).is_some_and(|head| head.eq_ignore_ascii_case(word))
        };
        let found = (letters >= 3).then(|| NAMES.iter().position(|name| fits(name))).flatten()?;
        self.rest = rest;
        u32::try_from(found + 1).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    fn day(y: i32, m: u32, d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, d).unwrap()
    }

    fn column(cells: &[&str]) -> DateOrder {
        let mut order = DateOrder::default();
        cells.iter().for_each(|cell| order.observe(cell));
        order
    }

    #[rstest]
    #[case("2026-08-14")]
    #[case(" 2026-08-14 ")]
    #[case("2026-8-14")]
    #[case("2026/08/14")]
    #[case("2026.08.14")]
    #[case("20260814")]
    #[case("2026-08-14T00:00:00Z")]
    #[case("2026-08-14T23:30:00-07:00")]
    #[case("2026-08-14 00:00:00.000")]
    #[case("08/14/2026")]
    #[case("8/14/2026")]
    #[case("08/14/26")]
    #[case("8/14/2026 12:00:00 AM")]
    #[case("14/08/2026")]
    #[case("14-08-2026")]
    #[case("14.08.2026")]
    #[case("14.8.26")]
    #[case("14 Aug 2026")]
    #[case("14-AUG-2026")]
    #[case("14-Aug-26")]
    #[case("Aug 14, 2026")]
    #[case("August 14 2026")]
    #[case("46248")]
    #[case("46248.5")]
    fn every_known_form_gives_the_same_day(#[case] cell: &str) {
        assert_eq!(parse(cell, &column(&[cell])), Ok(day(2026, 8, 14)), "{cell}");
    }

    #[rstest]
    #[case("", DateError::Empty)]
    #[case("soon", DateError::Unreadable)]
    #[case("2026-08", DateError::Unreadable)]
    #[case("2026-08/14", DateError::Unreadable)]
    #[case("08/14", DateError::Unreadable)]
    #[case("2026-08-14 maybe", DateError::Unreadable)]
    #[case("123", DateError::Unreadable)]
    #[case("99999", DateError::Unreadable)]
    #[case("08/14/202", DateError::Unreadable)]
    #[case("2026-02-30", DateError::Impossible)]
    #[case("02/30/2026", DateError::Impossible)]
    #[case("30.02.2026", DateError::Impossible)]
    #[case("2026-13-01", DateError::Impossible)]
    #[case("13/13/2026", DateError::Impossible)]
    #[case("00/10/2026", DateError::Impossible)]
    #[case("08/14/85", DateError::YearOutOfWindow)]
    #[case("12/31/9999", DateError::YearOutOfWindow)]
    #[case("0026-08-14", DateError::YearOutOfWindow)]
    fn what_is_no_date_says_why(#[case] cell: &str, #[case] error: DateError) {
        assert_eq!(parse(cell, &column(&[cell])), Err(error), "{cell}");
        assert_eq!(error.check(), Check::V3);
    }

    #[test]
    fn one_day_above_twelve_decides_for_the_whole_column() {
        assert_eq!(parse("03/04/2027", &column(&["03/04/2027", "25/04/2027"])), Ok(day(2027, 4, 3)));
        assert_eq!(parse("03/04/2027", &column(&["03/04/2027", "04/25/2027"])), Ok(day(2027, 3, 4)));
        assert!(column(&["03/04/2027", "25/04/2027"]).asks("ETA").is_none());
    }

    #[test]
    fn an_undecided_column_is_read_month_first_and_asks() {
        let order = column(&["03/04/2027", "05/05/2027"]);
        assert_eq!(parse("03/04/2027", &order), Ok(day(2027, 3, 4)));
        let question = order.asks("ETA").unwrap();
        assert_eq!(question.code, Check::V4);
        assert!(question.message.contains("03/04/2027 as 4 March 2027"), "{}", question.message);
        assert!(column(&["05/05/2027"]).asks("ETA").is_none(), "5 May reads the same both ways");
        assert!(column(&["03.04.2027"]).asks("ETA").is_none(), "points are day first");
    }

    #[test]
    fn a_column_of_both_orders_refuses_what_could_be_either() {
        let order = column(&["25/04/2027", "04/26/2027", "03/04/2027"]);
        assert_eq!(parse("03/04/2027", &order), Err(DateError::Unclear));
        assert_eq!(parse("25/04/2027", &order), Ok(day(2027, 4, 25)));
        assert_eq!(parse("04/26/2027", &order), Ok(day(2027, 4, 26)));
    }

    #[test]
    fn a_past_a_present_and_a_distant_date_raise_doubt() {
        let today = day(2026, 8, 14);
        assert_eq!(doubt(day(2026, 8, 13), today), Some(DateDoubt::Past));
        assert_eq!(doubt(today, today), Some(DateDoubt::Today));
        assert_eq!(doubt(day(2026, 8, 15), today), None);
        assert_eq!(doubt(day(2028, 8, 14), today), None);
        assert_eq!(doubt(day(2028, 8, 15), today), Some(DateDoubt::FarAhead));
    }

    proptest! {
        #[test]
        fn no_cell_makes_the_reader_fail(cell in any::<String>(), dated in "[0-9A-Za-z/. ,:TZ-]{0,24}") {
            for cell in [cell, dated] {
                let order = column(&[&cell]);
                if let Ok(date) = parse(&cell, &order) {
                    prop_assert!(YEARS.contains(&date.year()), "a date lies in the window");
                }
                let _ = order.asks("ETA");
                let _ = super::super::moment::parse(&cell, &order);
            }
        }

        #[test]
        fn every_day_survives_its_forms(days in 0i64..29_000) {
            let date = day(2000, 1, 1) + TimeDelta::days(days);
            for form in ["%Y-%m-%d", "%d.%m.%Y", "%Y%m%d", "%d %b %Y", "%B %-d, %Y", "%m/%d/%Y", "%m/%d/%y"] {
                let cell = date.format(form).to_string();
                prop_assert_eq!(parse(&cell, &DateOrder::default()), Ok(date), "{}", cell);
            }
        }
    }
}
