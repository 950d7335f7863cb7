//! Our mark on a variant: one JSON metafield, and beside it a number with the sellable quantity if the shop is set so.
//! The form is HotWax Commerce's, so that a theme made for it goes on working.

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use presell_catalog::rules::Class;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::model::{Listing, Mark};
use crate::plan::{Expect, Op};
use crate::settings::ShopSettings;

const DAY: &str = "%m/%d/%Y";
const NO_DAY: &str = "_NA_";
/// The cap of a listing whose quantity is missing or unreadable. No listing has it, so that the mark is written anew.
pub const UNKNOWN_CAP: i64 = -1;
/// The cap of every listing in a shop whose quantities are not written.
pub const NO_CAP: i64 = 0;

#[derive(Deserialize)]
struct Written {
    status: String,
    promise_date: String,
    #[serde(rename = "preorderType")]
    kind: String,
}

/// Reads a mark from its metafields, each `{value, compareDigest}` or null. When it was last written does not matter.
pub(super) fn read(mark: &Value, cap: &Value, settings: &ShopSettings) -> (Mark, Option<String>) {
    let digest = join(mark["compareDigest"].as_str(), cap["compareDigest"].as_str());
    let Some(text) = mark["value"].as_str() else { return (Mark::None, digest) };
    let foreign = || Mark::Foreign(text.to_owned());
    let Ok(written) = serde_json::from_str::<Written>(text) else { return (foreign(), digest) };
    let class = match written.kind.as_str() {
        "PRE_ORDER" => Some(Class::PreOrder),
        "BACKORDER" => Some(Class::Backorder),
        _ => None,
    };
    let cap = match settings.quantity_key.is_empty() {
        true => NO_CAP,
        false => cap["value"].as_str().and_then(|text| text.parse().ok()).unwrap_or(UNKNOWN_CAP),
    };
    let day = NaiveDate::parse_from_str(&written.promise_date, DAY).ok();
    let mark = match (written.status.as_str(), class, day) {
        ("active", Some(class), Some(promise_date)) => Mark::Active(Listing { class, promise_date, cap }),
        ("inactive", ..) => Mark::Inactive,
        _ => foreign(),
    };
    (mark, digest)
}

/// The rows to write for an operation: the mark, and its quantity if the shop is set so.
pub(super) fn rows(op: &Op, settings: &ShopSettings, now: DateTime<Utc>) -> Vec<Value> {
    let (status, day, cap) = match &op.listing {
        Some(listing) => ("active", listing.promise_date.format(DAY).to_string(), listing.cap.max(0)),
        None => ("inactive", NO_DAY.to_owned(), 0),
    };
    // What leaves the list keeps its kind only where it is known; themes read the status first.
    let kind = match op.listing.map(|listing| listing.class) {
        Some(Class::Backorder) => "BACKORDER",
        Some(Class::PreOrder) | None => "PRE_ORDER",
    };
    let value = json!({
        "status": status,
        "promise_date": day,
        "preorderType": kind,
        "last_updated_at": now.to_rfc3339_opts(SecondsFormat::Secs, true),
    });
    let (mark, quantity) = expected(&op.expect);
    let row = |key: &str, kind: &str, value: String, expected: Expected| {
        let owner = op.variant.as_deref().unwrap_or_default();
        let mut row =
            json!({"ownerId": owner, "namespace": settings.namespace, "key": key, "type": kind, "value": value});
        match expected {
            Expected::Nothing => row["compareDigest"] = Value::Null,
            Expected::Digest(digest) => row["compareDigest"] = json!(digest),
            Expected::Anything => {}
        }
        row
    };
    let mut rows = vec![row(&settings.mark_key, "json", value.to_string(), mark)];
    if !settings.quantity_key.is_empty() {
        rows.push(row(&settings.quantity_key, "number_integer", cap.to_string(), quantity));
    }
    rows
}

/// What has to be there before a row is written.
enum Expected<'a> {
    Nothing,
    Digest(&'a str),
    Anything,
}

fn expected(expect: &Expect) -> (Expected<'_>, Expected<'_>) {
    let half = |digest| if str::is_empty(digest) { Expected::Nothing } else { Expected::Digest(digest) };
    match expect {
        Expect::Absent => (Expected::Nothing, Expected::Nothing),
        Expect::Any => (Expected::Anything, Expected::Anything),
        Expect::Digest(both) => match both.split_once('+') {
            Some((mark, cap)) => (half(mark), half(cap)),
            None => (half(both), Expected::Anything),
        },
    }
}

/// The digests of both metafields as one: `MARK+QUANTITY`, each empty where there is none.
pub(super) fn join(mark: Option<&str>, cap: Option<&str>) -> Option<String> {
    match (mark, cap) {
        (None, None) => None,
        (mark, cap) => Some(format!("{}+{}", mark.unwrap_or_default(), cap.unwrap_or_default())),
    }
}
