//! Each trouble once, and that it can be told what was done.

use presell_simulator::shop::{Access, Policy, Standing};
use presell_simulator::{Fault, Faults, Simulator, Trouble};
use rstest::rstest;
use serde_json::{Value, json};

use crate::common::{ADD_TAGS, SET_POLICY, VERSION, apparel, ask, data, open, policy, product_id};

fn plan(fault: Fault) -> Faults {
    Faults { seed: 7, faults: vec![fault] }
}

async fn troubled(trouble: Trouble) -> Simulator {
    let (simulator, _) = open(apparel()).await;
    simulator.set_faults(plan(Fault::new(trouble).on("productVariantsBulkUpdate").times(1)));
    simulator
}

fn write(simulator: &Simulator) -> (u16, Value) {
    let variables = policy(simulator, "BLK-S", "CONTINUE");
    simulator.call(VERSION, Access::TOKEN, &json!({"query": SET_POLICY, "variables": variables}))
}

fn sells(simulator: &Simulator) -> bool {
    simulator.shop().variant("BLK-S").is_some_and(|v| v.policy == Policy::Continue)
}

#[rstest]
#[case(Trouble::TooManyRequests { retry_after: 2.5 }, 429)]
#[case(Trouble::Status { status: 500, after_write: false }, 500)]
#[case(Trouble::Status { status: 502, after_write: false }, 502)]
#[case(Trouble::Status { status: 503, after_write: false }, 503)]
#[case(Trouble::Timeout { hold_ms: 0, after_write: false }, 504)]
#[case(Trouble::Throttled, 200)]
#[case(Trouble::InternalError { after_write: false }, 200)]
#[tokio::test]
async fn what_strikes_before_the_write_leaves_the_shop_as_it_was(#[case] trouble: Trouble, #[case] expected: u16) {
    let simulator = troubled(trouble).await;
    let (status, _) = write(&simulator);
    assert_eq!(status, expected, "the status the client sees");
    assert!(!sells(&simulator), "nothing was written");
    assert_eq!(simulator.journal().len(), 0, "and the journal knows of no write");
    assert_eq!(write(&simulator).0, 200, "it struck once");
    assert!(sells(&simulator), "and the next try succeeds");
    assert_eq!(simulator.struck(), [1], "the plan counts how often it struck");
}

#[rstest]
#[case(Trouble::Status { status: 504, after_write: true })]
#[case(Trouble::Timeout { hold_ms: 0, after_write: true })]
#[case(Trouble::Reset { after_write: true })]
#[case(Trouble::InternalError { after_write: true })]
#[case(Trouble::Malformed)]
#[tokio::test]
async fn what_strikes_after_the_write_hides_that_it_was_done(#[case] trouble: Trouble) {
    let simulator = troubled(trouble).await;
    let (_, body) = write(&simulator);
    assert_eq!(body["data"]["productVariantsBulkUpdate"]["productVariants"], Value::Null, "the client is not told");
    assert!(sells(&simulator), "yet it was written");
    assert!(!simulator.journal()[0].answered, "and the journal knows that nobody was told");
}

#[tokio::test]
async fn a_refusal_takes_the_first_items_of_a_partial_update() {
    let trouble = Trouble::Refuse { code: "INVALID_INPUT".into(), message: "not today".into(), items: 1 };
    let simulator = troubled(trouble).await;
    let mut wanted = policy(&simulator, "BLK-S", "CONTINUE");
    let other = policy(&simulator, "BLK-M", "CONTINUE")["variants"][0].clone();
    wanted["variants"].as_array_mut().expect("a list").push(other);
    wanted["partial"] = json!(true);
    let said = data(&simulator, SET_POLICY, wanted)["productVariantsBulkUpdate"].clone();
    assert_eq!(said["userErrors"][0]["message"], "not today", "the first is refused");
    assert_eq!(said["productVariants"].as_array().map(Vec::len), Some(1), "the second is done");
    assert!(!sells(&simulator), "the refused one is as it was");
}

#[tokio::test]
async fn a_product_can_vanish_between_look_and_write() {
    let simulator = troubled(Trouble::DeleteProduct { sku: None }).await;
    let (_, body) = write(&simulator);
    let code = &body["data"]["productVariantsBulkUpdate"]["userErrors"][0]["code"];
    assert_eq!(code, "PRODUCT_DOES_NOT_EXIST", "the product the request names is gone: {body}");
    assert!(simulator.shop().product_of("NVY-S").is_some(), "the other one is not");
}

#[tokio::test]
async fn another_app_can_change_tags_between_look_and_write() {
    let trouble = Trouble::EditTags { sku: None, add: vec!["sale".into()], remove: vec![] };
    let (simulator, _) = open(apparel()).await;
    simulator.set_faults(plan(Fault::new(trouble).on("AddTags")));
    data(&simulator, ADD_TAGS, json!({"id": product_id(&simulator, "BLK-S"), "tags": ["ours"]}));
    let tags = simulator.shop().product_of("BLK-S").expect("there").tags.clone();
    assert_eq!(tags, ["ours", "sale"], "both are there, since each app only adds its own");
}

#[tokio::test]
async fn stock_and_policy_can_change_between_look_and_write() {
    let (simulator, _) = open(apparel()).await;
    let stock = Fault::new(Trouble::SetStock { sku: "BLK-S".into(), quantity: 9 }).on("AddTags");
    let by_hand = Fault::new(Trouble::SetPolicy { sku: "BLK-S".into(), policy: Policy::Continue }).on("AddTags");
    simulator.set_faults(Faults { seed: 1, faults: vec![stock, by_hand] });
    data(&simulator, ADD_TAGS, json!({"id": product_id(&simulator, "BLK-S"), "tags": ["x"]}));
    let variant = simulator.shop().variant("BLK-S").expect("there").clone();
    assert_eq!(
        (variant.quantity(), variant.policy),
        (9, Policy::Continue),
        "a delivery came, and the merchant was quicker"
    );
}

#[tokio::test]
async fn a_token_can_end_and_a_shop_can_close() {
    let simulator = troubled(Trouble::ExpireToken).await;
    assert_eq!(write(&simulator).0, 401, "the token has ended");
    assert_eq!(write(&simulator).0, 401, "and does not come back by itself");
    let simulator = troubled(Trouble::Close { standing: Standing::Frozen }).await;
    assert_eq!(write(&simulator).0, 402, "the shop is frozen");
    assert_eq!(write(&simulator).0, 402, "until somebody opens it");
    simulator.shop().access.standing = Standing::Open;
    assert_eq!(write(&simulator).0, 200, "then it answers again");
}

#[tokio::test]
async fn the_same_plan_strikes_the_same_requests() {
    let run = || async {
        let (simulator, _) = open(apparel()).await;
        simulator.set_faults(plan(Fault::new(Trouble::Throttled).on("AddTags").by_chance(0.5)));
        let id = product_id(&simulator, "BLK-S");
        let mut struck = Vec::new();
        for _ in 0..40 {
            struck.push(ask(&simulator, ADD_TAGS, json!({"id": id, "tags": ["x"]})).get("errors").is_some());
        }
        struck
    };
    let (first, second) = (run().await, run().await);
    assert_eq!(first, second, "chance follows the seed");
    let times = first.iter().filter(|struck| **struck).count();
    assert!((8..32).contains(&times), "about half of them are struck: {times} of 40");
}

#[tokio::test]
async fn a_fault_strikes_the_request_it_names_and_no_other() {
    let (simulator, _) = open(apparel()).await;
    simulator.set_faults(plan(Fault::new(Trouble::Throttled).on("tagsAdd").nth(2)));
    let id = product_id(&simulator, "BLK-S");
    let tag = || ask(&simulator, ADD_TAGS, json!({"id": id, "tags": ["x"]})).get("errors").is_some();
    assert!(!tag(), "the first goes through");
    assert_eq!(ask(&simulator, "{ shop { id } }", json!({})).get("errors"), None, "another request does not count");
    assert!(tag(), "the second is struck");
    assert!(!tag(), "the third goes through");
}

#[test]
fn a_plan_is_read_from_a_file_as_people_write_it() {
    let text = r#"{"seed": 3, "faults": [{"operation": "metafieldsSet", "nth": 2, "kind": "status", "status": 504, "afterWrite": true},
        {"probability": 0.01, "kind": "internalError"}, {"kind": "tooManyRequests", "retryAfter": 1.5, "times": 3}]}"#;
    let faults: Faults = serde_json::from_str(text).expect("the plan is read");
    assert_eq!(
        faults.faults[0].trouble,
        Trouble::Status { status: 504, after_write: true },
        "the kind and its settings"
    );
    assert_eq!(faults.faults[2].times, Some(3), "and how often");
    let again: Faults = serde_json::from_value(json!(faults)).expect("what is written is read again");
    assert_eq!(again, faults, "nothing is lost on the way");
}
