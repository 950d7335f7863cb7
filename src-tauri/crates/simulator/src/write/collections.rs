//! `collectionCreate` and `collectionUpdate`: members by tag rule, or picked by hand.

use apollo_compiler::resolvers::FieldError;
use serde_json::{Value, json};

use super::{items, only, refused_payload, user_error};
use crate::answer::{Asked, Session};
use crate::gid::{Gid, gid};
use crate::shop::{Collection, Inclusion, Shop, Source};

pub(super) fn create(session: &Session<'_>, asked: &Asked) -> Result<Value, FieldError> {
    let input = &asked.arguments["collection"];
    only(session, input, "CollectionCreateInput", &["title", "handle", "sources", "sortOrder", "descriptionHtml"])?;
    let mut sources = Vec::new();
    for target in items(input, "sources") {
        only(session, target, "CollectionCreateSourceTargetInput", &["source"])?;
        let source = &target["source"];
        let inclusion = inclusion(session, &source["inclusion"], "conditions", "selections")?;
        sources.push(Source { id: 0, title: source["title"].as_str().unwrap_or_default().into(), inclusion });
    }
    let mut shop = session.shop.borrow_mut();
    let title = input["title"].as_str().unwrap_or_default().to_owned();
    if title.is_empty() {
        let error = user_error(&["collection", "title"], "", "Title can't be blank");
        return Ok(refused_payload(&asked.field, vec![error]));
    }
    for source in &mut sources {
        source.id = shop.fresh();
    }
    let wanted = input["handle"].as_str().map_or_else(|| title.to_lowercase().replace(' ', "-"), str::to_owned);
    let handle = free_handle(&shop, &wanted);
    let id = shop.fresh();
    shop.note(gid("Collection", id), "exists", json!(false), json!({"handle": handle}));
    shop.collections.insert(id, Collection { title, handle, sources });
    Ok(json!({"collection": gid("Collection", id), "userErrors": []}))
}

pub(super) fn update(session: &Session<'_>, asked: &Asked) -> Result<Value, FieldError> {
    let input = &asked.arguments["collection"];
    only(session, input, "CollectionUpdateInput", &["id", "title", "sourcesToUpdate", "redirectNewHandle"])?;
    let mut changes = Vec::new();
    for target in items(input, "sourcesToUpdate") {
        only(session, target, "CollectionUpdateSourceTargetInput", &["condition"])?;
        let source = &target["condition"];
        let known = ["selectionsToAdd", "selectionsToRemove", "conditionsToCreate"];
        only(session, &source["inclusion"], "CollectionUpdateSourceInclusionInput", &known)?;
        let id = source["id"].as_str().and_then(|id| Gid::number_of("CollectionConditionsSource", id));
        let gone = inclusion(session, &source["inclusion"], "", "selectionsToRemove")?.products;
        changes.push((id, inclusion(session, &source["inclusion"], "conditionsToCreate", "selectionsToAdd")?, gone));
    }
    let mut shop = session.shop.borrow_mut();
    let id = Gid::number_of("Collection", input["id"].as_str().unwrap_or_default());
    let Some((id, mut collection)) = id.and_then(|id| Some((id, shop.collections.get(&id)?.clone()))) else {
        let error = user_error(&["collection", "id"], "", "Collection does not exist");
        return Ok(refused_payload(&asked.field, vec![error]));
    };
    let before = json!(collection);
    if let Some(title) = input["title"].as_str() {
        collection.title = title.to_owned();
    }
    for (source, new, gone) in changes {
        let Some(source) = collection.sources.iter_mut().find(|s| Some(s.id) == source) else {
            let error = user_error(&["collection", "sourcesToUpdate"], "", "Source does not exist");
            return Ok(refused_payload(&asked.field, vec![error]));
        };
        source.inclusion.products.retain(|p| !gone.contains(p) && !new.products.contains(p));
        source.inclusion.products.extend(new.products);
        source.inclusion.tags.extend(new.tags);
    }
    shop.note(gid("Collection", id), "collection", before, json!(collection));
    shop.collections.insert(id, collection);
    Ok(json!({"collection": gid("Collection", id), "job": null, "userErrors": []}))
}

fn inclusion(session: &Session<'_>, input: &Value, rules: &str, picks: &str) -> Result<Inclusion, FieldError> {
    let mut found = Inclusion { any: input["matchType"] == "ANY", ..Inclusion::default() };
    for condition in items(input, rules) {
        only(session, condition, "CollectionSourceInclusionConditionInput", &["productTag"])?;
        let tag = &condition["productTag"];
        if tag["relation"] != "TAGGED_WITH" {
            return Err(session.not_simulated("CollectionSourceInclusionConditionProductTagInput", "relation"));
        }
        let values = items(tag, "values").iter().filter_map(Value::as_str).map(str::to_owned).collect();
        found.tags.push((tag["matchType"] == "ANY", values));
    }
    for pick in items(input, picks) {
        found.products.extend(pick["productId"].as_str().and_then(|id| Gid::number_of("Product", id)));
    }
    Ok(found)
}

/// A handle is given a number when it is taken: creating twice makes two collections.
fn free_handle(shop: &Shop, wanted: &str) -> String {
    let numbered = (1..).map(|n| format!("{wanted}-{n}"));
    let mut all = std::iter::once(wanted.to_owned()).chain(numbered);
    all.find(|handle| shop.collection(handle).is_none()).unwrap_or_default()
}
