//! What the plan of faults does to a request: before the shop sees it, and after it was carried out.

use serde_json::{Value, json};

use super::reply::{Delivery, Reply, errors};
use super::session::Refusal;
use crate::faults::Trouble;
use crate::gid::Gid;
use crate::world::World;

impl World {
    /// What somebody else does between the client's last look and its request.
    pub(super) fn meddle(&mut self, trouble: &Trouble, body: &Value, token: &str) {
        let product = |world: &Self, sku: &Option<String>| match sku {
            Some(sku) => world.shop.variant(sku).map(|v| v.product),
            None => first_product(world, &body["variables"]),
        };
        match trouble {
            Trouble::DeleteProduct { sku } => {
                if let Some(product) = product(self, sku) {
                    self.shop.delete_product(product);
                }
            }
            Trouble::EditTags { sku, add, remove } => {
                if let Some(product) = product(self, sku) {
                    add.iter().for_each(|tag| self.shop.add_tag(product, tag));
                    remove.iter().for_each(|tag| self.shop.remove_tag(product, tag));
                }
            }
            Trouble::SetStock { sku, quantity } => self.shop.set_quantity(sku, *quantity),
            Trouble::SetPolicy { sku, policy } => self.shop.set_policy(sku, *policy),
            Trouble::ExpireToken => {
                self.shop.access.tokens.remove(token);
            }
            Trouble::Close { standing } => self.shop.access.standing = *standing,
            _ => {}
        }
        self.note_others();
    }
}

/// The reply to a request that the shop never gets to see.
pub(super) fn before(troubles: &[Trouble], request: &str) -> Option<Reply> {
    troubles.iter().find_map(|trouble| match trouble {
        Trouble::TooManyRequests { retry_after } => {
            Some(Reply::refused(429, "Too Many Requests").with("retry-after", retry_after.to_string()))
        }
        Trouble::Status { status, after_write: false } => Some(Reply::text(*status, "text/html", broken(*status))),
        Trouble::Timeout { hold_ms, after_write: false } => Some(late(*hold_ms)),
        Trouble::Reset { after_write: false } => Some(Reply::cut()),
        Trouble::InternalError { after_write: false } => Some(Reply::json(200, &internal(request))),
        _ => None,
    })
}

/// The reply to a request that was carried out, and whether it says so.
pub(super) fn after(troubles: &[Trouble], request: &str, said: Value) -> (Reply, bool) {
    let mut reply = Reply::json(200, &said);
    for trouble in troubles {
        match trouble {
            Trouble::Status { status, after_write: true } => {
                return (Reply::text(*status, "text/html", broken(*status)), false);
            }
            Trouble::Timeout { hold_ms, after_write: true } => return (late(*hold_ms), false),
            Trouble::Reset { after_write: true } => return (Reply::cut(), false),
            Trouble::InternalError { after_write: true } => return (Reply::json(200, &internal(request)), false),
            Trouble::Malformed => {
                reply.body.truncate(reply.body.len() / 2);
                return (reply, false);
            }
            Trouble::SlowBody { over_ms } => reply.delivery = Delivery::Slowly(*over_ms),
            _ => {}
        }
    }
    (reply, true)
}

fn late(hold_ms: u64) -> Reply {
    Reply { delivery: Delivery::Late(hold_ms), ..Reply::text(504, "text/html", broken(504)) }
}

fn broken(status: u16) -> String {
    format!("<html><body><h1>{status}</h1><p>Something is wrong on the side of the shop.</p></body></html>")
}

fn internal(request: &str) -> Value {
    let message = format!(
        "Internal error. Looks like something went wrong on our end. Request ID: {request} (include this in support requests)."
    );
    errors(&message, json!({"code": "INTERNAL_SERVER_ERROR", "requestId": request}))
}

pub(super) fn refusal(troubles: &[Trouble]) -> Option<Refusal> {
    troubles.iter().find_map(|trouble| match trouble {
        Trouble::Refuse { code, message, items } => {
            Some(Refusal { code: code.clone(), message: message.clone(), items: *items })
        }
        _ => None,
    })
}

fn first_product(world: &World, variables: &Value) -> Option<u64> {
    match variables {
        Value::String(text) => {
            let gid = Gid::parse(text)?;
            match gid.kind.as_str() {
                "Product" => Some(gid.number),
                "ProductVariant" => world.shop.variants.get(&gid.number).map(|v| v.product),
                _ => None,
            }
        }
        Value::Array(items) => items.iter().find_map(|item| first_product(world, item)),
        Value::Object(fields) => fields.values().find_map(|field| first_product(world, field)),
        _ => None,
    }
}
