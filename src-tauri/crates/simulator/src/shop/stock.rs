//! Where stock lies, and how much of it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What a unit can be; `on_hand` is all but what is still on its way.
pub(crate) const STATES: [&str; 7] =
    ["available", "committed", "incoming", "reserved", "damaged", "safety_stock", "quality_control"];

/// A place with stock.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Location {
    /// What people call it.
    pub name: String,
    /// Whether it is in use.
    pub active: bool,
}

/// The stock of one variant at one location, by state.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Level(pub BTreeMap<String, i64>);

impl Level {
    /// How many units are in a state.
    pub fn get(&self, state: &str) -> i64 {
        if state == "on_hand" {
            return self.0.iter().filter(|(state, _)| *state != "incoming").map(|(_, n)| n).sum();
        }
        self.0.get(state).copied().unwrap_or(0)
    }

    /// Sets a state; `on_hand` moves what is available.
    pub fn set(&mut self, state: &str, quantity: i64) {
        if state == "on_hand" {
            let others = self.get("on_hand") - self.get("available");
            return self.set("available", quantity - others);
        }
        self.0.insert(state.to_owned(), quantity);
    }
}
