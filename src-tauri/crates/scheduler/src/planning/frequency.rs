//! The frequencies people choose from.

use super::Recurrence;

const MINUTE: i64 = 60_000;

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
        match self {
            Frequency::Every5Minutes => "EVERY_5_MIN",
            Frequency::Every15Minutes => "EVERY_15_MIN",
            Frequency::Every30Minutes => "EVERY_30_MIN",
            Frequency::Hourly => "HOURLY",
            Frequency::Every6Hours => "EVERY_6_HOUR",
            Frequency::Everyday => "EVERYDAY",
            Frequency::Custom => "CUSTOM",
            Frequency::OnDemand => "ON_DEMAND",
        }
    }

    /// Its name for people.
    pub fn label(self) -> &'static str {
        match self {
            Frequency::Every5Minutes => "Every 5 minutes",
            Frequency::Every15Minutes => "Every 15 minutes",
            Frequency::Every30Minutes => "Every 30 minutes",
            Frequency::Hourly => "Hourly",
            Frequency::Every6Hours => "Every 6 hours",
            Frequency::Everyday => "Every day",
            Frequency::Custom => "Custom",
            Frequency::OnDemand => "On demand",
        }
    }

    /// The frequency with this id; case and hyphens do not matter.
    pub fn find(id: &str) -> Option<Frequency> {
        let id = id.trim().to_ascii_uppercase().replace('-', "_");
        Frequency::ALL.iter().copied().find(|frequency| frequency.id() == id)
    }

    /// Its recurrence; none for `Custom`.
    pub fn recurrence(self) -> Option<Recurrence> {
        Some(match self {
            Frequency::Every5Minutes => Recurrence::Every(5 * MINUTE),
            Frequency::Every15Minutes => Recurrence::Every(15 * MINUTE),
            Frequency::Every30Minutes => Recurrence::Every(30 * MINUTE),
            Frequency::Hourly => Recurrence::Every(60 * MINUTE),
            Frequency::Every6Hours => Recurrence::Every(360 * MINUTE),
            Frequency::Everyday => Recurrence::Days(1),
            Frequency::OnDemand => Recurrence::OnDemand,
            Frequency::Custom => return None,
        })
    }
}
