//! `tagsAdd` and `tagsRemove`, safe beside whatever else carries tags.

use serde_json::{Value, json};

use super::{items, refused_payload, user_error};
use crate::answer::{Asked, Session};
use crate::gid::Gid;
use crate::shop::Plan;

const MOST: usize = 250;

pub(super) fn change(session: &Session<'_>, asked: &Asked) -> Value {
    let mut shop = session.shop.borrow_mut();
    let product = Gid::number_of("Product", asked.text("id"));
    let Some((id, tags)) = product.and_then(|id| Some((id, shop.products.get(&id)?.tags.clone()))) else {
        let error = user_error(&["id"], "", "Product does not exist");
        return refused_payload(&asked.field, vec![error]);
    };
    // A comma parts tags, even within one entry of the list.
    let given = items(&asked.arguments, "tags").iter().filter_map(Value::as_str).flat_map(|text| text.split(','));
    let given: Vec<&str> = given.map(str::trim).filter(|tag| !tag.is_empty()).collect();
    let same = |a: &str, b: &str| a.to_lowercase() == b.to_lowercase();
    let mut after = tags.clone();
    if asked.field == "tagsAdd" {
        for tag in given {
            if !after.iter().any(|t| same(t, tag)) {
                after.push(tag.to_owned());
            }
        }
    } else {
        after.retain(|t| !given.iter().any(|tag| same(t, tag)));
    }
    if after.len() > MOST && after.len() > tags.len() && shop.plan != Plan::Plus {
        let error = user_error(&["tags"], "", "Product tags cannot exceed 250");
        return refused_payload(&asked.field, vec![error]);
    }
    if after != tags {
        shop.change_tags(id, after);
    }
    json!({"node": asked.text("id"), "userErrors": []})
}
