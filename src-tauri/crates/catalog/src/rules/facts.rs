//! What the rules know about one product: its purchase order lines, its stock, its place in the catalog.
//! Plain data that the refresh reads from the store; nothing here decides anything but the order of lines.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Status;

/// One line of a purchase order, for one product and one facility. Quantities are whole pieces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Key of the line in the store; opaque here.
    pub id: i64,
    /// The purchase order's own number, e.g. `PO-1001`. Empty: the line is on no purchase order.
    pub purchase_order: Arc<str>,
    /// Number of the line inside its purchase order.
    pub line_no: i64,
    /// Facility the goods are sent to.
    pub facility: Arc<str>,
    /// State of the purchase order.
    pub po_status: Status,
    /// State of this line.
    pub line_status: Status,
    /// The system closed this line because nothing was left to come (received + cancelled ≥ ordered).
    pub closed_by_system: bool,
    /// The line belongs to the store: its order names the store or none, and its facility receives for the store.
    pub in_scope: bool,
    /// Other stores sell from this line too.
    pub shared: bool,
    /// New style (pre-order) rather than a known product restocked (backorder).
    pub is_new: bool,
    /// Pieces ordered from the supplier.
    pub ordered: i64,
    /// Pieces received so far.
    pub received: i64,
    /// Pieces called off.
    pub cancelled: i64,
    /// Order buffer: pieces kept back from pre-selling.
    pub buffer: i64,
    /// Pieces promised to open customer orders and not yet covered by a receipt of this line; see [`super::allocated`].
    pub allocated: i64,
    /// Arrival date plus buffer days: the calendar date customers are told, in the store's zone.
    pub promise_date: Option<NaiveDate>,
}

impl Line {
    /// The order in which lines compete: earliest promise first (no date last), then purchase order number by code
    /// point, then line number. The key of the store comes last, so that the order is always total.
    pub fn tie_break(&self, other: &Line) -> Ordering {
        let no_date_last = |line: &Line| line.promise_date.unwrap_or(NaiveDate::MAX);
        no_date_last(self)
            .cmp(&no_date_last(other))
            .then_with(|| self.purchase_order.trim().cmp(other.purchase_order.trim()))
            .then_with(|| self.line_no.cmp(&other.line_no))
            .then_with(|| self.id.cmp(&other.id))
    }
}

/// What one facility knows about the product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FacilityStock {
    /// The facility's own id.
    pub facility: Arc<str>,
    /// Pieces available to promise, negative if oversold; none if the facility has no stock record of the product.
    pub atp: Option<i64>,
    /// When the record was true.
    pub as_of: Option<DateTime<Utc>>,
    /// Why the facility does not feed the web shop, if it does not.
    pub left_out: Option<LeftOut>,
}

/// Why a facility's stock is not counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum LeftOut {
    /// It is not in the channel group of the store, or its membership is not valid now.
    NotInGroup,
    /// It is a virtual queue, not a place with goods.
    NotPhysical,
    /// Orders may not be sent to it.
    BrokeringOff,
    /// It has no stock record of the product.
    NoRecord,
    /// Its record is older than the store accepts, or has no date to tell.
    TooOld,
}

impl LeftOut {
    /// Every reason.
    pub const ALL: [LeftOut; 5] =
        [LeftOut::NotInGroup, LeftOut::NotPhysical, LeftOut::BrokeringOff, LeftOut::NoRecord, LeftOut::TooOld];

    /// Why it is not counted, in a few words for people.
    pub fn explain(self) -> &'static str {
        match self {
            LeftOut::NotInGroup => "does not sell for this store",
            LeftOut::NotPhysical => "a queue, not a place with goods",
            LeftOut::BrokeringOff => "orders may not be sent there",
            LeftOut::NoRecord => "no record",
            LeftOut::TooOld => "the record is too old",
        }
    }
}

/// Everything that makes up the online stock of one product in one store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stock {
    /// Facilities that feed the web shop; others may be handed in with the reason why they are left out.
    pub facilities: Vec<FacilityStock>,
    /// Pieces of this product always kept from online sale.
    pub threshold: i64,
    /// Pieces of open order items waiting in any virtual queue.
    pub queued: i64,
    /// Of those, pieces parked as pre-orders and backorders.
    pub parked: i64,
    /// The product may be sent from stock at all.
    pub brokering_allowed: bool,
}

/// All facts about one product in one store that a decision needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProductFacts {
    /// It is in the catalog now; then it may have a little more stock than one that is to come in.
    pub listed: bool,
    /// The user took the product out of pre-selling.
    pub excluded: bool,
    /// Every line that brings the product, in any order.
    pub lines: Vec<Line>,
    /// Its stock.
    pub stock: Stock,
}

/// The two lists of the catalog.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Class {
    /// A new style that has not been on sale from stock yet.
    PreOrder,
    /// A known product that is on its way back.
    Backorder,
}

impl Class {
    /// The name as stored and shown: `PRE_ORDER` or `BACKORDER`.
    pub fn as_str(self) -> &'static str {
        match self {
            Class::PreOrder => "PRE_ORDER",
            Class::Backorder => "BACKORDER",
        }
    }

    /// The class a line gives: a new style is a pre-order, anything else a backorder.
    pub fn of(line: &Line) -> Class {
        if line.is_new { Class::PreOrder } else { Class::Backorder }
    }
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A text that names no class.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "\"{0}\" is not a category. Use PRE_ORDER or BACKORDER (pre-order, preorder and back-order are understood too)"
)]
pub struct UnknownClass(pub String);

impl FromStr for Class {
    type Err = UnknownClass;

    fn from_str(text: &str) -> Result<Self, UnknownClass> {
        let letters: String = text.chars().filter(char::is_ascii_alphabetic).collect();
        match letters.to_ascii_uppercase().as_str() {
            "PREORDER" => Ok(Class::PreOrder),
            "BACKORDER" => Ok(Class::Backorder),
            _ => Err(UnknownClass(text.trim().to_owned())),
        }
    }
}

/// A product's present place in the catalog.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Member {
    /// The list it is in. A product is in at most one.
    pub class: Class,
    /// Key of its active line.
    pub line: i64,
    /// The date customers are told.
    pub promise_date: NaiveDate,
    /// Pieces published as sellable.
    pub cap: i64,
}
