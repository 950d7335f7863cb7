//! `productVariantsBulkUpdate`: policy and metafields of the variants of one product.

use apollo_compiler::resolvers::FieldError;
use serde_json::{Value, json};

use super::{items, metafields, only, refused_payload, user_error};
use crate::answer::{Asked, Session};
use crate::gid::{Gid, gid};
use crate::shop::{Policy, Shop};

pub(super) fn update(session: &Session<'_>, asked: &Asked) -> Result<Value, FieldError> {
    let variants = items(&asked.arguments, "variants");
    for input in variants {
        only(session, input, "ProductVariantsBulkInput", &["id", "inventoryPolicy", "metafields"])?;
    }
    let mut shop = session.shop.borrow_mut();
    let product = Gid::number_of("Product", asked.text("productId")).filter(|id| shop.products.contains_key(id));
    let Some(product) = product else {
        let error = user_error(&["productId"], "PRODUCT_DOES_NOT_EXIST", "Product does not exist");
        return Ok(refused_payload(&asked.field, vec![error]));
    };
    let doomed = session.origin.refusal.as_ref();
    let mut errors = Vec::new();
    let mut good = Vec::new();
    for (at, input) in variants.iter().enumerate() {
        let refusal = match doomed.filter(|refusal| at < refusal.items) {
            Some(refusal) => Some((refusal.code.as_str(), refusal.message.as_str(), "id")),
            None => problem(&shop, product, input),
        };
        match refusal {
            Some((code, message, field)) => {
                errors.push(user_error(&["variants", &at.to_string(), field], code, message));
            }
            None => good.push(input),
        }
    }
    if !errors.is_empty() && asked.arguments["allowPartialUpdates"] != true {
        let mut payload = refused_payload(&asked.field, errors);
        payload["product"] = json!(gid("Product", product));
        return Ok(payload);
    }
    for input in &good {
        write(&mut shop, input);
    }
    let ids: Vec<&Value> = good.iter().map(|input| &input["id"]).collect();
    Ok(json!({"product": gid("Product", product), "productVariants": ids, "userErrors": errors}))
}

fn problem(shop: &Shop, product: u64, input: &Value) -> Option<(&'static str, &'static str, &'static str)> {
    let Some(id) = input["id"].as_str() else {
        return Some(("PRODUCT_VARIANT_ID_MISSING", "Product variant is missing ID attribute", "id"));
    };
    let variant = Gid::number_of("ProductVariant", id).and_then(|id| shop.variants.get(&id));
    if variant.is_none_or(|v| v.product != product) {
        return Some(("PRODUCT_VARIANT_DOES_NOT_EXIST", "Product variant does not exist", "id"));
    }
    let owner = Gid::parse(id)?;
    let wrong = items(input, "metafields").iter().find_map(|field| metafields::problem(shop, &owner, field));
    wrong.map(|_| {
        ("INVALID_VALUE", "A metafield has no name, no type, or a value that does not fit its type", "metafields")
    })
}

fn write(shop: &mut Shop, input: &Value) {
    let Some(owner) = input["id"].as_str().and_then(Gid::parse) else { return };
    if let Some(policy) = input["inventoryPolicy"].as_str() {
        shop.change_policy(owner.number, Policy::parse(policy));
    }
    for field in items(input, "metafields") {
        metafields::put(shop, &owner, field);
    }
}
