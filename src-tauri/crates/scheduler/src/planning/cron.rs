//! Cron expressions, checked and normalised to five fields.

use chrono_tz::Tz;

use crate::Millis;

/// A checked expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cron(String);

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
    pub fn parse(_text: &str) -> Result<Cron, BadCron> {
        unimplemented!()
    }

    /// The five fields.
    pub fn text(&self) -> &str {
        &self.0
    }

    /// The first time after `after` on the clocks of `zone`.
    pub fn next(&self, _zone: Tz, _after: Millis) -> Option<Millis> {
        unimplemented!()
    }

    /// In plain words, such as "At 09:00, Monday to Friday".
    pub fn words(&self) -> String {
        unimplemented!()
    }
}
