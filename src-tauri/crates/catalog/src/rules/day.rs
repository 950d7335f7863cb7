//! Calendar days of a store. Promise dates are days, so "future" is a question about the store's own calendar.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

/// The calendar date of `now` where the store is.
pub fn today(zone: Tz, now: DateTime<Utc>) -> NaiveDate {
    now.with_timezone(&zone).date_naive()
}

/// Whether a promise of `date` can still be made on `today`. Listing asks this, release asks its opposite, so the two
/// never disagree about a day.
pub fn is_future(date: NaiveDate, today: NaiveDate, today_counts: bool) -> bool {
    if today_counts { date >= today } else { date > today }
}
