//! What a shop's theme makes of tag, policy, stock and metafield: the rule by which a customer sees Pre-order or Backorder.

use serde_json::Value;

use crate::shop::{Policy, Product, Status, Variant};

const NAMESPACE: &str = "HC_PREORDER";
/// Spelling varies from shop to shop, so hyphens and capitals do not count.
const PRE_ORDER: &str = "hc:preorder";
const BACKORDER: &str = "hc:backorder";

/// What stands beside a variant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Badge {
    /// It sells before it comes in; perhaps with a date.
    PreOrder(Option<String>),
    /// It sells until it comes in again; perhaps with a date.
    Backorder(Option<String>),
    /// It sells from stock, or at zero without a promise.
    InStock,
    /// It does not sell.
    SoldOut,
}

impl Badge {
    /// As the customer reads it.
    pub fn label(&self) -> &'static str {
        match self {
            Self::PreOrder(_) => "Pre-order",
            Self::Backorder(_) => "Backorder",
            Self::InStock => "In stock",
            Self::SoldOut => "Sold out",
        }
    }

    /// The date that is promised.
    pub fn promise(&self) -> Option<&str> {
        match self {
            Self::PreOrder(date) | Self::Backorder(date) => date.as_deref(),
            _ => None,
        }
    }
}

/// The badge of a variant: a promise only if tag, availability, policy, stock and metafield all agree.
pub fn badge(product: &Product, variant: &Variant) -> Badge {
    let for_sale = matches!(product.status, Status::Active | Status::Unlisted);
    let at_zero = variant.tracked && variant.quantity() <= 0;
    if !for_sale || (at_zero && variant.policy == Policy::Deny) {
        return Badge::SoldOut;
    }
    let tagged = |tag: &str| product.tags.iter().any(|t| t.to_lowercase().replace("pre-order", "preorder") == tag);
    match promise(variant) {
        Some((class, date)) if at_zero => match class.as_deref() {
            Some("BACKORDER") if tagged(BACKORDER) => Badge::Backorder(date),
            Some("PRE_ORDER") if tagged(PRE_ORDER) => Badge::PreOrder(date),
            None if tagged(PRE_ORDER) => Badge::PreOrder(date),
            None if tagged(BACKORDER) => Badge::Backorder(date),
            _ => Badge::InStock,
        },
        _ => Badge::InStock,
    }
}

/// Class and date of an active promise: one JSON value, or a value of its own per fact.
fn promise(variant: &Variant) -> Option<(Option<String>, Option<String>)> {
    let own = || variant.metafields.values().filter(|m| m.namespace == NAMESPACE);
    let text = |value: &Value| value.as_str().filter(|text| *text != "_NA_").map(str::to_owned);
    for field in own() {
        if let Ok(Value::Object(facts)) = serde_json::from_str(&field.value) {
            let fact = |name: &str| facts.get(name).and_then(text);
            let active = fact("status").is_none_or(|status| status.eq_ignore_ascii_case("active"));
            return active.then(|| (fact("preorderType"), fact("promise_date")));
        }
    }
    let value = |key: &str| own().find(|m| m.key == key).map(|m| m.value.clone());
    if value("status").is_some_and(|status| !status.eq_ignore_ascii_case("active")) {
        return None;
    }
    let date = value("promise_date").filter(|date| date != "_NA_");
    let class = value("class").or_else(|| value("preorder_type")).map(|class| class.to_uppercase().replace('-', "_"));
    (date.is_some() || class.is_some()).then_some((class, date))
}
