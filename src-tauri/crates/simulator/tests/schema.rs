//! The schemas that came with the program.

use presell_simulator::Version;
use presell_simulator::schema::{coerce, deprecated, schema, validate};
use serde_json::json;

#[test]
fn every_schema_is_itself_valid() {
    for version in Version::ALL {
        let again = schema(version).as_ref().clone().validate();
        assert!(again.is_ok(), "the schema of {version} is valid: {:?}", again.err().map(|e| e.errors.to_string()));
    }
}

#[test]
fn a_wrong_field_is_found() {
    let found = validate("{ shop { colour } }", Version::V2026_10);
    let problem = found.expect_err("no shop has a colour");
    assert!(problem.contains("colour"), "the finding names the field: {problem}");
}

#[test]
fn an_input_that_takes_one_key_refuses_two_or_none() {
    let text = "query($by: CollectionIdentifierInput!) { collectionByIdentifier(identifier: $by) { id } }";
    let document = validate(text, Version::V2026_10).expect("the document is valid");
    let fits = |by: serde_json::Value| coerce(&document, None, &json!({"by": by}), Version::V2026_10).is_ok();
    assert!(fits(json!({"handle": "pre-order"})), "one key is right");
    assert!(!fits(json!({"handle": "pre-order", "id": "gid://shopify/Collection/1"})), "two keys are refused");
    assert!(!fits(json!({"handle": "pre-order", "id": null})), "an extra null is refused too");
    assert!(!fits(json!({})), "no key is refused");
}

#[test]
fn variables_must_fit_their_types() {
    let document = validate("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", Version::V2026_10).expect("valid");
    let problem = coerce(&document, None, &json!({"ids": [null]}), Version::V2026_10);
    assert!(problem.is_err(), "a list of ids has no null in it");
    assert!(coerce(&document, None, &json!({}), Version::V2026_10).is_err(), "a required variable is missed");
}

#[test]
fn what_will_go_is_named() {
    for version in Version::ALL {
        let document = validate("{ currentBulkOperation { id } }", version).expect("it is still there");
        assert_eq!(deprecated(&document), ["currentBulkOperation"], "{version} calls it deprecated");
    }
}
