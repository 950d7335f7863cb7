//! The form of the mark, as themes read it.

use chrono::{DateTime, Utc};

use super::*;
use crate::model::Mark;
use crate::shopify::{NO_CAP, UNKNOWN_CAP, mark};

fn read(mark: &str, cap: Option<&str>, settings: &ShopSettings) -> Mark {
    let cap = cap.map_or(Value::Null, |value| json!({"value": value, "compareDigest": "c"}));
    mark::read(&json!({"value": mark, "compareDigest": "m"}), &cap, settings).0
}

fn at() -> DateTime<Utc> {
    "2026-11-25T10:00:00Z".parse().unwrap()
}

fn written(op: &Op, settings: &ShopSettings) -> Vec<Value> {
    mark::rows(op, settings, at())
}

#[test]
fn a_listing_is_written_in_the_form_themes_know_and_reads_back_as_itself() {
    let settings = ShopSettings::default();
    for class in [Class::PreOrder, Class::Backorder] {
        let listing = Listing { class, ..listing(7) };
        let rows = written(&op(Step::Mark, 11, Some(listing)), &settings);
        let value: Value = serde_json::from_str(rows[0]["value"].as_str().unwrap()).unwrap();
        let kind = if class == Class::PreOrder { "PRE_ORDER" } else { "BACKORDER" };
        let form = json!({"status": "active", "promise_date": "01/15/2027", "preorderType": kind,
            "last_updated_at": "2026-11-25T10:00:00Z"});
        assert_eq!(value, form, "themes do not know this form");
        assert_eq!(rows[0]["type"], "json", "the mark has another type");
        assert_eq!(
            (&rows[1]["value"], &rows[1]["type"]),
            (&json!("7"), &json!("number_integer")),
            "the quantity is lost"
        );
        let back = read(rows[0]["value"].as_str().unwrap(), rows[1]["value"].as_str(), &settings);
        assert_eq!(back, Mark::Active(listing), "what was written is not what is read");
    }
}

#[test]
fn what_leaves_the_list_is_inactive_with_nothing_to_sell() {
    let settings = ShopSettings::default();
    let rows = written(&op(Step::Unmark, 11, None), &settings);
    let value: Value = serde_json::from_str(rows[0]["value"].as_str().unwrap()).unwrap();
    assert_eq!((&value["status"], &value["promise_date"]), (&json!("inactive"), &json!("_NA_")), "it still promises");
    assert_eq!(rows[1]["value"], "0", "there is still something to sell");
    assert_eq!(read(rows[0]["value"].as_str().unwrap(), Some("0"), &settings), Mark::Inactive, "it does not read back");
}

#[test]
fn what_presell_did_not_write_is_foreign_and_when_it_was_written_does_not_matter() {
    let settings = ShopSettings::default();
    let foreign = [
        "soon",
        "{}",
        r#"{"status":"active"}"#,
        r#"{"status":"active","promise_date":"2027-01-15","preorderType":"PRE_ORDER"}"#,
        r#"{"status":"active","promise_date":"_NA_","preorderType":"PRE_ORDER"}"#,
        r#"{"status":"active","promise_date":"01/15/2027","preorderType":"LATER"}"#,
        r#"{"status":"maybe","promise_date":"01/15/2027","preorderType":"PRE_ORDER"}"#,
    ];
    for text in foreign {
        assert_eq!(read(text, Some("7"), &settings), Mark::Foreign(text.to_owned()), "{text} is taken for ours");
    }
    let undated = r#"{"preorderType":"PRE_ORDER","promise_date":"01/15/2027","status":"active"}"#;
    assert_eq!(read(undated, Some("7"), &settings), Mark::Active(listing(7)), "order or time of writing count");
    assert_eq!(mark::read(&Value::Null, &Value::Null, &settings), (Mark::None, None), "nothing is something");
}

#[test]
fn a_quantity_that_is_missing_differs_from_every_listing_and_one_not_wanted_from_none() {
    let settings = ShopSettings::default();
    let text = r#"{"status":"active","promise_date":"01/15/2027","preorderType":"PRE_ORDER"}"#;
    for cap in [None, Some("many")] {
        assert_eq!(read(text, cap, &settings), Mark::Active(listing(UNKNOWN_CAP)), "a lost quantity goes unseen");
    }
    let without = ShopSettings { quantity_key: String::new(), ..settings };
    assert_eq!(read(text, None, &without), Mark::Active(listing(NO_CAP)), "a shop without quantities always differs");
    let rows = written(&op(Step::Mark, 11, Some(listing(7))), &without);
    assert_eq!(rows.len(), 1, "a quantity is written though the shop is set without");
}

#[test]
fn a_mark_replaces_only_what_was_seen() {
    let settings = ShopSettings::default();
    let digests = |expect: Expect| -> Vec<Option<Value>> {
        let op = Op { expect, ..op(Step::Mark, 11, Some(listing(7))) };
        written(&op, &settings).iter().map(|row| row.get("compareDigest").cloned()).collect()
    };
    let seen = |mark: Option<&str>, cap: Option<&str>| Expect::Digest(mark::join(mark, cap).unwrap());
    let null = Some(Value::Null);
    let (m, c) = (Some(json!("m")), Some(json!("c")));
    assert_eq!(digests(Expect::Absent), [null.clone(), null.clone()], "a mark made meanwhile would be overwritten");
    assert_eq!(digests(Expect::Any), [None, None], "anything is not anything");
    assert_eq!(digests(seen(Some("m"), Some("c"))), [m.clone(), c.clone()], "a change meanwhile would be overwritten");
    assert_eq!(digests(seen(Some("m"), None)), [m, null.clone()], "a quantity made meanwhile would be overwritten");
    assert_eq!(digests(seen(None, Some("c"))), [null, c], "the quantity is not the one seen");
}
