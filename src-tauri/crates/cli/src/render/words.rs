//! Numbers, dates and names as people write them.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use presell_catalog::rules::Class;

/// `1 row`, `1,234 rows`.
pub(crate) fn count(n: u64, what: &str) -> String {
    if n == 1 { format!("1 {what}") } else { format!("{} {what}s", number(n)) }
}

/// `1,234,567`.
pub(crate) fn number(n: u64) -> String {
    let digits = n.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `3 Dec 2026`.
pub(crate) fn date(date: NaiveDate) -> String {
    date.format("%-d %b %Y").to_string()
}

/// `3 Dec 2026, 14:05`, by the clock of the store.
pub(crate) fn moment(at: DateTime<Utc>, zone: Tz) -> String {
    at.with_timezone(&zone).format("%-d %b %Y, %H:%M").to_string()
}

/// The name of a list.
pub(crate) fn class(class: Class) -> &'static str {
    match class {
        Class::PreOrder => "pre-order",
        Class::Backorder => "backorder",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_numbers_are_grouped_and_one_is_singular() {
        assert_eq!(count(1_234_567, "row"), "1,234,567 rows");
        assert_eq!(count(1, "row"), "1 row");
        assert_eq!(count(0, "row"), "0 rows", "nothing is plural");
        assert_eq!(number(100), "100", "three digits need no mark");
    }

    #[test]
    fn times_are_those_of_the_store_not_of_the_machine() {
        let at = "2026-03-10T05:00:00Z".parse().unwrap();
        assert_eq!(moment(at, chrono_tz::America::Los_Angeles), "9 Mar 2026, 22:00");
    }
}
