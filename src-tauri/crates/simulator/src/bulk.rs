//! Bulk operations at work: a mutation line by line, a query flattened into lines.

use apollo_compiler::ExecutableDocument;
use apollo_compiler::executable::SelectionSet;
use apollo_compiler::validation::Valid;
use serde_json::{Map, Value, json};

use crate::answer::{Executed, Origin, execute};
use crate::gid::gid;
use crate::journal::{By, Write};
use crate::schema::{coerce, validate};
use crate::shop::{BulkKind, BulkStatus, Shop};

/// Moves an operation on by one step, and gives the writes it did.
pub(crate) fn advance(shop: &mut Shop, origin: &Origin, id: u64) -> Vec<Write> {
    let Some(bulk) = shop.bulks.get(&id).filter(|bulk| bulk.status.open()) else { return Vec::new() };
    let Ok(document) = validate(&bulk.document, origin.version) else {
        finish(shop, id, BulkStatus::Failed);
        return Vec::new();
    };
    let (kind, first) = (bulk.kind, bulk.status == BulkStatus::Created);
    if first && let Some(bulk) = shop.bulks.get_mut(&id) {
        bulk.status = BulkStatus::Running;
    }
    match kind {
        BulkKind::Mutation => lines(shop, origin, id, &document, first),
        BulkKind::Query => {
            if !first {
                read(shop, origin, id, &document);
            }
            Vec::new()
        }
    }
}

fn lines(shop: &mut Shop, origin: &Origin, id: u64, document: &Valid<ExecutableDocument>, first: bool) -> Vec<Write> {
    let Some(bulk) = shop.bulks.get(&id) else { return Vec::new() };
    let mut left = if first { bulk.waiting.len().div_ceil(2) } else { bulk.waiting.len() };
    let mut writes = Vec::new();
    while left > 0 {
        let Some(bulk) = shop.bulks.get_mut(&id) else { return writes };
        if bulk.fails_after.is_some_and(|most| bulk.result.len() >= most) {
            finish(shop, id, BulkStatus::Failed);
            return writes;
        }
        let Some((line, variables)) = bulk.waiting.pop() else { break };
        let mut said = one(shop, origin, id, (line, &variables), document, &mut writes);
        said["__lineNumber"] = json!(line);
        if let Some(bulk) = shop.bulks.get_mut(&id) {
            bulk.result.push(said.to_string());
        }
        left -= 1;
    }
    if !first {
        finish(shop, id, BulkStatus::Completed);
    }
    writes
}

/// One line of the file: what its answer would have been as a request of its own.
fn one(
    shop: &mut Shop,
    origin: &Origin,
    id: u64,
    (line, variables): (usize, &str),
    document: &Valid<ExecutableDocument>,
    writes: &mut Vec<Write>,
) -> Value {
    let variables: Value = match serde_json::from_str(variables) {
        Ok(variables) => variables,
        Err(problem) => return json!({"errors": [{"message": format!("Invalid JSON: {problem}")}]}),
    };
    let (Ok(operation), coerced) = (document.operations.get(None), coerce(document, None, &variables, origin.version))
    else {
        return json!({"errors": [{"message": "The document has no operation"}]});
    };
    let coerced = match coerced {
        Ok(coerced) => coerced,
        Err(problem) => return json!({"errors": [{"message": problem}]}),
    };
    let by = By::Bulk { id: gid("BulkOperation", id), line };
    let origin = Origin { by, refusal: None, bulk_fails_after: None, ..origin.clone() };
    let done = execute(shop, None, &origin, (document, operation, &coerced), false);
    writes.extend(done.writes);
    match done.errors.is_empty() {
        true => json!({"data": done.data}),
        false => json!({"data": done.data, "errors": done.errors}),
    }
}

fn read(shop: &mut Shop, origin: &Origin, id: u64, document: &Valid<ExecutableDocument>) {
    let Ok(operation) = document.operations.get(None) else { return finish(shop, id, BulkStatus::Failed) };
    let Ok(variables) = coerce(document, None, &Value::Null, origin.version) else {
        return finish(shop, id, BulkStatus::Failed);
    };
    let Executed { data, errors, .. } = execute(shop, None, origin, (document, operation, &variables), true);
    let mut lines = Vec::new();
    flatten(&operation.selection_set, &data, None, &mut lines);
    let Some(bulk) = shop.bulks.get_mut(&id) else { return };
    let most = bulk.fails_after.unwrap_or(usize::MAX);
    bulk.result = lines.iter().take(most).map(Value::to_string).collect();
    let whole = errors.is_empty() && lines.len() <= most;
    finish(shop, id, if whole { BulkStatus::Completed } else { BulkStatus::Failed });
}

/// A line per thing, its parent before it; a child says whose it is.
fn flatten(set: &SelectionSet, data: &Value, parent: Option<&str>, lines: &mut Vec<Value>) {
    for field in set.fields() {
        let page = &data[field.response_key().as_str()];
        for edge in page["edges"].as_array().into_iter().flatten() {
            let node = &edge["node"];
            let inner = field.selection_set.fields().find(|f| f.name == "edges");
            let inner = inner.and_then(|edges| edges.selection_set.fields().find(|f| f.name == "node"));
            let Some(inner) = inner else { continue };
            let mut own: Map<String, Value> = node.as_object().cloned().unwrap_or_default();
            own.retain(|_, value| !value["edges"].is_array());
            if let Some(parent) = parent {
                own.insert("__parentId".into(), json!(parent));
            }
            lines.push(Value::Object(own));
            flatten(&inner.selection_set, node, node["id"].as_str(), lines);
        }
    }
}

fn finish(shop: &mut Shop, id: u64, status: BulkStatus) {
    let now = shop.now;
    if let Some(bulk) = shop.bulks.get_mut(&id) {
        (bulk.status, bulk.completed) = (status, Some(now));
        bulk.waiting.clear();
    }
}
