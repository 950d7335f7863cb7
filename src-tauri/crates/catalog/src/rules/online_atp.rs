//! Online ATP: the pieces the web shop can sell now, from stock. No record at all is unknown, which is not zero.

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;
use ts_rs::TS;

use super::term::{sum, term};
use super::{FacilityStock, LeftOut, Stock, Term, TermName};
use crate::settings::Settings;

/// What the web shop can sell from stock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "state", rename_all = "SCREAMING_SNAKE_CASE", rename_all_fields = "camelCase")]
pub enum OnlineAtp {
    /// At least one facility has a usable record.
    Known {
        /// Pieces; never negative.
        atp: i64,
        /// Stock, threshold, queued, brokering off, floor, hold.
        terms: [Term; 6],
    },
    /// No facility has a usable record.
    Unknown,
}

impl OnlineAtp {
    /// The pieces, if known.
    pub fn atp(&self) -> Option<i64> {
        match self {
            OnlineAtp::Known { atp, .. } => Some(*atp),
            OnlineAtp::Unknown => None,
        }
    }

    /// How the number came about; empty if it is unknown.
    pub fn terms(&self) -> &[Term] {
        match self {
            OnlineAtp::Known { terms, .. } => terms,
            OnlineAtp::Unknown => &[],
        }
    }
}

/// The pieces one facility brings in, or why it brings none. A record without a date is too old where age matters:
/// its age is unknown, and unknown must not sell.
pub fn counted(stock: &FacilityStock, settings: &Settings, now: DateTime<Utc>) -> Result<i64, LeftOut> {
    if let Some(reason) = stock.left_out {
        return Err(reason);
    }
    let atp = stock.atp.ok_or(LeftOut::NoRecord)?;
    match settings.max_stock_age_hours.and_then(TimeDelta::try_hours) {
        None => Ok(atp),
        Some(limit) if stock.as_of.is_some_and(|as_of| now.signed_duration_since(as_of) <= limit) => Ok(atp),
        Some(_) => Err(LeftOut::TooOld),
    }
}

/// Online ATP: stock of the counted facilities (negative stock counts as negative) − threshold − queued pieces, at
/// least 0; and 0 where the product may not be sent from stock, or where stock is held while pre-sales are parked.
pub fn online_atp(stock: &Stock, settings: &Settings, now: DateTime<Utc>) -> OnlineAtp {
    let mut on_hand = None;
    for atp in stock.facilities.iter().filter_map(|facility| counted(facility, settings, now).ok()) {
        on_hand = Some(on_hand.unwrap_or(0_i64).saturating_add(atp));
    }
    let Some(on_hand) = on_hand else { return OnlineAtp::Unknown };

    let queued = if settings.reserve_inventory { stock.queued } else { 0 };
    let mut terms = [
        term(TermName::Stock, on_hand),
        term(TermName::Threshold, settings.threshold.max(stock.threshold).saturating_neg()),
        term(TermName::Queued, queued.saturating_neg()),
        term(TermName::BrokeringOff, 0),
        term(TermName::Floor, 0),
        term(TermName::Hold, 0),
    ];
    // Each of these three only brings the running number to 0, so the terms keep adding up to the result.
    let mut n = sum(&terms);
    if !stock.brokering_allowed {
        terms[3].value = n.saturating_neg();
        n = 0;
    }
    terms[4].value = n.min(0).saturating_neg();
    n = n.max(0);
    if settings.hold && stock.parked > 0 {
        terms[5].value = -n;
        n = 0;
    }
    OnlineAtp::Known { atp: n, terms }
}
