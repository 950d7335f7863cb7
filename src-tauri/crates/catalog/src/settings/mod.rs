//! The settings of a store that the rules read, typed, with one table that says what each means and allows.
//! The store keeps them as key and text; the zone of a store is no setting but part of the store itself.

mod definition;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use definition::{DEFINITIONS, Definition, SettingError, definition};

/// Settings of one store. `Default` is what a new store gets.
///
/// As JSON an object of keys and values; a missing key has its default, an unknown key or a bad value is an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "BTreeMap<String, serde_json::Value>")]
pub struct Settings {
    /// A promise for today can still be made.
    pub today_counts_as_future: bool,
    /// Pieces; a product with this online stock or less is out of stock.
    pub out_of_stock_level: i64,
    /// Pieces; a product outside the catalog comes in with this online stock or less; none: at the level above.
    pub relist_level: Option<i64>,
    /// What a product without any stock record counts as.
    pub unknown_stock_policy: UnknownStockPolicy,
    /// Received stock stays unsellable until parked pre-orders and backorders are served.
    pub hold: bool,
    /// Pieces waiting in order queues are taken off the stock.
    pub reserve_inventory: bool,
    /// Hours after which a stock record counts as missing; none: never.
    pub max_stock_age_hours: Option<i64>,
    /// Pieces of every product kept from online sale; a product's own minimum counts if it is larger.
    pub threshold: i64,
    /// Which lines the published quantity counts.
    pub cap_scope: CapScope,
    /// Percent of the catalog that one run may remove unasked.
    pub max_change_percent: i64,
    /// Percent of a line shared with other stores that this store publishes; none: all of it.
    pub shared_line_split: Option<i64>,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            today_counts_as_future: true,
            out_of_stock_level: 0,
            relist_level: None,
            unknown_stock_policy: UnknownStockPolicy::ZeroForNewStyles,
            hold: false,
            reserve_inventory: true,
            max_stock_age_hours: None,
            threshold: 0,
            cap_scope: CapScope::ActiveLine,
            max_change_percent: 30,
            shared_line_split: None,
        }
    }
}

/// What a product counts as that no facility has a stock record of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnknownStockPolicy {
    /// Out of stock if the active line is a new style, else undetermined.
    ZeroForNewStyles,
    /// Always undetermined.
    NeverZero,
    /// Always out of stock.
    AlwaysZero,
}

/// Which lines the published quantity counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CapScope {
    /// Only the active line, so that nobody is sold a date that a later line alone can keep.
    ActiveLine,
    /// All qualifying lines.
    AllLines,
}

impl Settings {
    /// Changes one setting from text, as typed by a person or kept in the store.
    ///
    /// Fails, changing nothing, if the key is unknown or the value not allowed; the error names what is.
    pub fn set(&mut self, key: &str, text: &str) -> Result<(), SettingError> {
        definition(key)?.write(self, text)
    }

    /// The most pieces with which a product is still out of stock, in the catalog or outside of it. Two levels, so that single
    /// returns do not take a product in and out; never the wrong way round, or it would come and go at each refresh.
    pub fn enough(&self, listed: bool) -> i64 {
        match self.relist_level {
            Some(level) if !listed => level.min(self.out_of_stock_level),
            _ => self.out_of_stock_level,
        }
    }

    /// The value of one setting as text that [`Settings::set`] reads back. Fails if the key is unknown.
    pub fn get(&self, key: &str) -> Result<String, SettingError> {
        Ok(definition(key)?.read(self))
    }

    /// Settings from the keys and texts that a store keeps; what is not among them has its default.
    pub fn from_texts<K: AsRef<str>, V: AsRef<str>>(
        texts: impl IntoIterator<Item = (K, V)>,
    ) -> Result<Settings, SettingError> {
        let mut settings = Settings::default();
        for (key, text) in texts {
            settings.set(key.as_ref(), text.as_ref())?;
        }
        Ok(settings)
    }
}

impl TryFrom<BTreeMap<String, serde_json::Value>> for Settings {
    type Error = SettingError;

    fn try_from(values: BTreeMap<String, serde_json::Value>) -> Result<Settings, SettingError> {
        Settings::from_texts(values.into_iter().map(|(key, value)| {
            let text = match value {
                serde_json::Value::Null => "off".to_owned(),
                serde_json::Value::String(text) => text,
                other => other.to_string(),
            };
            (key, text)
        }))
    }
}
