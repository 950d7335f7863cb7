//! What the shop shows; and that half of it is not taken for all.

use super::*;
use crate::model::{Mark, Tags};

fn node(number: u64, sku: &str) -> Value {
    json!({"id": variant(number), "sku": sku, "inventoryPolicy": "CONTINUE", "inventoryQuantity": -2,
        "product": {"id": product(number), "title": "Jacket", "tags": ["new", "hc:pre-order"]},
        "inventoryItem": {"tracked": true}, "cap": {"value": "5", "compareDigest": "c"},
        "mark": {"value": r#"{"status":"active","promise_date":"01/15/2027","preorderType":"PRE_ORDER"}"#, "compareDigest": "m"}})
}

fn page(nodes: &[Value], cursor: Option<&str>) -> Reply {
    ok(json!({"productVariants": {"nodes": nodes, "pageInfo": {"hasNextPage": cursor.is_some(), "endCursor": cursor}}}))
}

fn skus(list: &[&str]) -> Vec<String> {
    list.iter().map(|sku| (*sku).to_owned()).collect()
}

#[tokio::test(start_paused = true)]
async fn a_variant_is_found_with_all_that_the_plan_wants_to_know() {
    let shop = shop(Script::new([page(&[node(11, "BLK-M")], None)]));
    let seen = shop.find(&skus(&["BLK-M"])).await.unwrap();
    let expected = crate::model::Seen {
        variant: variant(11),
        parent: product(11),
        sku: "BLK-M".to_owned(),
        title: "Jacket".to_owned(),
        continues: true,
        mark: Mark::Active(listing(5)),
        digest: Some("m+c".to_owned()),
        tags: Tags { pre_order: true, backorder: false },
        quantity: Some(-2),
    };
    assert_eq!(seen, [expected], "something of the variant is lost");
}

#[tokio::test(start_paused = true)]
async fn pages_are_followed_and_only_exact_skus_are_kept() {
    let first = page(&[node(1, "a-1"), node(2, "A-1")], Some("next"));
    let script = Script::new([first, page(&[node(2, "A-1"), node(3, "A-1"), node(4, "A-10")], None)]);
    let seen = shop(script.clone()).find(&skus(&["A-1"])).await.unwrap();
    let ids: Vec<_> = seen.iter().map(|seen| seen.variant.clone()).collect();
    assert_eq!(ids, [variant(2), variant(3)], "a like SKU is taken for ours, or one is there twice");
    assert_eq!(script.sent()[1]["variables"]["after"], "next", "the second page was not asked for");
}

#[tokio::test(start_paused = true)]
async fn a_sku_cannot_become_a_command_of_the_search() {
    let script = Script::new([page(&[], None)]);
    shop(script.clone()).find(&skus(&[r#"x" OR status:draft \"#, ""])).await.unwrap();
    let q = script.sent()[0]["variables"]["q"].as_str().unwrap().to_owned();
    assert_eq!(q, r#"sku:"x\" OR status:draft \\""#, "the search is not quoted, or an empty SKU finds everything");
}

#[tokio::test(start_paused = true)]
async fn a_search_that_ignored_the_question_or_answered_in_part_is_an_error() {
    let ignored = json!({"data": {"productVariants": {"nodes": [node(1, "A")], "pageInfo": {"hasNextPage": false}}},
        "extensions": {"search": [{"path": ["productVariants"], "warnings": [{"field": "sku", "message": "Invalid search field"}]}]}});
    let partly = json!({"data": {"productVariants": {"nodes": [node(1, "A")], "pageInfo": {"hasNextPage": false}}},
        "errors": [{"message": "Odd", "path": ["productVariants", "nodes", 0, "mark"]}]});
    let halved =
        json!({"data": {"productVariants": {"nodes": [{"id": variant(1)}], "pageInfo": {"hasNextPage": false}}}});
    for (body, why) in [(ignored, "the search"), (partly, "part"), (halved, "lacks")] {
        let error = shop(Script::new([status(200, &body)])).find(&skus(&["A"])).await.unwrap_err();
        assert!(
            matches!(&error, ShopError::Answer(words) if words.contains(why) || why == "the search"),
            "half an answer counts: {error:?}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_page_that_costs_too_much_is_asked_for_in_smaller_ones() {
    let script = Script::new([coded("MAX_COST_EXCEEDED"), page(&[node(1, "A")], None)]);
    let seen = shop(script.clone()).find(&skus(&["A"])).await.unwrap();
    assert_eq!(seen.len(), 1, "a dear page loses what it holds");
    let first = |at: usize| script.sent()[at]["variables"]["first"].as_u64().unwrap();
    assert!(first(1) < first(0), "the second page is as dear as the first");
    let ids: Vec<String> = (1..5).map(variant).collect();
    let nodes = |numbers: [u64; 2]| ok(json!({"nodes": numbers.map(|n| node(n, "A"))}));
    let script = Script::new([coded("MAX_COST_EXCEEDED"), nodes([1, 2]), nodes([3, 4])]);
    let seen = shop(script).see(&ids).await.unwrap();
    let seen: Vec<_> = seen.into_iter().map(|seen| seen.variant).collect();
    assert_eq!(seen, ids, "halves lose something, or change the order");
}

#[tokio::test(start_paused = true)]
async fn a_variant_that_is_gone_is_left_out_and_a_short_answer_is_none() {
    let ids: Vec<String> = [1, 2, 3].map(variant).to_vec();
    let seen = shop(Script::new([ok(json!({"nodes": [node(1, "A"), null, {}]}))])).see(&ids).await.unwrap();
    assert_eq!(seen.len(), 1, "what is gone is still seen");
    let short = shop(Script::new([ok(json!({"nodes": [node(1, "A")]}))])).see(&ids).await;
    assert!(short.is_err(), "an answer about other variants than asked for counts: {short:?}");
}

#[tokio::test(start_paused = true)]
async fn what_is_below_our_tags_is_found_whatever_its_status() {
    let tagged = ok(
        json!({"products": {"nodes": [{"id": product(1), "tags": ["HC:Backorder"]}, {"id": product(2), "tags": ["new"]}],
        "pageInfo": {"hasNextPage": false, "endCursor": null}}}),
    );
    let script = Script::new([tagged, page(&[node(1, "A"), node(2, "B")], None)]);
    let seen = shop(script.clone()).marked().await.unwrap();
    assert_eq!(seen.len(), 1, "a product without our tag is taken for ours");
    let q = script.sent()[0]["variables"]["q"].as_str().unwrap().to_owned();
    for part in ["tag:\"HC:Pre-Order\"", "tag:\"HC:Backorder\"", "active,draft,archived,unlisted"] {
        assert!(q.contains(part), "the search leaves out {part}: {q}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_test_names_what_is_missing_and_what_is_old() {
    let said = json!({"data": {"shop": {"name": "Demo", "ianaTimezone": "Europe/Berlin", "plan": {"publicDisplayName": "Basic"}},
        "currentAppInstallation": {"accessScopes": [{"handle": "read_products"}]},
        "publicApiVersions": [{"handle": "2026-10", "supported": true}]}});
    let raw =
        Raw { status: 200, version: Some("2027-01".to_owned()), body: said.to_string().into_bytes(), ..Raw::default() };
    let answers = shop(Script::new([Ok(raw)])).test().await.unwrap();
    assert_eq!(answers.missing_scopes, ["write_products"], "a missing scope is not named, or a held one is");
    assert_eq!(answers.version.as_deref(), Some("2027-01"), "the version that answered is not told");
    assert!(answers.warnings.iter().any(|w| w.contains("2027-01")), "a version that fell forward goes unseen");
    assert_eq!((answers.name.as_str(), answers.zone.as_deref()), ("Demo", Some("Europe/Berlin")), "who it is is lost");
}
