//! The frequencies people choose from.

use super::Recurrence;

/// A frequency by its id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Frequency {
    /// `EVERY_5_MIN`
    Every5Minutes,
    /// `EVERY_15_MIN`
    Every15Minutes,
    /// `EVERY_30_MIN`
    Every30Minutes,
    /// `HOURLY`
    Hourly,
    /// `EVERY_6_HOUR`
    Every6Hours,
    /// `EVERYDAY`
    Everyday,
    /// `CUSTOM`: a step or a cron expression of its own.
    Custom,
    /// `ON_DEMAND`: never by itself.
    OnDemand,
}

impl Frequency {
    /// All of them, in the order they are offered.
    pub const ALL: &'static [Frequency] = &[
        Frequency::Every5Minutes,
        Frequency::Every15Minutes,
        Frequency::Every30Minutes,
        Frequency::Hourly,
        Frequency::Every6Hours,
        Frequency::Everyday,
        Frequency::Custom,
        Frequency::OnDemand,
    ];

    /// Its id.
    pub fn id(self) -> &'static str {
        unimplemented!()
    }

    /// Its name for people.
    pub fn label(self) -> &'static str {
        unimplemented!()
    }

    /// The frequency with this id.
    pub fn find(_id: &str) -> Option<Frequency> {
        unimplemented!()
    }

    /// Its recurrence; none for `Custom`.
    pub fn recurrence(self) -> Option<Recurrence> {
        unimplemented!()
    }
}
