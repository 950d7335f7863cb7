//! Looking into the shop: search, pages, reading back, rights.

use presell_simulator::Shop;
use presell_simulator::shop::{Access, Level, Standing, Status};
use rstest::rstest;
use serde_json::{Value, json};

use crate::common::{VERSION, apparel, ask, data, number, open, product_id, variant_id};

const FIND: &str = "query Find($q: String!) { productVariants(first: 50, query: $q, sortKey: ID) { nodes { sku } } }";
const SCAN: &str =
    "query Scan($q: String!) { products(first: 50, query: $q, sortKey: UPDATED_AT) { nodes { handle } } }";

fn skus(found: &Value) -> Vec<&str> {
    let nodes = found["productVariants"]["nodes"].as_array().expect("a page has nodes");
    nodes.iter().filter_map(|node| node["sku"].as_str()).collect()
}

fn handles(found: &Value) -> Vec<&str> {
    let nodes = found["products"]["nodes"].as_array().expect("a page has nodes");
    nodes.iter().filter_map(|node| node["handle"].as_str()).collect()
}

#[rstest]
#[case::two_skus("sku:\"BLK-S\" OR sku:\"NVY-S\"", &["BLK-S", "NVY-S"])]
#[case::capitals_do_not_count("sku:blk-s", &["BLK-S"])]
#[case::a_sku_that_is_there_twice("sku:TWICE", &["TWICE", "TWICE"])]
#[case::no_such_sku("sku:\"BLK\"", &[])]
#[case::the_beginning("sku:BLK*", &["BLK-S", "BLK-M"])]
#[case::a_tag_with_a_colon("tag:\"HC:Pre-Order\"", &["BLK-S", "BLK-M"])]
#[case::without_a_tag("-tag:\"HC:Pre-Order\"", &["NVY-S", "TWICE", "TWICE"])]
#[case::both("tag:\"HC:Pre-Order\" AND sku:BLK-M", &["BLK-M"])]
#[case::one_without_the_other("sku:BLK* AND NOT sku:BLK-M", &["BLK-S"])]
#[case::grouped("(sku:BLK-S OR sku:NVY-S) AND tag:\"HC:Pre-Order\"", &["BLK-S"])]
#[case::stock("inventory_quantity:>0", &["NVY-S"])]
#[case::changed_since("updated_at:>='2026-11-25T00:00:00Z' AND sku:NVY-S", &["NVY-S"])]
#[case::changed_before("updated_at:<'2026-11-25T00:00:00Z'", &[])]
#[tokio::test]
async fn the_search_finds(#[case] search: &str, #[case] expected: &[&str]) {
    let (simulator, _) = open(apparel()).await;
    let product = number(&product_id(&simulator, "BLK-S"));
    simulator.shop().add_tag(product, "HC:Pre-Order");
    for sku in ["BLK-S", "BLK-M", "NVY-S", "TWICE"] {
        simulator.shop().set_quantity(sku, if sku == "NVY-S" { 3 } else { 0 });
    }
    let found = data(&simulator, FIND, json!({"q": search}));
    assert_eq!(skus(&found), expected, "what {search} finds");
}

#[tokio::test]
async fn a_field_the_search_does_not_know_finds_everything_and_warns() {
    let (simulator, _) = open(apparel()).await;
    let body = ask(&simulator, FIND, json!({"q": "skuu:BLK-S"}));
    assert_eq!(skus(&body["data"]).len(), 5, "everything matches");
    let warning = &body["extensions"]["search"][0]["warnings"][0];
    assert_eq!(warning["field"], "skuu", "only a warning tells: {body}");
    let body = ask(&simulator, FIND, json!({"q": "tag:HC:Pre-Order"}));
    assert_eq!(skus(&body["data"]).len(), 5, "a colon without quotes loses the search its way");
    assert!(body["extensions"]["search"][0]["warnings"][0].is_object(), "and it warns of that too: {body}");
}

#[tokio::test]
async fn a_scan_names_all_statuses_or_misses_some() {
    let (simulator, _) = open(apparel()).await;
    let product = number(&product_id(&simulator, "BLK-S"));
    simulator.shop().set_status(product, Status::Draft);
    let found = data(&simulator, SCAN, json!({"q": ""}));
    assert_eq!(handles(&found), ["navy-parka"], "without a word about status only active products are found");
    let found = data(&simulator, SCAN, json!({"q": "status:active,draft,archived,unlisted"}));
    assert_eq!(handles(&found).len(), 2, "with all statuses named, all are found");
}

#[tokio::test]
async fn products_come_in_the_order_of_their_changes() {
    let (simulator, clock) = open(apparel()).await;
    let product = number(&product_id(&simulator, "BLK-S"));
    clock.advance(5_000);
    simulator.shop().add_tag(product, "new");
    let found = data(&simulator, SCAN, json!({"q": "updated_at:>'2026-01-01'"}));
    assert_eq!(handles(&found), ["navy-parka", "black-jacket"], "the last changed comes last");
}

#[tokio::test]
async fn pages_lead_from_one_to_the_next() {
    let (simulator, _) = open(apparel()).await;
    let query = "query Page($after: String) { productVariants(first: 2, after: $after) { nodes { sku } pageInfo { hasNextPage endCursor } } }";
    let mut seen: Vec<String> = Vec::new();
    let mut after = Value::Null;
    loop {
        let page = data(&simulator, query, json!({"after": after}))["productVariants"].clone();
        seen.extend(
            page["nodes"].as_array().into_iter().flatten().filter_map(|n| n["sku"].as_str()).map(str::to_owned),
        );
        after = page["pageInfo"]["endCursor"].clone();
        if page["pageInfo"]["hasNextPage"] == false {
            break;
        }
    }
    assert_eq!(seen, ["BLK-S", "BLK-M", "NVY-S", "TWICE", "TWICE"], "every variant is on one page, once");
    let body = ask(&simulator, "{ products { nodes { id } } }", json!({}));
    assert!(body["errors"].is_array(), "a page without a length is refused: {body}");
}

#[tokio::test]
async fn a_cursor_leads_on_even_when_its_own_entry_is_gone() {
    let (simulator, _) = open(apparel()).await;
    let query =
        "query Page($after: String) { products(first: 1, after: $after) { nodes { handle } pageInfo { endCursor } } }";
    let first = data(&simulator, query, json!({"after": null}))["products"].clone();
    assert_eq!(first["nodes"], json!([{"handle": "black-jacket"}]), "the first page");
    let product = number(&product_id(&simulator, "BLK-S"));
    simulator.shop().delete_product(product);
    let second = data(&simulator, query, json!({"after": first["pageInfo"]["endCursor"]}))["products"].clone();
    assert_eq!(second["nodes"], json!([{"handle": "navy-parka"}]), "the second page begins after what was deleted");
}

#[tokio::test]
async fn no_list_can_be_paged_through_beyond_25_000() {
    let (simulator, _) = open(Shop::filled(11_000, 1)).await;
    assert!(simulator.shop().variants.len() > 25_000, "there is more than that");
    let last = "{ productVariants(last: 1) { pageInfo { endCursor } } }";
    let end = data(&simulator, last, json!({}))["productVariants"]["pageInfo"]["endCursor"].clone();
    let next = "query Page($after: String) { productVariants(first: 1, after: $after) { nodes { id } } }";
    let body = ask(&simulator, next, json!({"after": end}));
    assert_eq!(body["errors"][0]["extensions"]["code"], "BAD_REQUEST", "so deep only a bulk query reads: {body}");
}

#[tokio::test]
async fn a_list_can_be_read_backwards() {
    let (simulator, _) = open(apparel()).await;
    let query = "query Page($after: String) { productVariants(first: 2, after: $after, reverse: true) { nodes { sku } pageInfo { hasNextPage endCursor } } }";
    let first = data(&simulator, query, json!({"after": null}))["productVariants"].clone();
    assert_eq!(first["nodes"], json!([{"sku": "TWICE"}, {"sku": "TWICE"}]), "the last come first");
    let second = data(&simulator, query, json!({"after": first["pageInfo"]["endCursor"]}))["productVariants"].clone();
    assert_eq!(second["nodes"], json!([{"sku": "NVY-S"}, {"sku": "BLK-M"}]), "and so on towards the first");
    assert_eq!(second["pageInfo"]["hasNextPage"], true, "one is left");
    let query = "query Page($before: String) { productVariants(last: 2, before: $before) { nodes { sku } pageInfo { startCursor } } }";
    let last = data(&simulator, query, json!({"before": null}))["productVariants"].clone();
    let before = data(&simulator, query, json!({"before": last["pageInfo"]["startCursor"]}))["productVariants"].clone();
    assert_eq!(before["nodes"], json!([{"sku": "BLK-M"}, {"sku": "NVY-S"}]), "the page before the last one");
}

#[tokio::test]
async fn reading_back_says_null_for_what_is_deleted() {
    let (simulator, _) = open(apparel()).await;
    let (gone, stays) = (variant_id(&simulator, "BLK-S"), variant_id(&simulator, "NVY-S"));
    let product = number(&product_id(&simulator, "BLK-S"));
    simulator.shop().delete_product(product);
    let query = "query Back($ids: [ID!]!) { nodes(ids: $ids) { __typename id ... on ProductVariant { sku product { tags } } } }";
    let nodes = data(&simulator, query, json!({"ids": [gone, stays]}))["nodes"].clone();
    assert_eq!(nodes[0], Value::Null, "what is deleted is null, in its place");
    assert_eq!(nodes[1]["sku"], "NVY-S", "what is there is there");
    assert_eq!(nodes[1]["__typename"], "ProductVariant", "and says of which kind it is");
}

#[tokio::test]
async fn the_search_may_lag_behind_but_reading_back_never_does() {
    let (simulator, clock) = open(apparel()).await;
    simulator.shop().search_lag_ms = 10_000;
    let product = number(&product_id(&simulator, "BLK-S"));
    let search = json!({"q": "tag:new"});
    assert_eq!(skus(&data(&simulator, FIND, search.clone())).len(), 0, "nothing has the tag yet");
    simulator.shop().add_tag(product, "new");
    assert_eq!(skus(&data(&simulator, FIND, search.clone())).len(), 0, "the index does not know it at once");
    let query = "query($id: ID!) { product(id: $id) { tags } }";
    let read = data(&simulator, query, json!({"id": product_id(&simulator, "BLK-S")}));
    assert_eq!(read["product"]["tags"], json!(["new"]), "the product itself does");
    clock.advance(10_000);
    assert_eq!(skus(&data(&simulator, FIND, search)).len(), 2, "after a while the index has caught up");
}

#[tokio::test]
async fn levels_tell_each_state_by_location() {
    let (simulator, _) = open(apparel()).await;
    simulator.shop().set_quantity("BLK-S", 5);
    simulator.shop().place_order(&[("BLK-S", 7)]);
    let item = format!("gid://shopify/InventoryItem/{}", simulator.shop().variant("BLK-S").expect("there").item);
    let query =
        "query($id: ID!) { inventoryItem(id: $id) { tracked inventoryLevels(first: 5) { nodes { location { name }
        quantities(names: [\"available\", \"committed\", \"on_hand\"]) { name quantity } } } } }";
    let level = data(&simulator, query, json!({"id": item}))["inventoryItem"]["inventoryLevels"]["nodes"][0].clone();
    let expected = json!([{"name": "available", "quantity": -2}, {"name": "committed", "quantity": 7}, {"name": "on_hand", "quantity": 5}]);
    assert_eq!(level["quantities"], expected, "seven sold of five leave two below zero, and five on the shelf");
    assert_eq!(level["location"]["name"], "Warehouse", "the level says where");
    assert_eq!(Level::default().get("available"), 0, "nothing is there until something comes");
}

#[tokio::test]
async fn orders_tell_what_is_still_to_send() {
    let (simulator, clock) = open(apparel()).await;
    let kept = simulator.shop().place_order(&[("BLK-S", 2)]);
    let cancelled = simulator.shop().place_order(&[("BLK-M", 1)]);
    clock.advance(1_000);
    simulator.shop().cancel_order(cancelled);
    let query =
        "{ orders(first: 5, query: \"test:false\", sortKey: UPDATED_AT) { nodes { id cancelledAt lineItems(first: 5) {
        nodes { sku currentQuantity unfulfilledQuantity variant { id } sellingPlan { name } } } } } }";
    let orders = data(&simulator, query, json!({}))["orders"]["nodes"].clone();
    assert_eq!(number(orders[0]["id"].as_str().unwrap_or_default()), kept, "the last changed comes last");
    assert_eq!(orders[0]["lineItems"]["nodes"][0]["unfulfilledQuantity"], 2, "two are still to send");
    assert_eq!(orders[0]["lineItems"]["nodes"][0]["variant"]["id"], variant_id(&simulator, "BLK-S"), "of this variant");
    assert_eq!(orders[1]["cancelledAt"], "2026-11-25T12:00:01Z", "the other was called off");
    assert_eq!(orders[1]["lineItems"]["nodes"][0]["currentQuantity"], 0, "and wants nothing any more");
}

#[tokio::test]
async fn a_field_nobody_acts_out_says_so_instead_of_null() {
    let (simulator, _) = open(apparel()).await;
    for query in [
        "{ products(first: 1) { nodes { onlineStoreUrl } } }",
        "{ shop { description } }",
        "{ giftCards(first: 1) { nodes { id } } }",
    ] {
        let body = ask(&simulator, query, json!({}));
        let code = &body["errors"][0]["extensions"]["code"];
        assert_eq!(code, "NOT_SIMULATED", "a silent null would be taken for the truth: {query} {body}");
    }
}

#[tokio::test]
async fn a_document_with_a_mistake_is_refused_with_its_place() {
    let (simulator, _) = open(apparel()).await;
    let body = ask(&simulator, "{ shop { colour } }", json!({}));
    assert!(body["errors"][0]["locations"][0]["line"].is_number(), "the refusal says where: {body}");
    assert_eq!(body.get("data"), None, "nothing was read");
    let body = ask(&simulator, "query($ids: [ID!]!) { nodes(ids: $ids) { id } }", json!({"ids": 7.5}));
    assert!(body["errors"][0]["extensions"]["problems"].is_array(), "variables that do not fit are a problem: {body}");
}

#[tokio::test]
async fn who_lacks_a_right_is_told_which() {
    let (simulator, _) = open(apparel()).await;
    simulator.shop().access.scopes.retain(|scope| scope != "read_orders");
    let body = ask(&simulator, "{ orders(first: 1) { nodes { id } } }", json!({}));
    assert_eq!(body["errors"][0]["extensions"]["code"], "ACCESS_DENIED", "orders are closed: {body}");
    let words = body["errors"][0]["message"].as_str().unwrap_or_default();
    assert!(words.contains("`read_orders` access scope"), "the refusal names the right: {words}");
}

#[rstest]
#[case(Standing::Frozen, 402)]
#[case(Standing::NotApproved, 403)]
#[case(Standing::Locked, 423)]
#[tokio::test]
async fn a_closed_shop_answers_nobody(#[case] standing: Standing, #[case] status: u16) {
    let (simulator, _) = open(apparel()).await;
    simulator.shop().access.standing = standing;
    let (said, body) = simulator.call(VERSION, Access::TOKEN, &json!({"query": "{ shop { id } }"}));
    assert_eq!(said, status, "a shop that is {standing:?}");
    assert!(body["errors"].is_string(), "its refusal is one text: {body}");
}

#[tokio::test]
async fn an_unknown_token_gets_401() {
    let (simulator, _) = open(apparel()).await;
    let (status, body) = simulator.call(VERSION, "shpat_wrong", &json!({"query": "{ shop { id } }"}));
    assert_eq!(status, 401, "a wrong token opens nothing");
    assert!(body["errors"].as_str().is_some_and(|e| e.contains("access token")), "and the shop says why: {body}");
}
