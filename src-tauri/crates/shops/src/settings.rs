//! What can be set for each shop. The names of marks and tags default to those of HotWax Commerce, so that a theme made
//! for it goes on working.

use presell_catalog::rules::Class;
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
    /// The part of the store's catalog that this shop shows: SKUs or styles, `*` for anything; empty: all of it.
    pub products: Vec<String>,
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

impl ShopSettings {
    /// The shop shows a part of its store's catalog only.
    pub fn has_sub_catalog(&self) -> bool {
        !self.products.is_empty()
    }

    /// The tag of a class.
    pub fn tag(&self, class: Class) -> &str {
        match class {
            Class::PreOrder => &self.pre_order_tag,
            Class::Backorder => &self.backorder_tag,
        }
    }

    /// What is not accepted: each field with what is wrong about it.
    pub fn check(&self) -> Vec<(&'static str, String)> {
        let mut wrong = Vec::new();
        for (field, tag) in [("preOrderTag", &self.pre_order_tag), ("backorderTag", &self.backorder_tag)] {
            if tag.trim().is_empty() || tag.contains(',') || tag.len() > 255 {
                wrong.push((field, "Give a tag of up to 255 characters, without a comma.".to_owned()));
            }
        }
        if self.pre_order_tag.eq_ignore_ascii_case(&self.backorder_tag) {
            wrong.push(("backorderTag", "The two tags must differ.".to_owned()));
        }
        let plain = |text: &str, least: usize, most: usize| {
            (least..=most).contains(&text.len()) && text.chars().all(|c| c.is_ascii_alphanumeric() || "_-".contains(c))
        };
        if !plain(&self.namespace, 3, 255) {
            wrong.push(("namespace", "Use 3 to 255 letters, digits, - and _.".to_owned()));
        }
        if !plain(&self.mark_key, 2, 64) {
            wrong.push(("markKey", "Use 2 to 64 letters, digits, - and _.".to_owned()));
        }
        if !self.quantity_key.is_empty() && (!plain(&self.quantity_key, 2, 64) || self.quantity_key == self.mark_key) {
            let words =
                "Use 2 to 64 letters, digits, - and _, and another key than the mark's; empty: no quantity is written.";
            wrong.push(("quantityKey", words.to_owned()));
        }
        if self.products.len() > 10_000 || self.products.iter().any(|word| word.trim().is_empty() || word.len() > 255) {
            wrong.push(("products", "Give up to 10,000 SKUs or styles, each of up to 255 characters.".to_owned()));
        }
        for (field, value, most) in [
            ("buffer", self.buffer, 1_000_000),
            ("maxDelistPercent", self.max_delist_percent, 100),
            ("maxCatalogAgeHours", self.max_catalog_age_hours, 8_784),
        ] {
            if !(0..=most).contains(&value) {
                wrong.push((field, format!("Give a whole number from 0 to {most}.")));
            }
        }
        wrong
    }
}

impl Default for ShopSettings {
    fn default() -> Self {
        ShopSettings {
            api_version: API_VERSION.to_owned(),
            namespace: "HC_PREORDER".to_owned(),
            mark_key: "PROMISE_DATE".to_owned(),
            quantity_key: "SELLABLE_QUANTITY".to_owned(),
            pre_order_tag: "HC:Pre-Order".to_owned(),
            backorder_tag: "HC:Backorder".to_owned(),
            products: Vec::new(),
            buffer: 0,
            restore_policy: false,
            drift: Drift::Repair,
            max_delist_percent: 30,
            max_catalog_age_hours: 24,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(change: impl FnOnce(&mut ShopSettings)) -> Vec<&'static str> {
        let mut settings = ShopSettings::default();
        change(&mut settings);
        settings.check().into_iter().map(|(field, _)| field).collect()
    }

    #[test]
    fn what_a_shop_would_not_take_is_refused_by_field() {
        assert_eq!(refused(|_| {}), [""; 0], "the usual settings are accepted");
        assert_eq!(
            refused(|s| s.pre_order_tag = "a,b".to_owned()),
            ["preOrderTag"],
            "a comma would make two tags of it"
        );
        assert_eq!(
            refused(|s| s.backorder_tag = s.pre_order_tag.clone()),
            ["backorderTag"],
            "one tag cannot tell two classes"
        );
        assert_eq!(refused(|s| s.quantity_key = s.mark_key.clone()), ["quantityKey"], "two values under one key");
        assert_eq!(refused(|s| s.quantity_key.clear()), [""; 0], "no quantity is a choice");
        assert_eq!(refused(|s| s.products = vec![" ".to_owned()]), ["products"], "nothing is no name of a product");
        assert_eq!(refused(|s| s.buffer = -1), ["buffer"], "fewer than none is no buffer");
    }
}
