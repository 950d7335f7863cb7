//! What the shop knows: products, variants, stock, collections, orders. Plain state without HTTP, that can be kept as JSON.

mod access;
mod bulk;
mod collection;
mod edits;
mod filled;
mod order;
mod product;
mod stock;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use serde::{Deserialize, Serialize};
use serde_json::json;

pub use access::{Access, Plan, Standing};
pub use bulk::{Bulk, BulkKind, BulkStatus};
pub use collection::{Collection, Inclusion, Source};
pub use order::{Line, Order};
pub use product::{Definition, Metafield, Policy, Product, Status, Variant};
pub use stock::{Level, Location};

pub(crate) use stock::STATES;

use crate::clock::Millis;
use crate::gid::{Gid, gid};
use crate::journal::Change;

/// A shop. The numbers are those at the end of the ids of the API: product 1 is `gid://shopify/Product/1`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Shop {
    /// What the merchant calls it.
    pub name: String,
    /// The zone of its dates.
    pub zone: String,
    /// How it is paid for, which decides how much it lets an app do.
    pub plan: Plan,
    /// Who may come in, and with which rights.
    #[serde(skip)]
    pub access: Access,
    /// Products by number.
    pub products: BTreeMap<u64, Product>,
    /// Variants by number.
    pub variants: BTreeMap<u64, Variant>,
    /// Locations by number.
    pub locations: BTreeMap<u64, Location>,
    /// Collections by number.
    pub collections: BTreeMap<u64, Collection>,
    /// Orders by number.
    pub orders: BTreeMap<u64, Order>,
    /// Definitions of metafields by number.
    pub definitions: BTreeMap<u64, Definition>,
    /// Bulk operations by number.
    pub bulks: BTreeMap<u64, Bulk>,
    /// Uploaded files by key, that no bulk operation has taken yet.
    pub staged: BTreeMap<String, Option<String>>,
    /// Answers already given under an idempotency key, with the arguments they were given for.
    pub answered: BTreeMap<String, (serde_json::Value, serde_json::Value)>,
    /// How long the search lags behind what is written.
    pub search_lag_ms: Millis,
    /// Now, by the clock of the shop; set whenever somebody takes hold of it.
    pub now: Millis,
    last_id: u64,
    #[serde(skip)]
    skus: HashMap<String, BTreeSet<u64>>,
    #[serde(skip)]
    items: HashMap<u64, u64>,
    #[serde(skip)]
    handles: HashSet<String>,
    /// What changed since somebody took hold of the shop, for the journal.
    #[serde(skip)]
    pub(crate) changes: Vec<Change>,
}

impl Shop {
    /// An empty shop with one location.
    pub fn new() -> Self {
        let shop = Self { name: "Presell demo shop".into(), zone: "Europe/Madrid".into(), ..Self::default() };
        shop.with_location("Warehouse")
    }

    /// One more location. The first one holds the stock of [`Shop::set_quantity`].
    pub fn with_location(mut self, name: &str) -> Self {
        let id = self.fresh();
        self.locations.insert(id, Location { name: name.into(), active: true });
        self
    }

    /// One more product, active, with a variant per SKU, tracked, without stock, policy DENY.
    pub fn with_product<'a>(mut self, title: &str, skus: impl IntoIterator<Item = &'a str>) -> Self {
        self.add_product(title, skus);
        self
    }

    /// Adds a product as [`Shop::with_product`] does, and gives its number.
    pub fn add_product<'a>(&mut self, title: &str, skus: impl IntoIterator<Item = &'a str>) -> u64 {
        let product = self.fresh();
        let handle = self.free_handle(title);
        self.products.insert(product, Product::new(title, handle, self.now));
        self.note(gid("Product", product), "exists", json!(false), json!(true));
        for sku in skus {
            self.add_variant(product, sku);
        }
        product
    }

    /// One more variant of a product.
    pub fn add_variant(&mut self, product: u64, sku: &str) -> u64 {
        let (id, item) = (self.fresh(), self.fresh());
        let mut variant = Variant::new(product, item, sku, self.now);
        if let Some(first) = self.locations.keys().next() {
            variant.levels.insert(*first, Level::default());
        }
        if let Some(product) = self.products.get_mut(&product) {
            product.variants.push(id);
        }
        self.skus.entry(sku.to_lowercase()).or_default().insert(id);
        self.items.insert(item, id);
        self.variants.insert(id, variant);
        self.note(gid("ProductVariant", id), "exists", json!(false), json!(true));
        id
    }

    /// The variants with exactly this SKU; several, if the shop is untidy.
    pub fn variants_of(&self, sku: &str) -> Vec<u64> {
        let alike = self.alike(sku);
        alike.filter(|id| self.variants.get(id).is_some_and(|v| v.sku == sku)).collect()
    }

    /// The first variant with this SKU.
    pub fn variant(&self, sku: &str) -> Option<&Variant> {
        self.variants_of(sku).first().and_then(|id| self.variants.get(id))
    }

    /// The product of the first variant with this SKU.
    pub fn product_of(&self, sku: &str) -> Option<&Product> {
        self.variant(sku).and_then(|v| self.products.get(&v.product))
    }

    /// The variants whose SKU is this but for capitals, as the search finds them.
    pub(crate) fn alike(&self, sku: &str) -> impl Iterator<Item = u64> + '_ {
        self.skus.get(&sku.to_lowercase()).into_iter().flatten().copied()
    }

    /// The variant of an inventory item.
    pub(crate) fn variant_of_item(&self, item: u64) -> Option<u64> {
        self.items.get(&item).copied()
    }

    /// A number nobody has.
    pub(crate) fn fresh(&mut self) -> u64 {
        self.last_id += 1;
        self.last_id
    }

    /// The metafields of a product or variant.
    pub(crate) fn metafields(&self, owner: &Gid) -> Option<&BTreeMap<String, Metafield>> {
        match owner.kind.as_str() {
            "Product" => self.products.get(&owner.number).map(|p| &p.metafields),
            "ProductVariant" => self.variants.get(&owner.number).map(|v| &v.metafields),
            _ => None,
        }
    }

    fn metafields_mut(&mut self, owner: &Gid) -> Option<&mut BTreeMap<String, Metafield>> {
        match owner.kind.as_str() {
            "Product" => self.products.get_mut(&owner.number).map(|p| &mut p.metafields),
            "ProductVariant" => self.variants.get_mut(&owner.number).map(|v| &mut v.metafields),
            _ => None,
        }
    }

    fn forget_variant(&mut self, id: u64) {
        if let Some(variant) = self.variants.remove(&id) {
            self.items.remove(&variant.item);
            if let Some(alike) = self.skus.get_mut(&variant.sku.to_lowercase()) {
                alike.remove(&id);
            }
        }
    }

    /// Before the first customer: what was built without a clock is as old as the shop, and is nobody's edit.
    pub(crate) fn open(&mut self) {
        self.changes.clear();
        let now = self.now;
        for product in self.products.values_mut().filter(|p| p.updated == 0) {
            (product.created, product.updated) = (now, now);
        }
        for variant in self.variants.values_mut().filter(|v| v.updated == 0) {
            variant.updated = now;
        }
    }

    /// What is derived, after the state came out of a file.
    pub(crate) fn find_again(&mut self) {
        self.skus.clear();
        self.handles = self.products.values().map(|p| p.handle.clone()).collect();
        for (id, variant) in &self.variants {
            self.skus.entry(variant.sku.to_lowercase()).or_default().insert(*id);
            self.items.insert(variant.item, *id);
        }
    }

    fn free_handle(&mut self, title: &str) -> String {
        let words: Vec<String> =
            title.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_lowercase).collect();
        let handle = words.join("-");
        let handle = if self.handles.contains(&handle) { format!("{handle}-{}", self.last_id) } else { handle };
        self.handles.insert(handle.clone());
        handle
    }
}
