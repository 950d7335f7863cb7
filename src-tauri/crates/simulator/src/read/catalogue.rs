//! Products, variants, collections and metafields.

use apollo_compiler::resolvers::FieldError;
use serde_json::{Value, json};

use super::{Place, Said, page};
use crate::answer::{Asked, Session};
use crate::clock::stamp;
use crate::gid::{Gid, gid};
use crate::search::{Expression, PRODUCTS, Subject, Term, VARIANTS, found, parse};
use crate::shop::{Metafield, Policy, Shop, Variant};

pub(super) fn root(session: &Session<'_>, asked: &Asked) -> Said {
    Ok(match asked.field.as_str() {
        "products" => Some(list(session, &PRODUCTS, asked)?),
        "productVariants" => Some(list(session, &VARIANTS, asked)?),
        "collections" => {
            let ids: Vec<u64> = session.shop.borrow().collections.keys().copied().collect();
            Some(numbered(session, asked, "Collection", &ids)?)
        }
        "collectionByIdentifier" => {
            let by = &asked.arguments["identifier"];
            let shop = session.shop.borrow();
            match (by["id"].as_str(), by["handle"].as_str()) {
                (Some(id), _) => Some(json!(id)),
                (_, Some(handle)) => {
                    Some(shop.collection(handle).map_or(Value::Null, |(id, _)| json!(gid("Collection", id))))
                }
                _ => None,
            }
        }
        _ => {
            let by = &asked.arguments["identifier"];
            let shop = session.shop.borrow();
            match (by["id"].as_str(), by["handle"].as_str()) {
                (Some(id), _) => Some(json!(id)),
                (_, Some(handle)) => {
                    let id = shop.products.iter().find(|(_, p)| p.handle == handle).map(|(id, _)| *id);
                    Some(id.map_or(Value::Null, |id| json!(gid("Product", id))))
                }
                _ => None,
            }
        }
    })
}

pub(super) fn product(session: &Session<'_>, id: u64, asked: &Asked) -> Said {
    let shop = session.shop.borrow();
    let Some(product) = shop.products.get(&id) else { return Ok(Some(Value::Null)) };
    Ok(Some(match asked.field.as_str() {
        "title" => json!(product.title),
        "handle" => json!(product.handle),
        "status" => json!(product.status.name()),
        "tags" => json!(product.tags),
        "vendor" => json!(shop.name),
        "productType" => json!(""),
        "createdAt" => json!(stamp(product.created)),
        "updatedAt" => json!(stamp(product.updated)),
        "legacyResourceId" => json!(id.to_string()),
        "totalInventory" => {
            json!(product.variants.iter().filter_map(|v| shop.variants.get(v)).map(Variant::quantity).sum::<i64>())
        }
        "variantsCount" => json!({"count": product.variants.len(), "precision": "EXACT"}),
        "variants" => numbered(session, asked, "ProductVariant", &product.variants)?,
        "inCollection" => {
            json!(Gid::number_of("Collection", asked.text("id")).is_some_and(|c| shop.is_member(c, id)))
        }
        "metafield" | "metafields" => return metafields(session, &shop, "Product", id, asked),
        _ => return Ok(None),
    }))
}

pub(super) fn variant(session: &Session<'_>, id: u64, asked: &Asked) -> Said {
    let shop = session.shop.borrow();
    let Some(variant) = shop.variants.get(&id) else { return Ok(Some(Value::Null)) };
    let product = shop.products.get(&variant.product);
    Ok(Some(match asked.field.as_str() {
        "sku" => json!(variant.sku),
        "barcode" => json!(variant.barcode),
        "title" => json!(variant.title),
        "displayName" => json!(format!("{} - {}", product.map_or("", |p| &p.title), variant.title)),
        "inventoryPolicy" => json!(variant.policy.name()),
        "inventoryQuantity" => json!(variant.quantity()),
        "sellableOnlineQuantity" => json!(variant.quantity()),
        "availableForSale" => {
            json!(!variant.tracked || variant.policy == Policy::Continue || variant.quantity() > 0)
        }
        "position" => json!(product.and_then(|p| p.variants.iter().position(|v| *v == id)).map_or(1, |at| at + 1)),
        "updatedAt" => json!(stamp(variant.updated)),
        "legacyResourceId" => json!(id.to_string()),
        "product" => json!(gid("Product", variant.product)),
        "inventoryItem" => json!(gid("InventoryItem", variant.item)),
        "metafield" | "metafields" => return metafields(session, &shop, "ProductVariant", id, asked),
        _ => return Ok(None),
    }))
}

pub(super) fn collection(session: &Session<'_>, id: u64, asked: &Asked) -> Said {
    let shop = session.shop.borrow();
    let Some(collection) = shop.collections.get(&id) else { return Ok(Some(Value::Null)) };
    let members = || shop.products.keys().copied().filter(|p| shop.is_member(id, *p));
    Ok(Some(match asked.field.as_str() {
        "title" => json!(collection.title),
        "handle" => json!(collection.handle),
        "hasProduct" => json!(Gid::number_of("Product", asked.text("id")).is_some_and(|p| shop.is_member(id, p))),
        "sources" => collection
            .sources
            .iter()
            .map(|s| {
                json!({"__typename": "CollectionConditionsSource", "id": gid("CollectionConditionsSource", s.id),
                "title": s.title, "description": null, "shareable": false, "targetType": "PRODUCTS"})
            })
            .collect(),
        "products" => numbered(session, asked, "Product", &members().collect::<Vec<_>>())?,
        "productsCount" => json!({"count": members().count(), "precision": "EXACT"}),
        _ => return Ok(None),
    }))
}

pub(super) fn definitions(session: &Session<'_>, asked: &Asked) -> Said {
    let shop = session.shop.borrow();
    let wanted = shop.definitions.iter().filter(|(_, d)| {
        asked.arguments["ownerType"] == d.owner.as_str()
            && (asked.arguments["namespace"].is_null() || asked.arguments["namespace"] == d.namespace.as_str())
            && (asked.arguments["key"].is_null() || asked.arguments["key"] == d.key.as_str())
    });
    let wanted: Vec<_> = wanted.collect();
    let places: Vec<_> = wanted.iter().map(|(id, _)| (0, **id)).collect();
    page(session, asked, &places, |at| definition(*wanted[at].0, wanted[at].1)).map(Some)
}

pub(crate) fn definition(id: u64, d: &crate::shop::Definition) -> Value {
    json!({"id": gid("MetafieldDefinition", id), "namespace": d.namespace, "key": d.key, "name": d.name,
        "ownerType": d.owner, "type": {"name": d.kind}})
}

fn metafield_id(field: &Metafield) -> String {
    gid("Metafield", field.id)
}

pub(crate) fn metafield(field: &Metafield, owner: &str) -> Value {
    let kind = if owner.contains("/ProductVariant/") { "PRODUCTVARIANT" } else { "PRODUCT" };
    json!({"id": metafield_id(field), "namespace": field.namespace, "key": field.key, "type": field.kind,
        "value": field.value, "compareDigest": field.digest(), "createdAt": stamp(field.created),
        "updatedAt": stamp(field.updated), "owner": owner, "ownerType": kind,
        "jsonValue": serde_json::from_str(&field.value).unwrap_or_else(|_| json!(field.value))})
}

fn metafields(session: &Session<'_>, shop: &Shop, kind: &str, id: u64, asked: &Asked) -> Said {
    let owner = gid(kind, id);
    let all = shop.metafields(&Gid { kind: kind.into(), number: id });
    if asked.field == "metafield" {
        let name = format!("{}.{}", asked.arguments["namespace"].as_str().unwrap_or("$app"), asked.text("key"));
        return Ok(Some(all.and_then(|a| a.get(&name)).map_or(Value::Null, |m| metafield(m, &owner))));
    }
    let namespace = asked.arguments["namespace"].as_str();
    let wanted = all.into_iter().flatten().map(|(_, m)| m).filter(|m| namespace.is_none_or(|n| n == m.namespace));
    let mut wanted: Vec<_> = wanted.collect();
    wanted.sort_by_key(|m| m.id);
    let places: Vec<_> = wanted.iter().map(|m| (0, m.id)).collect();
    page(session, asked, &places, |at| metafield(wanted[at], &owner)).map(Some)
}

/// A page of what a search finds, in the order asked for.
pub(super) fn list(session: &Session<'_>, subject: &Subject, asked: &Asked) -> Result<Value, FieldError> {
    let text = asked.text("query");
    let mut expression = parse(text);
    // Documented: without a word about status, only what is active is found.
    if subject.kind == "Product" && !session.endless && !text.contains("status:") {
        let active = Term { field: Some("status".into()), relation: "=", values: vec!["active".into()] };
        expression = Expression::All(vec![expression, Expression::Term(active)]);
    }
    let live = session.shop.borrow();
    let shop: &Shop = session.index.unwrap_or(&live);
    let all: Vec<u64> = match subject.kind {
        "Product" => shop.products.keys().copied().collect(),
        "ProductVariant" => shop.variants.keys().copied().collect(),
        "Order" => shop.orders.keys().copied().collect(),
        _ => shop.bulks.keys().copied().collect(),
    };
    let (mut ids, warnings) = found(shop, subject, &all, expression);
    if !warnings.is_empty() {
        session
            .warnings
            .borrow_mut()
            .push(json!({"path": [subject.path], "query": text, "parsed": {}, "warnings": warnings}));
    }
    let changed = |id: &u64| match subject.kind {
        "Product" => shop.products.get(id).map_or(0, |p| p.updated),
        "Order" => shop.orders.get(id).map_or(0, |o| o.updated),
        _ => 0,
    };
    let by_change = asked.arguments["sortKey"] == "UPDATED_AT";
    // The index may still name what is deleted; the shop itself knows better.
    ids.retain(|id| session.index.is_none() || super::exists(session, &Gid { kind: subject.kind.into(), number: *id }));
    let mut places: Vec<Place> = ids.into_iter().map(|id| (if by_change { changed(&id) } else { 0 }, id)).collect();
    places.sort_unstable();
    page(session, asked, &places, |at| json!(gid(subject.kind, places[at].1)))
}

/// A page of things in the order of their numbers.
fn numbered(session: &Session<'_>, asked: &Asked, kind: &str, ids: &[u64]) -> Result<Value, FieldError> {
    let mut places: Vec<Place> = ids.iter().map(|id| (0, *id)).collect();
    places.sort_unstable();
    page(session, asked, &places, |at| json!(gid(kind, places[at].1)))
}
