//! A demo shop in the test's own process, to be looked into and to be disturbed.

use presell_simulator::journal::{By, Change};
use presell_simulator::shop::{Policy, Variant};
use presell_simulator::{Options, Shop, Simulator};
use serde_json::Value;

use crate::support::Presell;

/// The header of a file of purchase orders.
pub(crate) const PO: &str = "po_id,line_no,sku,quantity,arrival_date,facility,is_new,status\n";

/// A shop at work.
pub(crate) struct DemoShop {
    pub(crate) simulator: Simulator,
    _runtime: tokio::runtime::Runtime,
}

impl DemoShop {
    /// With these products, each of one variant.
    pub(crate) fn selling(skus: &[String]) -> DemoShop {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let shop = skus.iter().fold(Shop::new(), |shop, sku| shop.with_product(sku, [sku.as_str()]));
        let options = Options { shop: Some(shop), ..Options::default() };
        let simulator = runtime.block_on(Simulator::start(options)).unwrap();
        DemoShop { simulator, _runtime: runtime }
    }

    /// Connects it as a Shopify shop "main" whose token is in `SHOP_TOKEN`.
    pub(crate) fn connect(&self, presell: &Presell, token: &str) -> Value {
        self.connect_as("main", presell, token)
    }

    /// Connects it under this name.
    pub(crate) fn connect_as(&self, name: &str, presell: &Presell, token: &str) -> Value {
        presell.set("SHOP_TOKEN", token);
        let base_url = self.simulator.base_url();
        presell.json(&[
            "shop",
            "add",
            name,
            "--platform",
            "shopify",
            "--domain",
            "demo.myshopify.com",
            "--token-env",
            "SHOP_TOKEN",
            "--base-url",
            base_url,
        ])
    }

    /// The variant with this SKU, as it is now.
    pub(crate) fn variant(&self, sku: &str) -> Variant {
        self.simulator.shop().variant(sku).unwrap().clone()
    }

    /// Whether customers can buy it without stock.
    pub(crate) fn sells(&self, sku: &str) -> bool {
        self.variant(sku).policy == Policy::Continue
    }

    /// What our mark on it says.
    pub(crate) fn mark(&self, sku: &str) -> Value {
        let mark = self.variant(sku).metafields.get("HC_PREORDER.PROMISE_DATE").map(|mark| mark.value.clone());
        mark.map(|text| serde_json::from_str(&text).unwrap()).unwrap_or_default()
    }

    /// The pieces that a theme may say are left.
    pub(crate) fn left(&self, sku: &str) -> Option<i64> {
        self.variant(sku).metafields.get("HC_PREORDER.SELLABLE_QUANTITY")?.value.parse().ok()
    }

    /// Everything about it but what time it is, to compare.
    pub(crate) fn whole(&self) -> Value {
        let mut whole = serde_json::to_value(&*self.simulator.shop()).unwrap();
        whole.as_object_mut().unwrap().remove("now");
        whole
    }

    /// The tags of its product.
    pub(crate) fn tags(&self, sku: &str) -> Vec<String> {
        self.simulator.shop().product_of(sku).unwrap().tags.clone()
    }

    /// How many writes it got.
    pub(crate) fn writes(&self) -> usize {
        self.simulator.journal().iter().filter(|write| write.by != By::Other).count()
    }

    /// What was written of a variant and its product after the n-th write, oldest first.
    pub(crate) fn changes(&self, sku: &str, after: usize) -> Vec<Change> {
        let (variant, product) = {
            let shop = self.simulator.shop();
            let variant = shop.variants_of(sku)[0];
            (
                format!("gid://shopify/ProductVariant/{variant}"),
                format!("gid://shopify/Product/{}", shop.variants[&variant].product),
            )
        };
        let writes = self.simulator.journal().into_iter().filter(|write| write.by != By::Other).skip(after);
        writes.flat_map(|write| write.changes).filter(|change| change.id == variant || change.id == product).collect()
    }
}

/// `S-000`, `S-001`, …
pub(crate) fn skus(n: usize) -> Vec<String> {
    (0..n).map(|n| format!("S-{n:03}")).collect()
}

/// A file of purchase orders with a line for each of these products, due on 15 December.
pub(crate) fn ordered(presell: &Presell, skus: &[String], is_new: &str) -> String {
    let lines: String = skus
        .iter()
        .enumerate()
        .map(|(n, sku)| format!("PO-1,{},{sku},10,2026-12-15,WH,{is_new},APPROVED\n", n + 1))
        .collect();
    presell.file("purchase-orders.csv", &format!("{PO}{lines}"))
}

/// The fields of changes, in order.
pub(crate) fn fields(changes: &[Change]) -> Vec<&str> {
    changes.iter().map(|change| change.field.as_str()).collect()
}
