//! What a customer sees of a variant, by the rule that themes follow: it is sold before it arrives if tag, policy, empty
//! stock and mark agree. What is not known is said to be unknown, never guessed. Pure.

#[cfg(test)]
mod tests;

use chrono::NaiveDate;
use presell_catalog::rules::Class;
use serde::Serialize;
use ts_rs::TS;

use crate::model::{Mark, Seen, Tags};

/// What the shop offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "ShopOffer")]
pub enum Offer {
    /// Nobody knows.
    Unknown,
    /// It sells from stock.
    InStock,
    /// It sells before it arrives.
    PreOrder,
    /// It sells until it arrives again.
    Backorder,
    /// It cannot be bought.
    SoldOut,
    /// It is out of stock, can be bought all the same, and nothing is promised. Nobody intends that.
    Unpromised,
}

/// What a customer sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "ShopSight")]
pub struct Sight {
    /// What is offered.
    pub offer: Offer,
    /// The date that is promised; none: none is shown.
    pub promise_date: Option<NaiveDate>,
    /// Pieces that may still be sold before they arrive, where the shop is told.
    pub left: Option<i64>,
    /// Why it is not known, or what is odd about it.
    pub note: Option<&'static str>,
}

/// Why nobody knows what customers see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// It was never looked for.
    NeverSeen,
    /// It is not in the shop.
    NotThere,
    /// The shop has several of it.
    Several,
    /// Nobody looked for long.
    Old,
    /// Something was sent, and its answer is still to come.
    Sent,
    /// The tags above it were never seen.
    Tags,
    /// Its mark was written by somebody else.
    Foreign,
}

impl Doubt {
    fn explain(self) -> &'static str {
        match self {
            Doubt::NeverSeen => "Nobody has looked for it in the shop yet.",
            Doubt::NotThere => "It was not found in the shop.",
            Doubt::Several => "The shop has several variants with this SKU.",
            Doubt::Old => "Nobody has looked at it for more than two days. Read the shop back.",
            Doubt::Sent => "Something was sent, and what became of it is not known yet.",
            Doubt::Tags => "Nobody has looked at the tags of its product.",
            Doubt::Foreign => "Somebody else wrote its mark, and themes may read that in their own way.",
        }
    }
}

/// What a variant shows, as far as customers see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    /// Whether the shop goes on selling it without stock.
    pub continues: bool,
    /// Its mark.
    pub mark: Mark,
    /// The tags of the product above it; none: never seen.
    pub tags: Option<Tags>,
    /// Pieces that the shop counts; none: it does not count them, and always sells.
    pub quantity: Option<i64>,
}

impl From<&Seen> for Look {
    fn from(seen: &Seen) -> Look {
        Look { continues: seen.continues, mark: seen.mark.clone(), tags: Some(seen.tags), quantity: seen.quantity }
    }
}

/// What customers see of it on this day.
pub fn sight(look: Result<&Look, Doubt>, today: NaiveDate) -> Sight {
    let look = match look {
        Ok(look) => look,
        Err(doubt) => return unknown(doubt),
    };
    if look.quantity.is_none_or(|pieces| pieces > 0) {
        return plain(Offer::InStock, None);
    }
    if !look.continues {
        return plain(Offer::SoldOut, None);
    }
    let untold = plain(Offer::Unpromised, Some("It is out of stock and can be bought all the same, without a date."));
    match (&look.mark, look.tags) {
        (Mark::None | Mark::Inactive, _) => untold,
        (_, None) => unknown(Doubt::Tags),
        // Whatever it says, no theme shows it without a tag.
        (Mark::Foreign(_), Some(tags)) if tags == Tags::default() => untold,
        (Mark::Foreign(_), Some(_)) => unknown(Doubt::Foreign),
        (Mark::Active(listing), Some(tags)) if tags.has(listing.class) => {
            let offer = match listing.class {
                Class::PreOrder => Offer::PreOrder,
                Class::Backorder => Offer::Backorder,
            };
            let promise_date = Some(listing.promise_date).filter(|day| *day >= today);
            let note = promise_date.is_none().then_some("Its date has passed, so none is shown.");
            Sight { offer, promise_date, left: Some(listing.cap).filter(|cap| *cap > 0), note }
        }
        (Mark::Active(_), Some(_)) => plain(
            Offer::Unpromised,
            Some("Its tag is missing, so it can be bought without a date though it is out of stock."),
        ),
    }
}

fn plain(offer: Offer, note: Option<&'static str>) -> Sight {
    Sight { offer, promise_date: None, left: None, note }
}

fn unknown(doubt: Doubt) -> Sight {
    plain(Offer::Unknown, Some(doubt.explain()))
}
