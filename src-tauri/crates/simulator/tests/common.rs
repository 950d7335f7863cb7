//! A shop to talk to.

use presell_simulator::shop::Access;
use presell_simulator::{Clock, Options, Shop, Simulator};
use serde_json::{Value, json};

/// Where the clock of a test begins: 2026-11-25T12:00:00Z.
pub(crate) const NOON: i64 = 1_795_608_000_000;

pub(crate) const VERSION: &str = "2026-10";

/// Two products, three SKUs; one SKU is there twice.
pub(crate) fn apparel() -> Shop {
    Shop::new().with_product("Black jacket", ["BLK-S", "BLK-M"]).with_product("Navy parka", ["NVY-S", "TWICE", "TWICE"])
}

pub(crate) async fn open(shop: Shop) -> (Simulator, Clock) {
    let clock = Clock::manual(NOON);
    let options = Options { shop: Some(shop), clock: clock.clone(), ..Options::default() };
    (Simulator::start(options).await.expect("the demo shop starts on a free port"), clock)
}

/// Asks without a network, and gives the body.
pub(crate) fn ask(simulator: &Simulator, query: &str, variables: Value) -> Value {
    let (status, body) = simulator.call(VERSION, Access::TOKEN, &json!({"query": query, "variables": variables}));
    assert_eq!(status, 200, "the API answers 200 even when it refuses: {body}");
    body
}

/// Asks, and gives the data of an answer that must have no errors.
pub(crate) fn data(simulator: &Simulator, query: &str, variables: Value) -> Value {
    let body = ask(simulator, query, variables);
    assert_eq!(body.get("errors"), None, "nothing is wrong with this request");
    body["data"].clone()
}

pub(crate) fn variant_id(simulator: &Simulator, sku: &str) -> String {
    format!("gid://shopify/ProductVariant/{}", simulator.shop().variants_of(sku)[0])
}

pub(crate) fn product_id(simulator: &Simulator, sku: &str) -> String {
    let shop = simulator.shop();
    format!("gid://shopify/Product/{}", shop.variant(sku).expect("the SKU is in the shop").product)
}

pub(crate) fn number(id: &str) -> u64 {
    id.rsplit('/').next().and_then(|n| n.parse().ok()).expect("an id ends with a number")
}

pub(crate) const SET_POLICY: &str =
    "mutation SetPolicy($product: ID!, $variants: [ProductVariantsBulkInput!]!, $partial: Boolean) {
  productVariantsBulkUpdate(productId: $product, variants: $variants, allowPartialUpdates: $partial) {
    product { id tags } productVariants { id inventoryPolicy } userErrors { field message code } } }";

pub(crate) const SET_FIELDS: &str =
    "mutation SetFields($metafields: [MetafieldsSetInput!]!) { metafieldsSet(metafields: $metafields) {
  metafields { id key value compareDigest } userErrors { field message code elementIndex } } }";

pub(crate) const ADD_TAGS: &str = "mutation AddTags($id: ID!, $tags: [String!]!) { tagsAdd(id: $id, tags: $tags) { node { id } userErrors { field message } } }";

pub(crate) fn policy(simulator: &Simulator, sku: &str, policy: &str) -> Value {
    json!({"product": product_id(simulator, sku), "variants": [{"id": variant_id(simulator, sku), "inventoryPolicy": policy}]})
}

pub(crate) fn field(simulator: &Simulator, sku: &str, value: &str) -> Value {
    json!({"ownerId": variant_id(simulator, sku), "namespace": "HC_PREORDER", "key": "promise_date", "type": "date", "value": value})
}
