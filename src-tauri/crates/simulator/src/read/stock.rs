//! Inventory items, their levels, and locations.

use serde_json::{Value, json};

use super::{Said, page};
use crate::answer::{Asked, Session};
use crate::clock::stamp;
use crate::gid::{Gid, gid};
use crate::shop::{Level, STATES, Variant};

pub(super) fn item(session: &Session<'_>, id: u64, asked: &Asked) -> Said {
    let shop = session.shop.borrow();
    let Some((variant_id, variant)) = shop.variant_of_item(id).and_then(|v| Some((v, shop.variants.get(&v)?))) else {
        return Ok(Some(Value::Null));
    };
    Ok(Some(match asked.field.as_str() {
        "sku" => json!(variant.sku),
        "tracked" => json!(variant.tracked),
        "duplicateSkuCount" => json!(shop.variants_of(&variant.sku).len() - 1),
        "variant" => json!(gid("ProductVariant", variant_id)),
        "updatedAt" => json!(stamp(variant.updated)),
        "legacyResourceId" => json!(id.to_string()),
        "inventoryLevel" => {
            let place = Gid::number_of("Location", asked.text("locationId"));
            place.and_then(|p| Some(level(variant, p, variant.levels.get(&p)?))).unwrap_or(Value::Null)
        }
        "inventoryLevels" => {
            let levels: Vec<_> = variant.levels.iter().collect();
            let places: Vec<_> = levels.iter().map(|(place, _)| (0, **place)).collect();
            page(session, asked, &places, |at| level(variant, *levels[at].0, levels[at].1))?
        }
        _ => return Ok(None),
    }))
}

pub(super) fn location(session: &Session<'_>, id: u64, asked: &Asked) -> Said {
    let shop = session.shop.borrow();
    let Some(location) = shop.locations.get(&id) else { return Ok(Some(Value::Null)) };
    Ok(Some(match asked.field.as_str() {
        "name" => json!(location.name),
        "isActive" => json!(location.active),
        "fulfillsOnlineOrders" | "shipsInventory" => json!(true),
        "legacyResourceId" => json!(id.to_string()),
        _ => return Ok(None),
    }))
}

/// All states are in the record; the document says which it shows.
fn level(variant: &Variant, place: u64, level: &Level) -> Value {
    let quantities: Vec<Value> = STATES
        .iter()
        .chain(["on_hand"].iter())
        .map(|state| {
            json!({"id": gid("InventoryQuantity", place) + "?name=" + state, "name": state,
            "quantity": level.get(state), "updatedAt": stamp(variant.updated)})
        })
        .collect();
    json!({"id": format!("{}?inventory_item_id={}", gid("InventoryLevel", place), variant.item), "isActive": true,
        "location": gid("Location", place), "item": gid("InventoryItem", variant.item), "quantities": quantities,
        "updatedAt": stamp(variant.updated)})
}
