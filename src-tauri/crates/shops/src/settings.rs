//! What can be set for each shop. The names of marks and tags default to those of HotWax Commerce, so that a theme made
//! for it goes on working.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The settings of a shop.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct ShopSettings {
    /// The version of the shop's interface that is spoken.
    pub api_version: String,
    /// Where the mark of a variant is kept: its namespace.
    pub namespace: String,
    /// And its key there.
    pub mark_key: String,
    /// The key of the sellable quantity; empty: it is not written.
    pub quantity_key: String,
    /// The tag of products with a variant on pre-order.
    pub pre_order_tag: String,
    /// The tag of products with a variant on backorder.
    pub backorder_tag: String,
    /// Pieces of each listing that this shop does not get.
    pub buffer: i64,
    /// Gives a variant that sold without stock before we listed it that freedom back when it leaves the list.
    pub restore_policy: bool,
    /// What is done where somebody else changed what Presell wrote.
    pub drift: Drift,
    /// A sync that would take more than this part of the listed variants off stops and asks, in percent.
    pub max_delist_percent: i64,
    /// Nothing is listed or taken off on lists older than this, in hours; only passed dates are.
    pub max_catalog_age_hours: i64,
}

/// What is done where somebody else changed what Presell wrote.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename = "DriftAnswer")]
pub enum Drift {
    /// It is shown, and somebody decides.
    Ask,
    /// Presell writes its own again.
    #[default]
    Repair,
    /// What the shop shows is taken as it is, until the lists change.
    Adopt,
}

/// The version that is spoken unless a shop says otherwise.
pub const API_VERSION: &str = "2026-10";
/// Versions that were tried with this Presell, newest first.
pub const API_VERSIONS: &[&str] = &["2026-10", "2026-07"];

impl Default for ShopSettings {
    fn default() -> Self {
        ShopSettings {
            api_version: API_VERSION.to_owned(),
            namespace: "HC_PREORDER".to_owned(),
            mark_key: "PROMISE_DATE".to_owned(),
            quantity_key: "SELLABLE_QUANTITY".to_owned(),
            pre_order_tag: "HC:Pre-Order".to_owned(),
            backorder_tag: "HC:Backorder".to_owned(),
            buffer: 0,
            restore_policy: false,
            drift: Drift::Repair,
            max_delist_percent: 30,
            max_catalog_age_hours: 24,
        }
    }
}
