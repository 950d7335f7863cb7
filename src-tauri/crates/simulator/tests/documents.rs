//! The documents of the reference: each fits both versions, and the shop either does it or says that it does not.

use presell_simulator::Version;
use presell_simulator::schema::{coerce, deprecated, validate};
use presell_simulator::shop::Access;
use serde_json::{Value, json};

use crate::common::{apparel, open};

const DOCUMENTS: [(&str, &str); 7] = [
    ("reads", include_str!("documents/reads.graphql")),
    ("more_reads", include_str!("documents/more_reads.graphql")),
    ("policy", include_str!("documents/policy.graphql")),
    ("metafields_and_tags", include_str!("documents/metafields_and_tags.graphql")),
    ("collections_stock_publishing", include_str!("documents/collections_stock_publishing.graphql")),
    ("selling_plans", include_str!("documents/selling_plans.graphql")),
    ("bulk", include_str!("documents/bulk.graphql")),
];

/// Acted out by nobody yet: the shop has to say so.
const NOT_SIMULATED: [&str; 5] = ["Pub", "Unpub", "SpgCreate", "SpgAdd", "SpgRemove"];

fn variables() -> Value {
    serde_json::from_str(include_str!("documents/variables.json")).expect("the variables are JSON")
}

/// One operation at a time, as a client sends it.
fn operations() -> Vec<(String, String)> {
    let mut found = Vec::new();
    for (file, text) in DOCUMENTS {
        let document = validate(text, Version::V2026_10).unwrap_or_else(|problem| panic!("{file}: {problem}"));
        for (name, operation) in &document.operations.named {
            found.push((name.to_string(), operation.to_string()));
        }
    }
    found
}

#[test]
fn every_document_is_valid_in_every_version() {
    for (file, text) in DOCUMENTS {
        for version in Version::ALL {
            let found = validate(text, version);
            assert!(found.is_ok(), "{file} is valid in {version}: {}", found.err().unwrap_or_default());
        }
    }
}

#[test]
fn no_document_uses_what_is_deprecated() {
    for (file, text) in DOCUMENTS {
        for version in Version::ALL {
            let document = validate(text, version).expect("checked by another test");
            assert_eq!(deprecated(&document), Vec::<String>::new(), "{file} in {version} uses nothing that will go");
        }
    }
}

#[test]
fn every_set_of_variables_fits_its_operation() {
    let variables = variables();
    for (name, text) in operations() {
        for version in Version::ALL {
            let document = validate(&text, version).expect("checked by another test");
            let found = coerce(&document, Some(&name), &variables[&name], version);
            assert!(found.is_ok(), "the variables of {name} fit in {version}: {}", found.err().unwrap_or_default());
        }
    }
}

#[test]
fn the_documents_that_go_into_bulk_operations_are_valid_too() {
    let variables = variables();
    for version in Version::ALL {
        for text in [&variables["BulkRun"]["mutation"], &variables["BulkQuery"]["query"]] {
            let found = validate(text.as_str().expect("a document"), version);
            assert!(found.is_ok(), "valid in {version}: {}", found.err().unwrap_or_default());
        }
    }
}

#[tokio::test]
async fn every_operation_is_acted_out_or_says_that_it_is_not() {
    let variables = variables();
    for version in Version::ALL {
        let (simulator, clock) = open(apparel()).await;
        for (name, text) in operations() {
            clock.advance(60_000);
            let request = json!({"query": text, "variables": variables[&name], "operationName": name});
            let (status, body) = simulator.call(version.name(), Access::TOKEN, &request);
            assert_eq!(status, 200, "{name} is answered");
            let code = &body["errors"][0]["extensions"]["code"];
            if NOT_SIMULATED.contains(&name.as_str()) {
                assert_eq!(code, "NOT_SIMULATED", "{name} in {version} says that nobody acts it out: {body}");
            } else {
                assert_eq!(body.get("errors"), None, "{name} in {version} is acted out");
                assert!(body["data"].is_object(), "{name} in {version} has data");
            }
        }
    }
}
