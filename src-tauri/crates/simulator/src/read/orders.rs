//! Orders and their lines.

use apollo_compiler::resolvers::FieldError;
use serde_json::{Value, json};

use super::catalogue::list;
use super::{Said, page};
use crate::answer::{Asked, Session};
use crate::clock::stamp;
use crate::gid::gid;
use crate::search::ORDERS;

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
            let lines = order.lines.iter().map(|line| {
                let variant = line.variant.map(|v| gid("ProductVariant", v));
                let said = json!({"id": gid("LineItem", line.id), "sku": line.sku, "quantity": line.quantity,
                    "currentQuantity": line.current, "unfulfilledQuantity": line.unfulfilled, "variant": variant,
                    "sellingPlan": null});
                (said, json!({"last_id": line.id}))
            });
            page(session, lines.collect(), asked)?
        }
        _ => return Ok(None),
    }))
}
