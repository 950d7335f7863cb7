//! What mutations do, refuse and leave in the journal.

use presell_simulator::journal::By;
use presell_simulator::shop::Policy;
use serde_json::{Value, json};

use crate::common::{
    ADD_TAGS, SET_FIELDS, SET_POLICY, apparel, ask, data, field, number, open, policy, product_id, variant_id,
};

const MISSING: &str = "gid://shopify/ProductVariant/999999";

#[tokio::test]
async fn a_policy_is_set_and_read_in_one_answer() {
    let (simulator, _) = open(apparel()).await;
    let said =
        data(&simulator, SET_POLICY, policy(&simulator, "BLK-S", "CONTINUE"))["productVariantsBulkUpdate"].clone();
    assert_eq!(said["productVariants"][0]["inventoryPolicy"], "CONTINUE", "the answer shows the new policy");
    assert_eq!(said["userErrors"], json!([]), "nothing was refused");
    assert_eq!(simulator.shop().variant("BLK-S").expect("there").policy, Policy::Continue, "and the shop has it");
    let write = simulator.journal().pop().expect("the journal has the write");
    assert_eq!(
        (write.operation.as_str(), write.by.clone()),
        ("productVariantsBulkUpdate", By::Request),
        "who and what"
    );
    assert_eq!(write.document.as_deref(), Some("SetPolicy"), "by which document");
    assert_eq!(write.changes[0].before, "DENY", "what it was");
    assert_eq!(write.changes[0].after, "CONTINUE", "what it is");
    assert_eq!(write.changes[0].id, variant_id(&simulator, "BLK-S"), "of which variant");
}

#[tokio::test]
async fn one_bad_variant_stops_all_unless_a_part_is_allowed() {
    let (simulator, _) = open(apparel()).await;
    let mut wanted = policy(&simulator, "BLK-S", "CONTINUE");
    wanted["variants"].as_array_mut().expect("a list").insert(0, json!({"id": MISSING, "inventoryPolicy": "CONTINUE"}));
    let said = data(&simulator, SET_POLICY, wanted.clone())["productVariantsBulkUpdate"].clone();
    assert_eq!(said["userErrors"][0]["code"], "PRODUCT_VARIANT_DOES_NOT_EXIST", "the bad one is named");
    assert_eq!(said["userErrors"][0]["field"], json!(["variants", "0", "id"]), "by its place");
    assert_eq!(simulator.shop().variant("BLK-S").expect("there").policy, Policy::Deny, "and nothing was written");
    wanted["partial"] = json!(true);
    let said = data(&simulator, SET_POLICY, wanted)["productVariantsBulkUpdate"].clone();
    assert_eq!(said["productVariants"].as_array().map(Vec::len), Some(1), "the good one is in the answer");
    assert_eq!(said["userErrors"].as_array().map(Vec::len), Some(1), "the bad one is still refused");
    assert_eq!(simulator.shop().variant("BLK-S").expect("there").policy, Policy::Continue, "the good one is written");
}

#[tokio::test]
async fn a_variant_of_another_product_is_not_in_this_one() {
    let (simulator, _) = open(apparel()).await;
    let wanted = json!({"product": product_id(&simulator, "BLK-S"),
        "variants": [{"id": variant_id(&simulator, "NVY-S"), "inventoryPolicy": "CONTINUE"}]});
    let said = data(&simulator, SET_POLICY, wanted)["productVariantsBulkUpdate"].clone();
    assert_eq!(said["userErrors"][0]["code"], "PRODUCT_VARIANT_DOES_NOT_EXIST", "each call is about one product");
    let wanted = json!({"product": "gid://shopify/Product/999", "variants": []});
    let said = data(&simulator, SET_POLICY, wanted)["productVariantsBulkUpdate"].clone();
    assert_eq!(said["userErrors"][0]["code"], "PRODUCT_DOES_NOT_EXIST", "a product that is gone is said to be");
}

#[tokio::test]
async fn metafields_are_written_all_or_none() {
    let (simulator, _) = open(apparel()).await;
    let mut bad = field(&simulator, "BLK-M", "2027-01-15");
    bad["ownerId"] = json!(MISSING);
    let rows = json!({"metafields": [field(&simulator, "BLK-S", "2027-01-15"), bad]});
    let said = data(&simulator, SET_FIELDS, rows)["metafieldsSet"].clone();
    assert_eq!(said["userErrors"][0]["elementIndex"], 1, "the row that is wrong is named");
    let shop = simulator.shop();
    assert_eq!(
        shop.variant("BLK-S").expect("there").metafield("HC_PREORDER", "promise_date"),
        None,
        "no row is written"
    );
}

#[tokio::test]
async fn a_digest_tells_whether_somebody_was_quicker() {
    let (simulator, _) = open(apparel()).await;
    let set = |value: &str, digest: Value| {
        let mut row = field(&simulator, "BLK-S", value);
        row["compareDigest"] = digest;
        data(&simulator, SET_FIELDS, json!({"metafields": [row]}))["metafieldsSet"].clone()
    };
    let first = set("2027-01-15", Value::Null);
    let digest = first["metafields"][0]["compareDigest"].clone();
    assert!(digest.is_string(), "a null digest writes what is not there yet: {first}");
    let again = set("2027-01-16", Value::Null);
    assert_eq!(again["userErrors"][0]["code"], "STALE_OBJECT", "and refuses what is there already");
    let moved = set("2027-01-16", digest.clone());
    assert_eq!(moved["userErrors"], json!([]), "the digest that was read opens the value");
    let late = set("2027-01-17", digest);
    assert_eq!(late["userErrors"][0]["code"], "STALE_OBJECT", "but only once");
    let odd = set("2027-01-17", json!("nonsense"));
    assert_eq!(odd["userErrors"][0]["code"], "INVALID_COMPARE_DIGEST", "and nonsense never");
    let shop = simulator.shop();
    let value = shop.variant("BLK-S").and_then(|v| v.metafield("HC_PREORDER", "promise_date"));
    assert_eq!(value, Some("2027-01-16"), "the value is that of the last write that was accepted");
}

#[tokio::test]
async fn more_than_25_metafields_are_refused() {
    let (simulator, _) = open(apparel()).await;
    let rows: Vec<Value> = (0..26)
        .map(|n| {
            let mut row = field(&simulator, "BLK-S", "2027-01-15");
            row["key"] = json!(format!("key_{n}"));
            row
        })
        .collect();
    let said = data(&simulator, SET_FIELDS, json!({"metafields": rows}))["metafieldsSet"].clone();
    assert_eq!(said["userErrors"][0]["code"], "LESS_THAN_OR_EQUAL_TO", "26 are one too many");
    let said = data(&simulator, SET_FIELDS, json!({"metafields": &rows[..25]}))["metafieldsSet"].clone();
    assert_eq!(said["metafields"].as_array().map(Vec::len), Some(25), "25 are not");
}

#[tokio::test]
async fn a_value_must_fit_its_type() {
    let (simulator, _) = open(apparel()).await;
    let said = data(&simulator, SET_FIELDS, json!({"metafields": [field(&simulator, "BLK-S", "15/01/2027")]}));
    assert_eq!(said["metafieldsSet"]["userErrors"][0]["code"], "INVALID_VALUE", "a date is written YYYY-MM-DD");
}

#[tokio::test]
async fn deleting_what_is_not_there_succeeds_with_null() {
    let (simulator, _) = open(apparel()).await;
    data(&simulator, SET_FIELDS, json!({"metafields": [field(&simulator, "BLK-S", "2027-01-15")]}));
    let query = "mutation($m: [MetafieldIdentifierInput!]!) { metafieldsDelete(metafields: $m) { deletedMetafields { key } userErrors { message } } }";
    let name =
        |sku: &str| json!({"ownerId": variant_id(&simulator, sku), "namespace": "HC_PREORDER", "key": "promise_date"});
    let said = data(&simulator, query, json!({"m": [name("BLK-S"), name("BLK-M")]}))["metafieldsDelete"].clone();
    assert_eq!(said["deletedMetafields"], json!([{"key": "promise_date"}, null]), "one is gone, one never was");
}

#[tokio::test]
async fn tags_are_added_beside_those_of_others() {
    let (simulator, _) = open(apparel()).await;
    let id = product_id(&simulator, "BLK-S");
    simulator.shop().add_tag(number(&id), "new");
    data(&simulator, ADD_TAGS, json!({"id": id, "tags": ["HC:Pre-Order", "a, b", "NEW"]}));
    let tags = simulator.shop().product_of("BLK-S").expect("there").tags.clone();
    assert_eq!(
        tags,
        ["HC:Pre-Order", "a", "b", "new"],
        "a comma parts tags, and a tag is there once whatever its capitals"
    );
    let writes = simulator.journal();
    assert_eq!(writes[0].by, By::Other, "what another app did is in the journal as its own");
    assert_eq!(writes[1].changes[0].after, json!(tags), "what the request did as well");
    data(&simulator, ADD_TAGS, json!({"id": id, "tags": ["a"]}));
    assert_eq!(simulator.journal()[2].changes, [], "adding what is there changes nothing, and is in the journal still");
}

#[tokio::test]
async fn a_collection_follows_its_tag() {
    let (simulator, _) = open(apparel()).await;
    let query = "mutation($c: CollectionCreateInput!) { collectionCreate(collection: $c) { collection { id handle sources { title } } userErrors { message } } }";
    let rule = json!({"c": {"title": "Pre-order", "handle": "pre-order", "sources": [{"source": {"title": "By tag", "inclusion":
        {"matchType": "ANY", "conditions": [{"productTag": {"relation": "TAGGED_WITH", "matchType": "ANY", "values": ["HC:Pre-Order"]}}]}}}]}});
    let made = data(&simulator, query, rule.clone())["collectionCreate"]["collection"].clone();
    assert_eq!(made["sources"][0]["title"], "By tag", "the rule is there");
    let product = product_id(&simulator, "BLK-S");
    let look = "query($p: ID!) { collectionByIdentifier(identifier: {handle: \"pre-order\"}) { hasProduct(id: $p) products(first: 5) { nodes { handle } } } }";
    let seen = || data(&simulator, look, json!({"p": product}))["collectionByIdentifier"].clone();
    assert_eq!(seen()["hasProduct"], false, "without the tag no member");
    data(&simulator, ADD_TAGS, json!({"id": product, "tags": ["HC:Pre-Order"]}));
    assert_eq!(seen()["hasProduct"], true, "with the tag a member, without a write to the collection");
    assert_eq!(seen()["products"]["nodes"], json!([{"handle": "black-jacket"}]), "and the only one");
    let twin = data(&simulator, query, rule)["collectionCreate"]["collection"].clone();
    assert_eq!(twin["handle"], "pre-order-1", "creating twice makes two: look first");
}

#[tokio::test]
async fn a_definition_that_is_there_is_taken() {
    let (simulator, _) = open(apparel()).await;
    let query = "mutation($d: MetafieldDefinitionInput!) { metafieldDefinitionCreate(definition: $d) { createdDefinition { id namespace } userErrors { code } } }";
    let mut wanted = json!({"d": {"name": "Promise date", "namespace": "HC_PREORDER", "key": "promise_date", "type": "date", "ownerType": "PRODUCTVARIANT"}});
    let said = data(&simulator, query, wanted.clone())["metafieldDefinitionCreate"].clone();
    assert_eq!(said["createdDefinition"]["namespace"], "HC_PREORDER", "it is made");
    let said = data(&simulator, query, wanted.clone())["metafieldDefinitionCreate"].clone();
    assert_eq!(said["userErrors"][0]["code"], "TAKEN", "once");
    wanted["d"]["key"] = json!("other");
    wanted["d"]["access"] = json!({"admin": "MERCHANT_READ"});
    let said = data(&simulator, query, wanted)["metafieldDefinitionCreate"].clone();
    assert_eq!(
        said["userErrors"][0]["code"], "ADMIN_ACCESS_INPUT_NOT_ALLOWED",
        "who else may write is settled only for names of one's own"
    );
    let mut text = field(&simulator, "BLK-S", "soon");
    text["type"] = json!("single_line_text_field");
    let said = data(&simulator, SET_FIELDS, json!({"metafields": [text]}))["metafieldsSet"].clone();
    assert_eq!(said["userErrors"][0]["code"], "INVALID_TYPE", "a definition binds the type");
}

#[tokio::test]
async fn stock_is_set_once_per_key_and_only_if_nobody_was_quicker() {
    let (simulator, _) = open(apparel()).await;
    simulator.shop().set_quantity("BLK-S", 38);
    let (item, place) = {
        let shop = simulator.shop();
        let place = *shop.locations.keys().next().expect("there is a warehouse");
        (
            format!("gid://shopify/InventoryItem/{}", shop.variant("BLK-S").expect("there").item),
            format!("gid://shopify/Location/{place}"),
        )
    };
    let query = "mutation($input: InventoryAdjustQuantitiesInput!, $key: String!) { inventoryAdjustQuantities(input: $input) @idempotent(key: $key) {
        inventoryAdjustmentGroup { changes { name delta } } userErrors { code } } }";
    let adjust = |key: &str, delta: i64, from: Value| {
        let row = json!({"inventoryItemId": item, "locationId": place, "delta": delta, "changeFromQuantity": from});
        let input = json!({"name": "available", "reason": "correction", "changes": [row]});
        data(&simulator, query, json!({"key": key, "input": input}))["inventoryAdjustQuantities"].clone()
    };
    let have = || simulator.shop().variant("BLK-S").expect("there").quantity();
    assert_eq!(adjust("k1", -2, json!(38))["inventoryAdjustmentGroup"]["changes"][0]["delta"], -2, "two units go");
    assert_eq!(adjust("k1", -2, json!(38))["userErrors"], json!([]), "the same request again is answered alike");
    assert_eq!(have(), 36, "but done once");
    assert_eq!(
        adjust("k1", -3, json!(36))["userErrors"][0]["code"],
        "IDEMPOTENCY_KEY_PARAMETER_MISMATCH",
        "another request needs another key"
    );
    assert_eq!(
        adjust("k2", -2, json!(38))["userErrors"][0]["code"],
        "CHANGE_FROM_QUANTITY_STALE",
        "a quantity that moved is not touched"
    );
    assert_eq!(have(), 36, "so it stays");
    let without = query.replace(" @idempotent(key: $key)", "").replace(", $key: String!", "");
    let row = json!({"inventoryItemId": item, "locationId": place, "delta": 1, "changeFromQuantity": null});
    let body =
        ask(&simulator, &without, json!({"input": {"name": "available", "reason": "correction", "changes": [row]}}));
    assert!(body["errors"].is_array(), "without a key it is refused: {body}");
}

#[tokio::test]
async fn what_cannot_be_written_here_is_refused_instead_of_left_out() {
    let (simulator, _) = open(apparel()).await;
    let mut wanted = policy(&simulator, "BLK-S", "CONTINUE");
    wanted["variants"][0]["price"] = json!("9.99");
    let body = ask(&simulator, SET_POLICY, wanted);
    assert_eq!(
        body["errors"][0]["extensions"]["code"], "NOT_SIMULATED",
        "a price that would not be kept is refused: {body}"
    );
    assert_eq!(simulator.shop().variant("BLK-S").expect("there").policy, Policy::Deny, "and nothing was written");
}
