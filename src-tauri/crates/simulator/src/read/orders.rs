//! Orders and their lines.

use apollo_compiler::resolvers::FieldError;
use serde_json::{Value, json};

use super::catalogue::list;
use super::{Said, page};
use crate::answer::{Asked, Session};
use crate::clock::stamp;
use crate::gid::gid;
use crate::search::ORDERS;
use crate::shop::Line;

pub(super) fn root(session: &Session<'_>, asked: &Asked) -> Result<Value, FieldError> {
    list(session, &ORDERS, asked)
}

pub(super) fn order(session: &Session<'_>, id: u64, asked: &Asked) -> Said {
    let shop = session.shop.borrow();
    let Some(order) = shop.orders.get(&id) else { return Ok(Some(Value::Null)) };
    Ok(Some(match asked.field.as_str() {
        "name" => json!(order.name),
        "createdAt" | "processedAt" => json!(stamp(order.created)),
        "updatedAt" => json!(stamp(order.updated)),
        "cancelledAt" => json!(order.cancelled.map(stamp)),
        "test" => json!(order.test),
        "tags" => json!([]),
        "lineItems" => {
            let places: Vec<_> = order.lines.iter().map(|line| (0, line.id)).collect();
            page(session, asked, &places, |at| line(&order.lines[at]))?
        }
        _ => return Ok(None),
    }))
}

fn line(line: &Line) -> Value {
    json!({"id": gid("LineItem", line.id), "sku": line.sku, "quantity": line.quantity, "currentQuantity": line.current,
        "unfulfilledQuantity": line.unfulfilled, "variant": line.variant.map(|v| gid("ProductVariant", v)),
        "sellingPlan": null})
}
