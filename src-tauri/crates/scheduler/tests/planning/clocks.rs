//! Every change of the clocks from 2020 to 2037, found by looking at the offset of every zone.

use std::collections::BTreeSet;

use chrono::{Offset, TimeZone};
use chrono_tz::{TZ_VARIANTS, Tz};
use presell_scheduler::Millis;

use super::{DAY, utc};

/// One change, in one of the zones that make it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Change {
    pub(super) zone: Tz,
    /// The first instant on the new offset.
    pub(super) at: Millis,
    /// Distance from UTC before …
    pub(super) before: Millis,
    /// … and after.
    pub(super) after: Millis,
}

impl Change {
    /// What clocks show, in milliseconds, near this change; knows only its two offsets.
    pub(super) fn wall(&self, at: Millis) -> Millis {
        at + if at < self.at { self.before } else { self.after }
    }

    /// Clocks before the change, at its instant.
    pub(super) fn shown_before(&self) -> Millis {
        self.at + self.before
    }

    /// Clocks after the change, at its instant.
    pub(super) fn shown_after(&self) -> Millis {
        self.at + self.after
    }
}

pub(super) fn offset(zone: Tz, at: Millis) -> Millis {
    let at = chrono::DateTime::from_timestamp_millis(at).unwrap().naive_utc();
    Millis::from(zone.offset_from_utc_datetime(&at).fix().local_minus_utc()) * 1_000
}

/// Changes of all zones; of zones that change alike at the same instant, one stands for all.
pub(super) fn changes() -> Vec<Change> {
    let (first, last) = (utc("2020-01-01 00:00"), utc("2038-01-01 00:00"));
    let (mut seen, mut found) = (BTreeSet::new(), Vec::new());
    for zone in TZ_VARIANTS {
        let (mut at, mut before) = (first, offset(zone, first));
        while at < last {
            // No zone changes and changes back within two days.
            let next = at + 2 * DAY;
            let after = offset(zone, next);
            if after != before {
                let change = instant(zone, at, next, before);
                if seen.insert((change, before, after)) {
                    found.push(Change { zone, at: change, before, after });
                }
            }
            (at, before) = (next, after);
        }
    }
    found
}

fn instant(zone: Tz, mut early: Millis, mut late: Millis, before: Millis) -> Millis {
    while late - early > 1_000 {
        let middle = early + (late - early) / 2_000 * 1_000;
        if offset(zone, middle) == before { early = middle } else { late = middle }
    }
    late
}

#[test]
fn the_changes_of_all_zones_are_found() {
    let changes = changes();
    let has = |zone: &str, at: &str| {
        let zone: Tz = zone.parse().unwrap();
        let at = utc(at);
        changes.iter().any(|c| c.at == at && offset(zone, at - 1_000) == c.before && offset(zone, at) == c.after)
    };
    for (zone, at) in [
        ("America/New_York", "2026-11-01 06:00"),
        ("Europe/London", "2037-03-29 01:00"),
        ("Australia/Lord_Howe", "2026-04-04 15:00"),
        ("Africa/Cairo", "2026-04-23 22:00"),
        ("Asia/Beirut", "2026-03-28 22:00"),
        ("Africa/Casablanca", "2026-02-15 02:00"),
    ] {
        assert!(has(zone, at), "{zone} changes its clocks at {at} UTC");
    }
    assert!(changes.len() > 800, "eighteen years hold many changes: {}", changes.len());
}
