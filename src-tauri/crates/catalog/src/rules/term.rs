//! The terms a quantity is made of, so that every number can show how it came about.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// One signed summand. The terms of a quantity always add up to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Term {
    /// What is added or taken away.
    pub name: TermName,
    /// Pieces; negative if taken away.
    pub value: i64,
}

/// What a term stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TermName {
    /// Pieces ordered from the supplier.
    Ordered,
    /// Pieces already received.
    Received,
    /// Pieces called off.
    Cancelled,
    /// Pieces kept back from pre-selling.
    Buffer,
    /// Pieces promised to customers and not yet covered by a receipt.
    Allocated,
    /// Available pieces of all counted facilities, negative ones included.
    Stock,
    /// Pieces always kept from online sale.
    Threshold,
    /// Pieces of open orders waiting in queues.
    Queued,
    /// Brings the number to 0 because the product may not be sent from stock.
    BrokeringOff,
    /// Lifts a negative number to 0: nothing less than nothing can be sold.
    Floor,
    /// Brings the number to 0 because stock is held for parked pre-orders and backorders.
    Hold,
}

impl TermName {
    /// Every term.
    pub const ALL: [TermName; 11] = [
        TermName::Ordered,
        TermName::Received,
        TermName::Cancelled,
        TermName::Buffer,
        TermName::Allocated,
        TermName::Stock,
        TermName::Threshold,
        TermName::Queued,
        TermName::BrokeringOff,
        TermName::Floor,
        TermName::Hold,
    ];

    /// What it stands for, in a few words for people.
    pub fn explain(self) -> &'static str {
        match self {
            TermName::Ordered => "ordered from the supplier",
            TermName::Received => "already received",
            TermName::Cancelled => "called off",
            TermName::Buffer => "kept back as order buffer",
            TermName::Allocated => "promised to customers, not received yet",
            TermName::Stock => "available in the facilities of the web shop",
            TermName::Threshold => "minimum stock kept from online sale",
            TermName::Queued => "waiting in order queues",
            TermName::BrokeringOff => "not to be sent from stock",
            TermName::Floor => "raised to 0, since less than nothing cannot be sold",
            TermName::Hold => "held for parked pre-orders and backorders",
        }
    }
}

/// Makes a term.
pub(super) fn term(name: TermName, value: i64) -> Term {
    Term { name, value }
}

/// Adds up terms; stops at the largest number instead of overflowing.
pub(super) fn sum(terms: &[Term]) -> i64 {
    terms.iter().fold(0, |total, term| total.saturating_add(term.value))
}
