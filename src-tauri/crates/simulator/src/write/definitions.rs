//! `metafieldDefinitionCreate`.

use serde_json::{Value, json};

use super::{kept_namespace, refused_payload, user_error};
use crate::answer::{Asked, Session};
use crate::gid::gid;
use crate::read;
use crate::shop::Definition;

pub(super) fn create(session: &Session<'_>, asked: &Asked) -> Value {
    let input = &asked.arguments["definition"];
    let text = |name: &str| input[name].as_str().unwrap_or_default().to_owned();
    let namespace = kept_namespace(input["namespace"].as_str()).into_owned();
    let new =
        Definition { namespace, key: text("key"), name: text("name"), kind: text("type"), owner: text("ownerType") };
    let mut shop = session.shop.borrow_mut();
    let own = input["namespace"].as_str().is_none_or(|n| n.starts_with("$app"));
    if !own && !input["access"]["admin"].is_null() {
        let message = "Setting this access control is not permitted. It must be one of [\"public_read_write\"].";
        let error = user_error(&["definition"], "ADMIN_ACCESS_INPUT_NOT_ALLOWED", message);
        return refused_payload(&asked.field, vec![error]);
    }
    let same = |d: &Definition| d.owner == new.owner && d.namespace == new.namespace && d.key == new.key;
    if shop.definitions.values().any(same) {
        let message = "Key is in use for metafields on the given owner type and namespace.";
        return refused_payload(&asked.field, vec![user_error(&["definition", "key"], "TAKEN", message)]);
    }
    let id = shop.fresh();
    let said = read::definition(id, &new);
    shop.note(gid("MetafieldDefinition", id), "exists", json!(false), json!(true));
    shop.definitions.insert(id, new);
    json!({"createdDefinition": said, "userErrors": []})
}
