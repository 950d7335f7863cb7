//! What the fields of the API say. `None` means: not simulated.

mod bulks;
mod catalogue;
mod orders;
mod pages;
mod stock;
mod store;

use apollo_compiler::resolvers::FieldError;
use serde_json::{Value, json};

use crate::answer::{Asked, Session};
use crate::gid::Gid;

pub(crate) use catalogue::{definition, metafield};
use pages::{Place, page};

/// What a field says, or that it is not simulated.
pub(crate) type Said = Result<Option<Value>, FieldError>;

/// A field of the query root.
pub(crate) fn root(session: &Session<'_>, asked: &Asked) -> Said {
    session.need(&asked.field, scopes(&asked.field))?;
    Ok(Some(match asked.field.as_str() {
        "shop" | "currentAppInstallation" | "publicApiVersions" | "inventoryProperties" | "locations" | "job" => {
            return store::root(session, asked);
        }
        "products" | "productVariants" | "collections" | "collectionByIdentifier" | "productByIdentifier" => {
            return catalogue::root(session, asked);
        }
        "metafieldDefinitions" => return catalogue::definitions(session, asked),
        "orders" => orders::root(session, asked)?,
        "bulkOperation" | "bulkOperations" => return bulks::root(session, asked),
        "product" | "productVariant" | "collection" | "order" | "inventoryItem" | "location" | "node" => {
            json!(asked.text("id"))
        }
        "nodes" => asked.arguments["ids"].clone(),
        "sellingPlanGroups" | "inventoryTransfers" => page(session, asked, &[], |_| Value::Null)?,
        _ => return Ok(None),
    }))
}

/// A field of a thing with an id.
pub(crate) fn entity(session: &Session<'_>, gid: &Gid, asked: &Asked) -> Said {
    if asked.field == "id" {
        return Ok(Some(json!(gid.to_string())));
    }
    match gid.kind.as_str() {
        "Product" => catalogue::product(session, gid.number, asked),
        "ProductVariant" => catalogue::variant(session, gid.number, asked),
        "Collection" => catalogue::collection(session, gid.number, asked),
        "InventoryItem" => stock::item(session, gid.number, asked),
        "Location" => stock::location(session, gid.number, asked),
        "Order" => orders::order(session, gid.number, asked),
        "BulkOperation" => bulks::bulk(session, gid.number, asked),
        _ => Ok(None),
    }
}

/// Whether there is such a thing; what is deleted, or of a kind not simulated, reads as null.
pub(crate) fn exists(session: &Session<'_>, gid: &Gid) -> bool {
    let shop = session.shop.borrow();
    let number = &gid.number;
    match gid.kind.as_str() {
        "Product" => shop.products.contains_key(number),
        "ProductVariant" => shop.variants.contains_key(number),
        "Collection" => shop.collections.contains_key(number),
        "InventoryItem" => shop.variant_of_item(*number).is_some(),
        "Location" => shop.locations.contains_key(number),
        "Order" => shop.orders.contains_key(number),
        "BulkOperation" => shop.bulks.contains_key(number),
        _ => false,
    }
}

/// Any of these rights opens the field.
fn scopes(field: &str) -> &'static [&'static str] {
    match field {
        "products"
        | "productVariants"
        | "product"
        | "productVariant"
        | "productByIdentifier"
        | "collections"
        | "collection"
        | "collectionByIdentifier"
        | "sellingPlanGroups" => &["read_products", "write_products"],
        "inventoryItem" => &["read_inventory", "write_inventory", "read_products"],
        "inventoryProperties" => &["read_inventory", "write_inventory"],
        "locations" | "location" => &["read_locations", "read_inventory"],
        "orders" | "order" => &["read_orders"],
        "inventoryTransfers" => &["read_inventory_transfers"],
        _ => &[],
    }
}
