//! What requests cost, and what happens to whoever spends too much.

use presell_simulator::Shop;
use presell_simulator::shop::Plan;
use rstest::rstest;
use serde_json::{Value, json};

use crate::common::{ADD_TAGS, apparel, ask, open, product_id};

const VARIANTS: &str = include_str!("documents/reads.graphql");
const MORE: &str = include_str!("documents/more_reads.graphql");
const TAGS: &str = include_str!("documents/metafields_and_tags.graphql");
const BULK: &str = include_str!("documents/bulk.graphql");

async fn price(file: &str, operation: &str, variables: Value) -> Value {
    let (simulator, _) = open(apparel()).await;
    let request = json!({"query": file, "operationName": operation, "variables": variables});
    let (_, body) = simulator.call("2026-10", presell_simulator::shop::Access::TOKEN, &request);
    assert_eq!(body.get("errors"), None, "{operation} is answered");
    body["extensions"]["cost"].clone()
}

#[rstest]
#[case::fifty_variants(VARIANTS, "VariantsBySku", json!({"q": "sku:\"BLK-S\"", "first": 50}), 202)]
#[case::two_hundred_variants(VARIANTS, "VariantsBySku", json!({"q": "sku:\"BLK-S\"", "first": 200}), 802)]
#[case::changed_products(MORE, "ProductsScan", json!({"q": "tag:x"}), 52)]
#[case::orders_with_lines(MORE, "PresellOrders", json!({"q": ""}), 767)]
#[case::transfers(MORE, "Transfers", json!({}), 432)]
#[case::reading_back_three(MORE, "ReadBack", json!({"ids": ["gid://shopify/ProductVariant/1", "gid://shopify/ProductVariant/2", "gid://shopify/ProductVariant/3"]}), 9)]
#[case::two_tag_writes(TAGS, "TagBatch", json!({"p1": "gid://shopify/Product/2", "p2": "gid://shopify/Product/2", "on": ["a"], "off": ["b"]}), 20)]
#[case::a_staged_upload(BULK, "Staged", json!({"input": [{"resource": "BULK_MUTATION_VARIABLES", "filename": "f", "mimeType": "text/jsonl", "httpMethod": "POST"}]}), 11)]
#[tokio::test]
async fn a_request_costs_what_the_model_says(
    #[case] file: &str,
    #[case] operation: &str,
    #[case] variables: Value,
    #[case] points: u64,
) {
    let cost = price(file, operation, variables).await;
    assert_eq!(cost["requestedQueryCost"], points, "{operation} asks for {points} points");
}

#[tokio::test]
async fn what_was_not_needed_is_given_back() {
    let cost = price(VARIANTS, "VariantsBySku", json!({"q": "sku:\"BLK-S\"", "first": 50})).await;
    assert_eq!(cost["actualQueryCost"], 5, "one variant without a promise costs 5");
    assert_eq!(cost["throttleStatus"]["currentlyAvailable"], 1995.0, "only what was needed is gone");
    assert_eq!(cost["throttleStatus"]["restoreRate"], 100.0, "the standard plan restores 100 a second");
}

#[tokio::test]
async fn a_query_dearer_than_a_thousand_is_refused_whatever_is_left() {
    let (simulator, _) = open(apparel()).await;
    let request = json!({"query": VARIANTS, "operationName": "VariantsBySku", "variables": {"q": "", "first": 250}});
    let (status, body) = simulator.call("2026-10", presell_simulator::shop::Access::TOKEN, &request);
    assert_eq!(status, 200, "a refusal comes with 200");
    assert_eq!(
        body["errors"][0]["extensions"]["code"], "MAX_COST_EXCEEDED",
        "250 variants with this selection are too dear"
    );
    let words = body["errors"][0]["message"].as_str().unwrap_or_default();
    assert!(words.contains("Query cost is 1002"), "the refusal says what it would cost: {words}");
}

#[tokio::test]
async fn an_empty_bucket_throttles_until_time_has_filled_it() {
    let (simulator, clock) = open(apparel()).await;
    let write = json!({"id": product_id(&simulator, "BLK-S"), "tags": ["x"]});
    let mut done = 0;
    let refused = loop {
        let body = ask(&simulator, ADD_TAGS, write.clone());
        match body.get("errors") {
            Some(_) => break body,
            None => done += 1,
        }
    };
    assert_eq!(done, 181, "eleven points a write: 2,000 points are 181 writes");
    assert_eq!(refused["errors"][0]["extensions"]["code"], "THROTTLED", "then the shop asks for patience");
    assert_eq!(refused.get("data"), None, "an answer that throttles has no data");
    assert_eq!(refused["extensions"]["cost"]["requestedQueryCost"], 11, "it says what is missing");
    clock.advance(19);
    assert!(
        ask(&simulator, ADD_TAGS, write.clone()).get("errors").is_some(),
        "nine points are left, and 19 ms bring less than two"
    );
    clock.advance(1);
    assert_eq!(ask(&simulator, ADD_TAGS, write).get("errors"), None, "a moment later it goes on");
    assert_eq!(simulator.requests().1, 2, "the shop counts whom it throttled");
}

#[rstest]
#[case(Plan::Standard, 2_000.0, 100.0)]
#[case(Plan::Advanced, 4_000.0, 200.0)]
#[case(Plan::Plus, 20_000.0, 1_000.0)]
#[tokio::test]
async fn a_dearer_plan_has_a_bigger_bucket(#[case] plan: Plan, #[case] most: f64, #[case] restore: f64) {
    let mut shop = Shop::new();
    shop.plan = plan;
    let (simulator, _) = open(shop).await;
    let status = ask(&simulator, "{ shop { id } }", json!({}))["extensions"]["cost"]["throttleStatus"].clone();
    assert_eq!(status["maximumAvailable"], most, "the bucket of {plan:?}");
    assert_eq!(status["restoreRate"], restore, "what comes back to {plan:?} in a second");
}

#[tokio::test]
async fn more_than_250_items_are_refused() {
    let (simulator, _) = open(apparel()).await;
    let ids: Vec<String> = (0..251).map(|n| format!("gid://shopify/ProductVariant/{n}")).collect();
    let body = ask(&simulator, "query($ids: [ID!]!) { nodes(ids: $ids) { id } }", json!({"ids": ids}));
    assert_eq!(body["errors"][0]["extensions"]["code"], "MAX_INPUT_SIZE_EXCEEDED", "251 ids are one too many");
}
