//! Collections, whose members follow from rules.

use serde::{Deserialize, Serialize};

use super::{Product, Shop};

/// A collection of products.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Collection {
    /// What it is called.
    pub title: String,
    /// The last part of its address.
    pub handle: String,
    /// Where its members come from; a member of any is a member.
    pub sources: Vec<Source>,
}

/// One way to become a member.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Source {
    /// Its number.
    pub id: u64,
    /// What people call it.
    pub title: String,
    /// The rule.
    pub inclusion: Inclusion,
}

/// Who belongs to it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Inclusion {
    /// Whether one rule suffices; else all must hold.
    pub any: bool,
    /// Groups of tags: whether one of the group suffices, and the tags.
    pub tags: Vec<(bool, Vec<String>)>,
    /// Products picked by hand.
    pub products: Vec<u64>,
}

impl Inclusion {
    fn takes(&self, id: u64, product: &Product) -> bool {
        let holds = |(any, tags): &(bool, Vec<String>)| {
            if *any { tags.iter().any(|t| product.has_tag(t)) } else { tags.iter().all(|t| product.has_tag(t)) }
        };
        let by_rule =
            !self.tags.is_empty() && if self.any { self.tags.iter().any(holds) } else { self.tags.iter().all(holds) };
        by_rule || self.products.contains(&id)
    }
}

impl Shop {
    /// Whether a product is in a collection now.
    pub fn is_member(&self, collection: u64, product: u64) -> bool {
        let (Some(collection), Some(found)) = (self.collections.get(&collection), self.products.get(&product)) else {
            return false;
        };
        collection.sources.iter().any(|source| source.inclusion.takes(product, found))
    }

    /// The collection with this address.
    pub fn collection(&self, handle: &str) -> Option<(u64, &Collection)> {
        self.collections.iter().find(|(_, c)| c.handle == handle).map(|(id, c)| (*id, c))
    }
}
