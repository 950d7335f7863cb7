//! One row per setting: its key, what it allows, what it does in one sentence, and where its value lives.

use std::ops::RangeInclusive;

use super::{CapScope, Settings, UnknownStockPolicy};

/// The longest stock age that can be asked for, in hours: ten years.
const TEN_YEARS_OF_HOURS: i64 = 10 * 366 * 24;
/// As many pieces as one row of a purchase order may have.
const MAX_PIECES: i64 = 1_000_000;

/// What is known about one setting.
#[derive(Debug)]
pub struct Definition {
    /// The name people and files use.
    pub key: &'static str,
    /// Its name for people, a few words.
    pub label: &'static str,
    /// What it does, in one sentence.
    pub help: &'static str,
    /// What to say before it is changed, where a change shows in the shop at once.
    pub confirm: Option<&'static str>,
    field: Field,
}

/// Where a setting lives and what it accepts. Settings are small, so reading copies them and borrows the same slot.
#[derive(Debug)]
enum Field {
    Flag(fn(&mut Settings) -> &mut bool),
    Number(RangeInclusive<i64>, fn(&mut Settings) -> &mut i64),
    /// A number, or "off".
    Optional(RangeInclusive<i64>, fn(&mut Settings) -> &mut Option<i64>),
    UnknownStock(fn(&mut Settings) -> &mut UnknownStockPolicy),
    Cap(fn(&mut Settings) -> &mut CapScope),
}

const UNKNOWN_STOCK: &[(&str, UnknownStockPolicy)] = &[
    ("zero_for_new_styles", UnknownStockPolicy::ZeroForNewStyles),
    ("never_zero", UnknownStockPolicy::NeverZero),
    ("always_zero", UnknownStockPolicy::AlwaysZero),
];
const CAP: &[(&str, CapScope)] = &[("active_line", CapScope::ActiveLine), ("all_lines", CapScope::AllLines)];

/// Every setting, in the order to show.
pub const DEFINITIONS: &[Definition] = &[
    Definition {
        key: "today_counts_as_future",
        label: "Today can still be promised",
        help: "A purchase order that is due today can still be promised; if off, only from tomorrow on.",
        confirm: None,
        field: Field::Flag(|s| &mut s.today_counts_as_future),
    },
    Definition {
        key: "out_of_stock_level",
        label: "Out of stock at",
        help: "A product counts as out of stock when the web shop can sell this many pieces or fewer.",
        confirm: None,
        field: Field::Number(0..=MAX_PIECES, |s| &mut s.out_of_stock_level),
    },
    Definition {
        key: "relist_level",
        label: "Listed again at",
        help: "A product that left the catalog comes back when the web shop can sell this many pieces or fewer, so that single returns do not take it in and out; off means as soon as it is out of stock.",
        confirm: None,
        field: Field::Optional(0..=MAX_PIECES, |s| &mut s.relist_level),
    },
    Definition {
        key: "unknown_stock_policy",
        label: "Stock unknown",
        help: "Whether a product that has no stock record anywhere counts as out of stock: only new styles, never, or always.",
        confirm: None,
        field: Field::UnknownStock(|s| &mut s.unknown_stock_policy),
    },
    Definition {
        key: "hold",
        label: "Hold received stock",
        help: "Keeps received stock from online sale until all parked pre-orders and backorders of the product are served.",
        confirm: Some(
            "Products with parked pre-orders or backorders change at once: if on, they sell none of their stock online; if off, all that is not queued.",
        ),
        field: Field::Flag(|s| &mut s.hold),
    },
    Definition {
        key: "reserve_inventory",
        label: "Take waiting orders off the stock",
        help: "Takes pieces of orders that wait in queues off the stock; switch it off if your stock file has them taken off already.",
        confirm: Some(
            "The online stock of every product with waiting orders changes at once: if on, it falls by the waiting pieces; if off, it rises by them.",
        ),
        field: Field::Flag(|s| &mut s.reserve_inventory),
    },
    Definition {
        key: "max_stock_age_hours",
        label: "Oldest stock record that counts",
        help: "Stock records older than this many hours count as missing; off means that they never grow too old.",
        confirm: None,
        field: Field::Optional(1..=TEN_YEARS_OF_HOURS, |s| &mut s.max_stock_age_hours),
    },
    Definition {
        key: "threshold",
        label: "Minimum kept from online sale",
        help: "Pieces of every product that are kept from online sale; a product's own minimum stock counts if it is larger.",
        confirm: None,
        field: Field::Number(0..=MAX_PIECES, |s| &mut s.threshold),
    },
    Definition {
        key: "cap_scope",
        label: "Pieces that may be pre-sold",
        help: "Whether the shop may sell what the active purchase order line holds, or what all lines together hold.",
        confirm: None,
        field: Field::Cap(|s| &mut s.cap_scope),
    },
    Definition {
        key: "max_change_percent",
        label: "Brake",
        help: "A refresh that would remove more than this percentage of the catalog (and more than 20 products) waits for your confirmation.",
        confirm: None,
        field: Field::Number(0..=100, |s| &mut s.max_change_percent),
    },
    Definition {
        key: "shared_line_split",
        label: "Share of shared purchase orders",
        help: "The percentage of a purchase order line shared with other stores that this store may sell; off means all of it.",
        confirm: None,
        field: Field::Optional(1..=100, |s| &mut s.shared_line_split),
    },
];

/// Why a setting was not changed or read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SettingError {
    /// No setting has this key.
    #[error("There is no setting \"{key}\". The settings are: {}", keys())]
    UnknownKey {
        /// What was asked for.
        key: String,
    },
    /// The setting does not take this value.
    #[error("\"{value}\" is not a value for {key}. Give {allowed}")]
    BadValue {
        /// The setting.
        key: &'static str,
        /// What was given.
        value: String,
        /// What it takes.
        allowed: String,
    },
}

fn keys() -> String {
    DEFINITIONS.iter().map(|definition| definition.key).collect::<Vec<_>>().join(", ")
}

/// The definition of a setting. Fails if no setting has this key.
pub fn definition(key: &str) -> Result<&'static Definition, SettingError> {
    DEFINITIONS
        .iter()
        .find(|definition| definition.key == key)
        .ok_or_else(|| SettingError::UnknownKey { key: key.to_owned() })
}

impl Definition {
    /// The value a new store gets, as text.
    pub fn default_text(&self) -> String {
        self.read(&Settings::default())
    }

    /// The named values to choose from; empty for a number.
    pub fn choices(&self) -> Vec<&'static str> {
        match self.field {
            Field::Flag(_) => vec!["true", "false"],
            Field::Number(..) | Field::Optional(..) => Vec::new(),
            Field::UnknownStock(_) => names(UNKNOWN_STOCK),
            Field::Cap(_) => names(CAP),
        }
    }

    /// The smallest and largest number; none for a choice.
    pub fn range(&self) -> Option<(i64, i64)> {
        match &self.field {
            Field::Number(range, _) | Field::Optional(range, _) => Some((*range.start(), *range.end())),
            Field::Flag(_) | Field::UnknownStock(_) | Field::Cap(_) => None,
        }
    }

    /// What kind of value it takes: `flag`, `number` or `choice`.
    pub fn kind(&self) -> &'static str {
        match self.field {
            Field::Flag(_) => "flag",
            Field::Number(..) | Field::Optional(..) => "number",
            Field::UnknownStock(_) | Field::Cap(_) => "choice",
        }
    }

    /// What its number counts: `pieces`, `hours` or `percent`; none for a choice.
    pub fn unit(&self) -> Option<&'static str> {
        let unit = match self.key {
            "max_stock_age_hours" => "hours",
            "max_change_percent" | "shared_line_split" => "percent",
            _ => "pieces",
        };
        self.range().map(|_| unit)
    }

    /// Whether "off" is a value.
    pub fn can_be_off(&self) -> bool {
        matches!(self.field, Field::Optional(..))
    }

    /// The allowed values in words.
    pub fn allowed(&self) -> String {
        match self.range() {
            Some((least, most)) => {
                let off = if self.can_be_off() { ", or off" } else { "" };
                format!("a whole number from {least} to {most}{off}")
            }
            None => self.choices().join(" or "),
        }
    }

    pub(super) fn read(&self, settings: &Settings) -> String {
        let mut copy = *settings;
        match self.field {
            Field::Flag(slot) => slot(&mut copy).to_string(),
            Field::Number(_, slot) => slot(&mut copy).to_string(),
            Field::Optional(_, slot) => slot(&mut copy).map_or_else(|| "off".to_owned(), |n| n.to_string()),
            Field::UnknownStock(slot) => name(UNKNOWN_STOCK, *slot(&mut copy)).to_owned(),
            Field::Cap(slot) => name(CAP, *slot(&mut copy)).to_owned(),
        }
    }

    pub(super) fn write(&self, settings: &mut Settings, text: &str) -> Result<(), SettingError> {
        let word = text.trim().to_lowercase();
        let done = match &self.field {
            Field::Flag(slot) => put(slot(settings), flag(&word)),
            Field::Number(range, slot) => put(slot(settings), number(&word, range)),
            Field::Optional(_, slot) if word == "off" || word == "none" => put(slot(settings), Some(None)),
            Field::Optional(range, slot) => put(slot(settings), number(&word, range).map(Some)),
            Field::UnknownStock(slot) => put(slot(settings), value(UNKNOWN_STOCK, &word)),
            Field::Cap(slot) => put(slot(settings), value(CAP, &word)),
        };
        done.ok_or_else(|| SettingError::BadValue {
            key: self.key,
            value: text.trim().to_owned(),
            allowed: self.allowed(),
        })
    }
}

fn put<T>(slot: &mut T, value: Option<T>) -> Option<()> {
    *slot = value?;
    Some(())
}

fn flag(word: &str) -> Option<bool> {
    match word {
        "true" | "yes" | "y" | "on" | "1" => Some(true),
        "false" | "no" | "n" | "off" | "0" => Some(false),
        _ => None,
    }
}

fn number(word: &str, range: &RangeInclusive<i64>) -> Option<i64> {
    word.parse().ok().filter(|n| range.contains(n))
}

fn names<T>(choices: &[(&'static str, T)]) -> Vec<&'static str> {
    choices.iter().map(|(name, _)| *name).collect()
}

fn name<T: PartialEq>(choices: &[(&'static str, T)], wanted: T) -> &'static str {
    choices.iter().find(|(_, value)| *value == wanted).map_or("", |(name, _)| name)
}

fn value<T: Copy>(choices: &[(&'static str, T)], wanted: &str) -> Option<T> {
    choices.iter().find(|(name, _)| *name == wanted).map(|(_, value)| *value)
}
