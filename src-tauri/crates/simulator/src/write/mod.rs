//! What the mutations do. Each does its work at once and answers like the real one; each is in the journal, refused or not.

mod bulk;
mod collections;
mod definitions;
mod metafields;
mod policy;
mod stock;
mod tags;

use std::mem;

use apollo_compiler::resolvers::FieldError;
use serde_json::{Value, json};

use crate::answer::{Asked, Session};
use crate::journal::Write;
use crate::read::Said;

pub(crate) use metafields::kept_namespace;

/// A field of the mutation root.
pub(crate) fn root(session: &Session<'_>, asked: &Asked) -> Said {
    session.need(&asked.field, scopes(&asked.field))?;
    let payload = match session.origin.refusal.as_ref().and_then(|refusal| refused(asked, refusal)) {
        Some(payload) => payload,
        None => match carry_out(session, asked)? {
            Some(payload) => payload,
            None => return Ok(None),
        },
    };
    note(session, asked, &payload);
    Ok(Some(payload))
}

fn carry_out(session: &Session<'_>, asked: &Asked) -> Said {
    match asked.field.as_str() {
        "productVariantsBulkUpdate" => policy::update(session, asked).map(Some),
        "metafieldsSet" => Ok(Some(metafields::set(session, asked))),
        "metafieldsDelete" => Ok(Some(metafields::delete(session, asked))),
        "metafieldDefinitionCreate" => Ok(Some(definitions::create(session, asked))),
        "tagsAdd" | "tagsRemove" => Ok(Some(tags::change(session, asked))),
        "collectionCreate" => collections::create(session, asked).map(Some),
        "collectionUpdate" => collections::update(session, asked).map(Some),
        "inventorySetQuantities" | "inventoryAdjustQuantities" => stock::change(session, asked).map(Some),
        "stagedUploadsCreate" => Ok(Some(bulk::staged(session, asked))),
        "bulkOperationRunMutation" | "bulkOperationRunQuery" => Ok(Some(bulk::run(session, asked))),
        "bulkOperationCancel" => Ok(Some(bulk::cancel(session, asked))),
        _ => Ok(None),
    }
}

/// Something a mutation refuses, in the shape all payloads share.
pub(crate) fn user_error(field: &[&str], code: &str, message: &str) -> Value {
    json!({"field": field, "message": message, "code": code, "elementIndex": null, "elementKey": null})
}

/// A payload that says nothing but what was refused.
fn refused_payload(kind: &str, errors: Vec<Value>) -> Value {
    let keys: &[&str] = match kind {
        "productVariantsBulkUpdate" => &["product", "productVariants"],
        "metafieldsSet" => &["metafields"],
        "metafieldsDelete" => &["deletedMetafields"],
        "metafieldDefinitionCreate" => &["createdDefinition"],
        "tagsAdd" | "tagsRemove" => &["node"],
        "collectionCreate" => &["collection"],
        "collectionUpdate" => &["collection", "job"],
        "inventorySetQuantities" | "inventoryAdjustQuantities" => &["inventoryAdjustmentGroup"],
        "stagedUploadsCreate" => &["stagedTargets"],
        _ => &["bulkOperation"],
    };
    let mut payload = json!({"userErrors": errors});
    for key in keys {
        payload[*key] = Value::Null;
    }
    payload
}

/// The payload when a fault refuses the call; a partial update refuses items instead (`policy`).
fn refused(asked: &Asked, refusal: &crate::answer::Refusal) -> Option<Value> {
    if asked.field == "productVariantsBulkUpdate" && asked.arguments["allowPartialUpdates"] == true {
        return None;
    }
    let mut error = user_error(&[], &refusal.code, &refusal.message);
    if asked.field == "metafieldsSet" {
        error["elementIndex"] = json!(0);
        error["field"] = json!(["metafields", "0"]);
    }
    Some(refused_payload(&asked.field, vec![error]))
}

fn note(session: &Session<'_>, asked: &Asked, payload: &Value) {
    let mut shop = session.shop.borrow_mut();
    session.writes.borrow_mut().push(Write {
        number: 0,
        at: shop.now,
        by: session.origin.by.clone(),
        operation: asked.field.clone(),
        document: session.origin.document.clone(),
        request: session.origin.request.clone(),
        arguments: asked.arguments.clone(),
        idempotency_key: asked.key.clone(),
        changes: mem::take(&mut shop.changes),
        errors: payload["userErrors"].as_array().cloned().unwrap_or_default(),
        answered: true,
    });
}

/// Items of an argument that must be a list.
fn items<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    value[name].as_array().map_or(&[], Vec::as_slice)
}

/// Refuses what the real shop would do and this one does not, instead of leaving it out silently.
fn only(session: &Session<'_>, input: &Value, kind: &str, known: &[&str]) -> Result<(), FieldError> {
    match input
        .as_object()
        .into_iter()
        .flatten()
        .find(|(key, value)| !value.is_null() && !known.contains(&key.as_str()))
    {
        Some((key, _)) => Err(session.not_simulated(kind, key)),
        None => Ok(()),
    }
}

fn scopes(field: &str) -> &'static [&'static str] {
    match field {
        "inventorySetQuantities" | "inventoryAdjustQuantities" => &["write_inventory"],
        "publishablePublish" | "publishableUnpublish" => &["write_publications"],
        "stagedUploadsCreate" | "bulkOperationRunMutation" | "bulkOperationRunQuery" | "bulkOperationCancel" => &[],
        _ => &["write_products"],
    }
}
