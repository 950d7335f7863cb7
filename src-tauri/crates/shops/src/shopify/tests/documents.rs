//! Whatever is said to the shop is valid in every version that is spoken, and nothing of it is about to go away.

use presell_simulator::Version;
use presell_simulator::schema::{coerce, deprecated, validate};

use super::*;
use crate::settings::API_VERSIONS;
use crate::shopify::documents::*;
use crate::shopify::write::{kind, units};

fn versions() -> Vec<Version> {
    API_VERSIONS
        .iter()
        .map(|name| name.parse().unwrap_or_else(|()| panic!("{name} has no schema to check it by")))
        .collect()
}

/// Valid with these variables, and without anything deprecated.
fn check(name: &str, text: &str, variables: &Value) {
    for version in versions() {
        let document =
            validate(text, version).unwrap_or_else(|why| panic!("{name} is not valid in {version}: {why}\n{text}"));
        assert_eq!(deprecated(&document), Vec::<String>::new(), "{name} uses what {version} calls deprecated");
        coerce(&document, None, variables, version)
            .unwrap_or_else(|why| panic!("{name} has variables that do not fit {version}: {why}\n{variables}"));
    }
}

#[test]
fn every_question_is_valid() {
    let names = json!({"namespace": "HC_PREORDER", "key": "A", "capKey": "B", "capped": true});
    let with = |more: Value| {
        let mut all = names.clone();
        all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        all
    };
    let staged = json!({"input": [{"resource": "BULK_MUTATION_VARIABLES", "filename": "bulk_op_vars", "mimeType": "text/jsonl",
        "httpMethod": "POST"}]});
    let rows = [
        (SHOP, json!({})),
        (FIND, with(json!({"q": "sku:\"A\"", "first": 75, "after": null}))),
        (SEE, with(json!({"ids": [variant(1)]}))),
        (TAGGED, json!({"q": "tag:\"A\"", "after": null})),
        (STAGE, staged),
        (BULK_RUN, json!({"mutation": TAGS_ON.text, "path": "tmp/1", "cid": "presell-0123456789"})),
        (BULK_GET, json!({"id": "gid://shopify/BulkOperation/1"})),
        (BULK_LIST, json!({})),
    ];
    for (query, variables) in rows {
        check(query.name, query.text, &variables);
        assert!(query.text.contains(query.name), "{} is sent under a name it does not have", query.name);
    }
}

/// Every step, alone, in full documents and as lines of a file; with and without quantities, listed and not.
#[test]
fn every_write_is_valid_in_every_number_and_as_a_line_of_a_file() {
    let without = ShopSettings { quantity_key: String::new(), ..ShopSettings::default() };
    for settings in [ShopSettings::default(), without] {
        for step in Step::ALL {
            let write = kind(step, &settings);
            let listed = (!matches!(step, Step::Unmark)).then(|| listing(3));
            let expectations = [Expect::Absent, Expect::Any, Expect::Digest("m+".into()), Expect::Digest("m+c".into())];
            let ops: Vec<Op> =
                (0..60).map(|n| Op { expect: expectations[n % 4].clone(), ..op(step, n as u64, listed) }).collect();
            let all: Vec<usize> = (0..ops.len()).collect();
            for calls in [1, 2, write.document()] {
                let mut variables = serde_json::Map::new();
                for (turn, unit) in units(&*write, &ops, &all, write.unit()).iter().cycle().take(calls).enumerate() {
                    let ops: Vec<&Op> = unit.iter().map(|place| &ops[*place]).collect();
                    variables.extend(write.variables(&ops).into_iter().map(|(name, value)| (at(&name, turn), value)));
                }
                check(step.id(), &write.mutation().repeated(calls), &variables.into());
            }
            for line in units(&*write, &ops, &all, write.line()) {
                let ops: Vec<&Op> = line.iter().map(|place| &ops[*place]).collect();
                check(step.id(), &write.mutation().bulk("Named_once"), &write.variables(&ops).into());
            }
        }
    }
}
