//! What customers ordered.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::Shop;
use crate::clock::Millis;
use crate::gid::gid;

/// An order.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Order {
    /// As customers know it: `#1001`.
    pub name: String,
    /// When it was placed.
    pub created: Millis,
    /// When it last changed.
    pub updated: Millis,
    /// When it was called off.
    pub cancelled: Option<Millis>,
    /// Whether it only tries the checkout.
    pub test: bool,
    /// What was ordered.
    pub lines: Vec<Line>,
}

/// One position of an order.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Line {
    /// Its number.
    pub id: u64,
    /// The variant, unless it was deleted since.
    pub variant: Option<u64>,
    /// The SKU at the time of the order.
    pub sku: String,
    /// Units ordered.
    pub quantity: i64,
    /// Units still wanted, after refunds.
    pub current: i64,
    /// Units not sent yet.
    pub unfulfilled: i64,
}

impl Shop {
    /// A customer buys: the order, and the stock that goes with it, below zero where the policy lets it.
    pub fn place_order(&mut self, lines: &[(&str, i64)]) -> u64 {
        let id = self.fresh();
        let first = self.locations.keys().next().copied();
        let mut order =
            Order { name: format!("#{}", 1000 + id), created: self.now, updated: self.now, ..Order::default() };
        for (sku, quantity) in lines {
            let variant = self.variants_of(sku).first().copied();
            self.commit(variant.zip(first), *quantity);
            let line = Line { id: self.fresh(), variant, sku: (*sku).into(), quantity: *quantity, ..Line::default() };
            order.lines.push(Line { current: *quantity, unfulfilled: *quantity, ..line });
        }
        self.note(gid("Order", id), "exists", json!(false), json!(true));
        self.orders.insert(id, order);
        id
    }

    /// The customer calls the order off; its stock comes back.
    pub fn cancel_order(&mut self, id: u64) {
        let now = self.now;
        let first = self.locations.keys().next().copied();
        let Some(order) = self.orders.get_mut(&id).filter(|o| o.cancelled.is_none()) else { return };
        (order.cancelled, order.updated) = (Some(now), now);
        let mut back = Vec::new();
        for line in &mut order.lines {
            back.push((line.variant, line.unfulfilled));
            (line.current, line.unfulfilled) = (0, 0);
        }
        for (variant, quantity) in back {
            self.commit(variant.zip(first), -quantity);
        }
        self.note(gid("Order", id), "cancelled", json!(null), json!(now));
    }

    /// Moves units from available to committed.
    fn commit(&mut self, place: Option<(u64, u64)>, quantity: i64) {
        let level = place.and_then(|(variant, place)| self.variants.get(&variant)?.levels.get(&place));
        let Some(((variant, place), level)) = place.zip(level.cloned()) else { return };
        self.change_level(variant, place, "available", level.get("available") - quantity);
        self.change_level(variant, place, "committed", level.get("committed") + quantity);
    }
}
