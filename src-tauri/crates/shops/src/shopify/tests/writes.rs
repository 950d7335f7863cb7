//! Calls with several operations: one bad operation never spoils another.

use super::*;

/// The rows of a call of marks, and which of its owners they are for.
fn owners(request: &Value, turn: usize) -> Vec<String> {
    let rows = request["variables"][format!("metafields_{turn}")].as_array().unwrap();
    rows.iter().map(|row| row["ownerId"].as_str().unwrap().to_owned()).collect()
}

fn marked(numbers: impl IntoIterator<Item = u64>) -> Value {
    let row =
        |n: u64, key: &str| json!({"key": key, "compareDigest": format!("{key}-{n}"), "owner": {"id": variant(n)}});
    let rows: Vec<Value> =
        numbers.into_iter().flat_map(|n| [row(n, "PROMISE_DATE"), row(n, "SELLABLE_QUANTITY")]).collect();
    json!({"metafields": rows, "userErrors": []})
}

fn stale(element: usize) -> Value {
    json!({"metafields": [], "userErrors": [{"field": ["metafields", element.to_string(), "compareDigest"],
        "message": "The resource has been updated since it was loaded.", "code": "STALE_OBJECT", "elementIndex": element}]})
}

fn marks(numbers: std::ops::Range<u64>) -> Vec<Op> {
    numbers.map(|n| op(Step::Mark, n, Some(listing(5)))).collect()
}

#[tokio::test(start_paused = true)]
async fn twelve_marks_with_their_quantities_share_a_call_and_their_digests_come_back() {
    let script = Script::new([ok(json!({"u0": marked(0..12), "u1": marked(12..15)}))]);
    let outcomes = submit(&shop(script.clone()), &marks(0..15)).await.unwrap();
    assert_eq!(owners(&script.sent()[0], 0).len(), 24, "a call does not take the 24 rows it may");
    let expected = |n| Outcome::Done(Some(format!("PROMISE_DATE-{n}+SELLABLE_QUANTITY-{n}")));
    assert_eq!(outcomes, (0..15).map(expected).collect::<Vec<_>>(), "digests are lost or mixed up");
}

#[tokio::test(start_paused = true)]
async fn a_stale_mark_is_taken_out_and_the_others_are_sent_again() {
    let script = Script::new([ok(json!({"u0": stale(3)})), ok(json!({"u0": marked([0, 2])}))]);
    let outcomes = submit(&shop(script.clone()), &marks(0..3)).await.unwrap();
    let kinds: Vec<_> = outcomes.iter().map(kind).collect();
    assert_eq!(kinds, [("done", ""), ("unknown", "STALE_OBJECT"), ("done", "")], "the stale one spoils the others");
    let again = owners(&script.sent()[1], 0);
    assert_eq!(
        again,
        [variant(0), variant(0), variant(2), variant(2)],
        "other marks were sent again than the good ones"
    );
}

#[tokio::test(start_paused = true)]
async fn a_call_refused_without_a_culprit_is_halved_until_it_shows() {
    let refused =
        || json!({"metafields": null, "userErrors": [{"field": ["metafields"], "message": "No", "code": "INVALID"}]});
    let first = ok(json!({"u0": refused()}));
    let (good, bad) = (ok(json!({"u0": marked(0..2)})), ok(json!({"u0": refused()})));
    let script = Script::new([first, good, bad, ok(json!({"u0": marked([2])})), ok(json!({"u0": refused()}))]);
    let outcomes = submit(&shop(script), &marks(0..4)).await.unwrap();
    let kinds: Vec<_> = outcomes.iter().map(|o| kind(o).0).collect();
    assert_eq!(kinds, ["done", "done", "done", "refused"], "an unnamed bad row spoils the others");
}

fn policies(variants: std::ops::Range<u64>) -> Vec<Op> {
    variants.map(|n| Op { parent: product(1), ..op(Step::Sell, n, None) }).collect()
}

fn sells(numbers: &[u64]) -> Value {
    numbers.iter().map(|n| json!({"id": variant(*n), "inventoryPolicy": "CONTINUE"})).collect()
}

#[tokio::test(start_paused = true)]
async fn variants_of_a_product_share_a_call_and_are_matched_by_id() {
    let payload = json!({"productVariants": sells(&[3, 1]), "userErrors": [
        {"field": ["variants", "1", "id"], "message": "Product variant does not exist", "code": "PRODUCT_VARIANT_DOES_NOT_EXIST"}]});
    let script = Script::new([ok(json!({"u0": payload}))]);
    let outcomes = submit(&shop(script.clone()), &policies(1..4)).await.unwrap();
    let kinds: Vec<_> = outcomes.iter().map(kind).collect();
    let gone = ("refused", "PRODUCT_VARIANT_DOES_NOT_EXIST");
    assert_eq!(kinds, [("done", ""), gone, ("done", "")], "the missing variant spoils its siblings");
    assert_eq!(script.sent().len(), 1, "variants of one product do not share a call");
}

#[tokio::test(start_paused = true)]
async fn an_error_about_a_product_is_about_all_its_variants_and_no_other_product() {
    let gone = json!({"productVariants": null, "userErrors":
        [{"field": ["productId"], "message": "Product does not exist", "code": "PRODUCT_DOES_NOT_EXIST"}]});
    let there = json!({"productVariants": sells(&[9]), "userErrors": []});
    let script = Script::new([ok(json!({"u0": gone, "u1": there}))]);
    let mut ops = policies(1..3);
    ops.insert(1, op(Step::Sell, 9, None));
    let kinds: Vec<_> = submit(&shop(script), &ops).await.unwrap().iter().map(|o| kind(o).0).collect();
    assert_eq!(kinds, ["refused", "done", "refused"], "products spoil each other");
}

#[tokio::test(start_paused = true)]
async fn what_the_shop_does_not_confirm_is_unknown() {
    let silent = json!({"productVariants": sells(&[1]), "userErrors": []});
    let other = json!({"productVariants": [{"id": variant(1), "inventoryPolicy": "DENY"}], "userErrors": []});
    for (payload, expected) in [(silent, ["done", "unknown"]), (other, ["unknown", "unknown"])] {
        let script = Script::new([ok(json!({"u0": payload}))]);
        let kinds: Vec<_> = submit(&shop(script), &policies(1..3)).await.unwrap().iter().map(|o| kind(o).0).collect();
        assert_eq!(kinds, expected, "what was not confirmed counts as done");
    }
}

#[tokio::test(start_paused = true)]
async fn many_variants_of_many_products_come_back_in_order() {
    let ops: Vec<Op> = (0..60).map(|n| Op { parent: product(n % 7), ..op(Step::Stop, n, None) }).collect();
    let denied = |of: u64| -> Value {
        let variants: Vec<Value> =
            (0..60).filter(|n| n % 7 == of).map(|n| json!({"id": variant(n), "inventoryPolicy": "DENY"})).collect();
        json!({"productVariants": variants, "userErrors": []})
    };
    let data: serde_json::Map<String, Value> = (0..7).map(|unit| (format!("u{unit}"), denied(unit))).collect();
    let outcomes = submit(&shop(Script::new([ok(data.into())])), &ops).await.unwrap();
    assert_eq!(outcomes, vec![Outcome::Done(None); 60], "outcomes do not come back in the order of the operations");
}

#[tokio::test(start_paused = true)]
async fn a_document_has_no_more_operations_than_the_shop_manages_in_time() {
    let ops: Vec<Op> = (0..600).map(|n| Op { parent: product(n / 100), ..op(Step::Sell, n, None) }).collect();
    let sold =
        |first: u64| json!({"productVariants": sells(&(first..first + 100).collect::<Vec<_>>()), "userErrors": []});
    let document = |first| ok(json!({"u0": sold(first), "u1": sold(first + 100)}));
    let script = Script::new([document(0), document(200), document(400)]);
    let outcomes = submit(&shop(script), &ops).await.unwrap();
    assert_eq!(outcomes, vec![Outcome::Done(None); 600], "a document is larger than it may be, or something is lost");
}
