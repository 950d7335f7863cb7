//! `metafieldsSet` and `metafieldsDelete`: up to 25 values over any owners, all or none.

use std::borrow::Cow;

use chrono::NaiveDate;
use serde_json::{Value, json};

use super::{items, refused_payload, user_error};
use crate::answer::{Asked, Session};
use crate::gid::Gid;
use crate::read;
use crate::shop::{Metafield, Shop};

const MOST: usize = 25;
/// Under this number the shop keeps the names reserved for the one app it has.
const APP: &str = "app--1";

/// `$app:x` belongs to the app alone and is kept under the app's number.
pub(crate) fn kept_namespace(given: Option<&str>) -> Cow<'_, str> {
    match given {
        None | Some("$app") => Cow::Borrowed(APP),
        Some(text) => match text.strip_prefix("$app:") {
            Some(own) => Cow::Owned(format!("{APP}--{own}")),
            None => Cow::Borrowed(text),
        },
    }
}

pub(super) fn set(session: &Session<'_>, asked: &Asked) -> Value {
    let inputs = items(&asked.arguments, "metafields");
    if inputs.len() > MOST {
        let message = format!("Exceeded the maximum metafields input limit of {MOST}.");
        return refused_payload(&asked.field, vec![user_error(&["metafields"], "LESS_THAN_OR_EQUAL_TO", &message)]);
    }
    let mut shop = session.shop.borrow_mut();
    let mut errors = Vec::new();
    for (at, input) in inputs.iter().enumerate() {
        if let Some((field, code, message)) = refusal(&shop, input) {
            let mut error = user_error(&["metafields", &at.to_string(), field], code, message);
            error["elementIndex"] = json!(at);
            errors.push(error);
        }
    }
    if !errors.is_empty() {
        return refused_payload(&asked.field, errors);
    }
    let written: Vec<Value> = inputs
        .iter()
        .filter_map(|input| {
            let owner = input["ownerId"].as_str()?;
            put(&mut shop, &Gid::parse(owner)?, input).map(|field| read::metafield(&field, owner))
        })
        .collect();
    json!({"metafields": written, "userErrors": []})
}

pub(super) fn delete(session: &Session<'_>, asked: &Asked) -> Value {
    let mut shop = session.shop.borrow_mut();
    let deleted: Vec<Value> = items(&asked.arguments, "metafields")
        .iter()
        .map(|input| {
            let owner = input["ownerId"].as_str().and_then(Gid::parse);
            let namespace = kept_namespace(input["namespace"].as_str());
            let key = input["key"].as_str().unwrap_or_default();
            let gone = owner.is_some_and(|owner| shop.drop_metafield(&owner, &namespace, key));
            if gone { json!({"ownerId": input["ownerId"], "namespace": namespace, "key": key}) } else { Value::Null }
        })
        .collect();
    json!({"deletedMetafields": deleted, "userErrors": []})
}

/// Writes one value that was found in order.
pub(super) fn put(shop: &mut Shop, owner: &Gid, input: &Value) -> Option<Metafield> {
    let namespace = kept_namespace(input["namespace"].as_str());
    let (key, value) = (input["key"].as_str()?, input["value"].as_str()?);
    let kind = kind_of(shop, owner, input)?;
    shop.put_metafield(owner, &namespace, key, &kind, value)
}

type Reason = (&'static str, &'static str, &'static str);

fn refusal(shop: &Shop, input: &Value) -> Option<Reason> {
    let owner = input["ownerId"].as_str().and_then(Gid::parse);
    let Some(owner) = owner.filter(|owner| shop.metafields(owner).is_some()) else {
        return Some(("ownerId", "INVALID", "Owner does not exist."));
    };
    problem(shop, &owner, input).or_else(|| stale(shop, &owner, input))
}

/// What is wrong with a value, whoever writes it.
pub(super) fn problem(shop: &Shop, owner: &Gid, input: &Value) -> Option<Reason> {
    let namespace = kept_namespace(input["namespace"].as_str());
    let key = input["key"].as_str().unwrap_or_default();
    if let Some(code) = misnamed(&namespace, 3, 255) {
        return Some(("namespace", code, "The namespace must be 3 to 255 letters, digits, hyphens or underscores."));
    }
    if let Some(code) = misnamed(key, 2, 64) {
        return Some(("key", code, "The key must be 2 to 64 letters, digits, hyphens or underscores."));
    }
    let value = input["value"].as_str().unwrap_or_default();
    if value.is_empty() {
        return Some(("value", "BLANK", "may not be empty"));
    }
    let Some(kind) = kind_of(shop, owner, input) else {
        return Some(("type", "BLANK", "Type can't be blank"));
    };
    let defined = defined_kind(shop, owner, &namespace, key);
    if defined.is_some_and(|defined| defined != kind) {
        return Some(("type", "INVALID_TYPE", "Type must match the definition."));
    }
    let fits = match kind.as_str() {
        "date" => NaiveDate::parse_from_str(value, "%Y-%m-%d").is_ok(),
        "json" => serde_json::from_str::<Value>(value).is_ok(),
        "boolean" => matches!(value, "true" | "false"),
        "number_integer" => value.parse::<i64>().is_ok(),
        _ => true,
    };
    (!fits).then_some(("value", "INVALID_VALUE", "The value does not fit the type."))
}

fn stale(shop: &Shop, owner: &Gid, input: &Value) -> Option<Reason> {
    let wanted = input.get("compareDigest")?;
    let name = format!("{}.{}", kept_namespace(input["namespace"].as_str()), input["key"].as_str()?);
    let digest = shop.metafields(owner)?.get(&name).map(Metafield::digest);
    if wanted.as_str().is_some_and(|w| w.len() != 32 || !w.bytes().all(|b| b.is_ascii_hexdigit())) {
        return Some(("compareDigest", "INVALID_COMPARE_DIGEST", "The compareDigest is invalid."));
    }
    let unchanged = wanted.as_str() == digest.as_deref();
    (!unchanged).then_some(("compareDigest", "STALE_OBJECT", "The resource has been updated since it was loaded."))
}

fn kind_of(shop: &Shop, owner: &Gid, input: &Value) -> Option<String> {
    let namespace = kept_namespace(input["namespace"].as_str());
    let key = input["key"].as_str()?;
    let given = input["type"].as_str().map(str::to_owned);
    let there = || shop.metafields(owner)?.get(&format!("{namespace}.{key}")).map(|m| m.kind.clone());
    given.or_else(|| defined_kind(shop, owner, &namespace, key)).or_else(there)
}

fn defined_kind(shop: &Shop, owner: &Gid, namespace: &str, key: &str) -> Option<String> {
    let carrier = owner.kind.to_uppercase();
    let mut all = shop.definitions.values();
    all.find(|d| d.owner == carrier && d.namespace == namespace && d.key == key).map(|d| d.kind.clone())
}

fn misnamed(name: &str, least: usize, most: usize) -> Option<&'static str> {
    match name.len() {
        n if n < least => Some("TOO_SHORT"),
        n if n > most => Some("TOO_LONG"),
        _ if !name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_')) => Some("INVALID"),
        _ => None,
    }
}
