//! `inventorySetQuantities` and `inventoryAdjustQuantities`: once per idempotency key, and only if nobody was quicker.

use apollo_compiler::resolvers::FieldError;
use serde_json::{Value, json};

use super::{items, refused_payload, user_error};
use crate::answer::{Asked, Session};
use crate::clock::stamp;
use crate::gid::{Gid, gid};
use crate::shop::{STATES, Shop};

const REASONS: [&str; 12] = [
    "correction",
    "cycle_count_available",
    "damaged",
    "movement_canceled",
    "movement_created",
    "movement_received",
    "other",
    "promotion",
    "quality_control",
    "received",
    "restock",
    "shrinkage",
];

pub(super) fn change(session: &Session<'_>, asked: &Asked) -> Result<Value, FieldError> {
    let Some(key) = asked.key.as_ref().map(|key| format!("{} {key}", asked.field)) else {
        return Err(session.error("BAD_REQUEST", format!("The @idempotent directive is required for {}", asked.field)));
    };
    let rows = if asked.field == "inventorySetQuantities" { "quantities" } else { "changes" };
    if items(&asked.arguments["input"], rows).iter().any(|row| row.get("changeFromQuantity").is_none()) {
        let message = "changeFromQuantity must be given for every row; null means that no comparison is wanted";
        return Err(session.error("INVALID_FIELD_ARGUMENTS", message));
    }
    let mut shop = session.shop.borrow_mut();
    if let Some((arguments, payload)) = shop.answered.get(&key) {
        if *arguments == asked.arguments {
            return Ok(payload.clone());
        }
        let message = "The same idempotency key was used with different parameters.";
        let error = user_error(&[], "IDEMPOTENCY_KEY_PARAMETER_MISMATCH", message);
        return Ok(refused_payload(&asked.field, vec![error]));
    }
    let payload = carry_out(&mut shop, asked);
    if payload["userErrors"] == json!([]) {
        shop.answered.insert(key, (asked.arguments.clone(), payload.clone()));
    }
    Ok(payload)
}

fn carry_out(shop: &mut Shop, asked: &Asked) -> Value {
    let input = &asked.arguments["input"];
    let setting = asked.field == "inventorySetQuantities";
    let state = input["name"].as_str().unwrap_or_default();
    let list = if setting { "quantities" } else { "changes" };
    let allowed = if setting { ["available", "on_hand"].contains(&state) } else { STATES.contains(&state) };
    if !allowed {
        let error = user_error(&["input", "name"], "INVALID_NAME", "The quantity name is not one that can be written.");
        return refused_payload(&asked.field, vec![error]);
    }
    if !REASONS.contains(&input["reason"].as_str().unwrap_or_default()) {
        let error = user_error(&["input", "reason"], "INVALID_REASON", "The specified reason is invalid.");
        return refused_payload(&asked.field, vec![error]);
    }
    let mut moves: Vec<(u64, u64, i64, i64)> = Vec::new();
    let mut errors = Vec::new();
    for (at, row) in items(input, list).iter().enumerate() {
        match planned(shop, row, state, setting) {
            Ok(planned) if setting && moves.iter().any(|m| (m.0, m.1) == (planned.0, planned.1)) => {
                let message = "The combination of inventory item and location must be unique.";
                let path = ["input", list, &at.to_string()];
                errors.push(user_error(&path, "NO_DUPLICATE_INVENTORY_ITEM_ID_GROUP_ID_PAIR", message));
            }
            Ok(planned) => moves.push(planned),
            Err((field, code, message)) => {
                errors.push(user_error(&["input", list, &at.to_string(), field], code, message));
            }
        }
    }
    if !errors.is_empty() {
        return refused_payload(&asked.field, errors);
    }
    let mut said = Vec::new();
    for (variant, place, before, after) in moves {
        let item = shop.variants.get(&variant).map_or(0, |v| v.item);
        shop.change_level(variant, place, state, after);
        said.push(json!({"name": state, "delta": after - before, "quantityAfterChange": after,
            "item": gid("InventoryItem", item), "location": gid("Location", place), "ledgerDocumentUri": null}));
    }
    let id = shop.fresh();
    json!({"userErrors": [], "inventoryAdjustmentGroup": {"id": gid("InventoryAdjustmentGroup", id),
        "createdAt": stamp(shop.now), "reason": input["reason"], "referenceDocumentUri": input["referenceDocumentUri"],
        "changes": said}})
}

type Reason = (&'static str, &'static str, &'static str);

/// Variant, location, quantity before and after.
fn planned(shop: &Shop, row: &Value, state: &str, setting: bool) -> Result<(u64, u64, i64, i64), Reason> {
    let item = row["inventoryItemId"].as_str().and_then(|id| Gid::number_of("InventoryItem", id));
    let Some(variant) = item.and_then(|item| shop.variant_of_item(item)) else {
        return Err(("inventoryItemId", "INVALID_INVENTORY_ITEM", "The specified inventory item could not be found."));
    };
    let place = row["locationId"].as_str().and_then(|id| Gid::number_of("Location", id));
    let Some(place) = place.filter(|place| shop.locations.contains_key(place)) else {
        return Err(("locationId", "INVALID_LOCATION", "The specified location could not be found."));
    };
    let before = shop.variants.get(&variant).and_then(|v| v.levels.get(&place)).map_or(0, |level| level.get(state));
    if row["changeFromQuantity"].as_i64().is_some_and(|from| from != before) {
        let message = "The quantity has changed since it was read.";
        return Err(("changeFromQuantity", "CHANGE_FROM_QUANTITY_STALE", message));
    }
    let after = if setting { row["quantity"].as_i64() } else { row["delta"].as_i64().map(|delta| before + delta) };
    match after.unwrap_or(before) {
        after if setting && after < 0 => {
            Err(("quantity", "INVALID_QUANTITY_NEGATIVE", "The quantity can't be negative."))
        }
        after => Ok((variant, place, before, after)),
    }
}
