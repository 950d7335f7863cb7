//! What a shop should show of a variant, and what it shows. No platform is named here.

use chrono::NaiveDate;
use presell_catalog::rules::Class;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A variant that can be bought before it arrives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "ShopListing")]
pub struct Listing {
    /// Pre-order or backorder.
    pub class: Class,
    /// The date customers are told, in the shop's calendar.
    pub promise_date: NaiveDate,
    /// Pieces that may still be sold.
    pub cap: i64,
}

/// What is wanted of a variant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Want {
    /// It is sold before it arrives.
    Listed(Listing),
    /// It is not.
    NotListed,
    /// Nobody knows, so it stays as it is: unknown is not "no".
    Held,
}

impl Want {
    /// The listing, if it is one.
    pub fn listing(self) -> Option<Listing> {
        match self {
            Want::Listed(listing) => Some(listing),
            Want::NotListed | Want::Held => None,
        }
    }
}

/// Our mark on a variant: what its data in our namespace says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Mark {
    /// There is none.
    None,
    /// It says that the variant is listed.
    Active(Listing),
    /// It says that the variant is not listed any more.
    Inactive,
    /// There is something in its place that Presell did not write.
    Foreign(String),
}

impl Mark {
    /// The listing it tells of.
    pub fn listing(&self) -> Option<Listing> {
        match self {
            Mark::Active(listing) => Some(*listing),
            Mark::None | Mark::Inactive | Mark::Foreign(_) => None,
        }
    }
}

/// The class tags of the product above the variants. Both may be on: each variant's mark says which class is its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tags {
    /// The tag of pre-orders.
    pub pre_order: bool,
    /// The tag of backorders.
    pub backorder: bool,
}

impl Tags {
    /// Whether the tag of this class is on.
    pub fn has(self, class: Class) -> bool {
        match class {
            Class::PreOrder => self.pre_order,
            Class::Backorder => self.backorder,
        }
    }

    /// With the tag of this class on or off.
    #[must_use]
    pub fn with(self, class: Class, on: bool) -> Tags {
        match class {
            Class::PreOrder => Tags { pre_order: on, ..self },
            Class::Backorder => Tags { backorder: on, ..self },
        }
    }
}

/// A variant as the shop shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// The shop's id of the variant.
    pub variant: String,
    /// The shop's id of the product above it.
    pub parent: String,
    /// Its SKU there.
    pub sku: String,
    /// The name of the product above it.
    pub title: String,
    /// Whether the shop goes on selling it without stock.
    pub continues: bool,
    /// Our mark on it.
    pub mark: Mark,
    /// What the shop wants to hear when the mark is replaced, so that nobody else's change is overwritten unseen.
    pub digest: Option<String>,
    /// Our tags on the product above it.
    pub tags: Tags,
    /// Pieces that the shop itself counts; none: it does not count them.
    pub quantity: Option<i64>,
}
