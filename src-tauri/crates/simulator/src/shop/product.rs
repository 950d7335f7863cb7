//! Products, their variants, and the metafields on both.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use serde::{Deserialize, Serialize};

use super::Level;
use crate::clock::Millis;

/// Whether customers see a product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Status {
    /// For sale.
    #[default]
    Active,
    /// Put away.
    Archived,
    /// Not ready yet.
    Draft,
    /// For sale to whoever knows the address.
    Unlisted,
}

impl Status {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Active => "ACTIVE",
            Self::Archived => "ARCHIVED",
            Self::Draft => "DRAFT",
            Self::Unlisted => "UNLISTED",
        }
    }
}

/// Whether a variant sells at zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Policy {
    /// It does not.
    #[default]
    Deny,
    /// It does.
    Continue,
}

impl Policy {
    pub(crate) fn name(self) -> &'static str {
        if self == Self::Continue { "CONTINUE" } else { "DENY" }
    }

    pub(crate) fn parse(text: &str) -> Self {
        if text == "CONTINUE" { Self::Continue } else { Self::Deny }
    }
}

/// A product: what carries tags.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Product {
    /// The last part of its address.
    pub handle: String,
    /// What it is called.
    pub title: String,
    /// Whether customers see it.
    pub status: Status,
    /// Its tags, in order, each once but for capitals.
    pub tags: Vec<String>,
    /// Its variants by number.
    pub variants: Vec<u64>,
    /// Its metafields by `namespace.key`.
    pub metafields: BTreeMap<String, Metafield>,
    /// Since when it is there.
    pub created: Millis,
    /// When it last changed.
    pub updated: Millis,
}

impl Product {
    pub(crate) fn new(title: &str, handle: String, now: Millis) -> Self {
        Self { handle, title: title.into(), created: now, updated: now, ..Self::default() }
    }

    /// Whether it has a tag; capitals do not count.
    pub fn has_tag(&self, tag: &str) -> bool {
        self.tags.iter().any(|t| t.to_lowercase() == tag.to_lowercase())
    }
}

/// A variant: what is sold.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Variant {
    /// The product it belongs to.
    pub product: u64,
    /// Its inventory item.
    pub item: u64,
    /// The merchant's own number; two variants may have the same.
    pub sku: String,
    /// The number under the bars.
    pub barcode: Option<String>,
    /// What it is called within its product.
    pub title: String,
    /// Whether it sells at zero.
    pub policy: Policy,
    /// Whether its stock is counted at all.
    pub tracked: bool,
    /// Stock by location.
    pub levels: BTreeMap<u64, Level>,
    /// Its metafields by `namespace.key`.
    pub metafields: BTreeMap<String, Metafield>,
    /// When it last changed.
    pub updated: Millis,
}

impl Variant {
    pub(crate) fn new(product: u64, item: u64, sku: &str, now: Millis) -> Self {
        let title = sku.rsplit_once('-').map_or(sku, |(_, last)| last).to_owned();
        Self { product, item, sku: sku.into(), title, tracked: true, updated: now, ..Self::default() }
    }

    /// What can be sold from stock, over all locations; negative once more was sold than there is.
    pub fn quantity(&self) -> i64 {
        self.levels.values().map(|level| level.get("available")).sum()
    }

    /// The value of a metafield.
    pub fn metafield(&self, namespace: &str, key: &str) -> Option<&str> {
        self.metafields.get(&format!("{namespace}.{key}")).map(|m| m.value.as_str())
    }
}

/// A value on a product or variant, under a name.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Metafield {
    /// Its number.
    pub id: u64,
    /// Whose names these are.
    pub namespace: String,
    /// The name.
    pub key: String,
    /// How to read the value: `date`, `json`, `single_line_text_field`.
    pub kind: String,
    /// The value, always text.
    pub value: String,
    /// Since when it is there.
    pub created: Millis,
    /// When it last changed.
    pub updated: Millis,
}

impl Metafield {
    /// Stands for the value as it is now: a write may ask that it is still the same.
    pub fn digest(&self) -> String {
        let mut hasher = DefaultHasher::new();
        (&self.kind, &self.value).hash(&mut hasher);
        format!("{:016x}{:016x}", hasher.finish(), self.id)
    }
}

/// What may stand in a metafield of this name.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Definition {
    /// Whose names these are.
    pub namespace: String,
    /// The name.
    pub key: String,
    /// What people call it.
    pub name: String,
    /// How to read the value.
    pub kind: String,
    /// What carries it: `PRODUCTVARIANT`.
    pub owner: String,
}
