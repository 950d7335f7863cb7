//! Every change of the shop goes through here and is noted: what the API writes, and what other people do meanwhile.

use serde_json::{Value, json};

use super::{Metafield, Policy, Shop, Status};
use crate::gid::{Gid, gid};
use crate::journal::Change;

impl Shop {
    /// Sets what is available of a SKU at the first location, as a delivery or a count does.
    pub fn set_quantity(&mut self, sku: &str, quantity: i64) {
        let Some(first) = self.locations.keys().next().copied() else { return };
        for variant in self.variants_of(sku) {
            self.change_level(variant, first, "available", quantity);
        }
    }

    /// Sets the policy of a SKU, as the merchant does by hand.
    pub fn set_policy(&mut self, sku: &str, policy: Policy) {
        for variant in self.variants_of(sku) {
            self.change_policy(variant, policy);
        }
    }

    /// Adds a tag to a product, as another app does.
    pub fn add_tag(&mut self, product: u64, tag: &str) {
        let Some(tags) = self.products.get(&product).filter(|p| !p.has_tag(tag)).map(|p| p.tags.clone()) else {
            return;
        };
        self.change_tags(product, tags.into_iter().chain([tag.to_owned()]).collect());
    }

    /// Takes a tag off a product, as another app does.
    pub fn remove_tag(&mut self, product: u64, tag: &str) {
        let Some(tags) = self.products.get(&product).filter(|p| p.has_tag(tag)).map(|p| p.tags.clone()) else { return };
        self.change_tags(product, tags.into_iter().filter(|t| t.to_lowercase() != tag.to_lowercase()).collect());
    }

    /// Sets a metafield of a variant, as another app does.
    pub fn set_metafield(&mut self, sku: &str, namespace: &str, key: &str, kind: &str, value: &str) {
        for variant in self.variants_of(sku) {
            let owner = Gid { kind: "ProductVariant".into(), number: variant };
            self.put_metafield(&owner, namespace, key, kind, value);
        }
    }

    /// Sets whether customers see a product.
    pub fn set_status(&mut self, product: u64, status: Status) {
        let now = self.now;
        let Some(found) = self.products.get_mut(&product) else { return };
        let before = std::mem::replace(&mut found.status, status);
        found.updated = now;
        self.note(gid("Product", product), "status", json!(before.name()), json!(status.name()));
    }

    /// Deletes a product with its variants.
    pub fn delete_product(&mut self, product: u64) {
        let Some(gone) = self.products.remove(&product) else { return };
        self.handles.remove(&gone.handle);
        for variant in gone.variants {
            self.forget_variant(variant);
            self.note(gid("ProductVariant", variant), "exists", json!(true), json!(false));
        }
        self.note(gid("Product", product), "exists", json!(true), json!(false));
    }

    pub(crate) fn change_policy(&mut self, variant: u64, policy: Policy) {
        let now = self.now;
        let Some(found) = self.variants.get_mut(&variant) else { return };
        let before = std::mem::replace(&mut found.policy, policy);
        found.updated = now;
        self.touch_product_of(variant);
        self.note(gid("ProductVariant", variant), "inventoryPolicy", json!(before.name()), json!(policy.name()));
    }

    pub(crate) fn change_level(&mut self, variant: u64, location: u64, state: &str, quantity: i64) {
        let now = self.now;
        let Some(found) = self.variants.get_mut(&variant) else { return };
        let level = found.levels.entry(location).or_default();
        let before = level.get(state);
        level.set(state, quantity);
        found.updated = now;
        let field = format!("{state} at {}", gid("Location", location));
        self.note(gid("ProductVariant", variant), &field, json!(before), json!(quantity));
    }

    pub(crate) fn change_tags(&mut self, product: u64, mut tags: Vec<String>) {
        let now = self.now;
        let Some(found) = self.products.get_mut(&product) else { return };
        tags.sort_unstable();
        let before = std::mem::replace(&mut found.tags, tags.clone());
        found.updated = now;
        self.note(gid("Product", product), "tags", json!(before), json!(tags));
    }

    /// Writes a metafield of a product or variant, and gives it back.
    pub(crate) fn put_metafield(
        &mut self,
        owner: &Gid,
        namespace: &str,
        key: &str,
        kind: &str,
        value: &str,
    ) -> Option<Metafield> {
        let (now, fresh) = (self.now, self.fresh());
        let name = format!("{namespace}.{key}");
        let old = self.metafields(owner)?.get(&name).cloned();
        let mut field = old.clone().unwrap_or_else(|| Metafield {
            id: fresh,
            namespace: namespace.into(),
            key: key.into(),
            kind: kind.into(),
            value: String::new(),
            created: now,
            updated: now,
        });
        (field.kind, field.value, field.updated) = (kind.into(), value.into(), now);
        self.metafields_mut(owner)?.insert(name.clone(), field.clone());
        let before = old.map_or(Value::Null, |m| json!(m.value));
        self.note(owner.to_string(), &format!("metafield {name}"), before, json!(value));
        Some(field)
    }

    /// Takes a metafield away; whether there was one.
    pub(crate) fn drop_metafield(&mut self, owner: &Gid, namespace: &str, key: &str) -> bool {
        let name = format!("{namespace}.{key}");
        let Some(gone) = self.metafields_mut(owner).and_then(|all| all.remove(&name)) else { return false };
        self.note(owner.to_string(), &format!("metafield {name}"), json!(gone.value), Value::Null);
        true
    }

    /// Notes a change for the journal.
    pub(crate) fn note(&mut self, id: String, field: &str, before: Value, after: Value) {
        self.changes.push(Change { id, field: field.to_owned(), before, after });
    }

    fn touch_product_of(&mut self, variant: u64) {
        let now = self.now;
        let product = self.variants.get(&variant).map(|v| v.product);
        if let Some(product) = product.and_then(|id| self.products.get_mut(&id)) {
            product.updated = now;
        }
    }
}
