//! Staged uploads, and bulk operations begun and stopped. The work itself is in `crate::bulk`.

use apollo_compiler::ExecutableDocument;
use fastrand::Rng;
use serde_json::{Value, json};

use super::{items, refused_payload, user_error};
use crate::answer::{Asked, Session};
use crate::gid::{Gid, gid};
use crate::schema::schema;
use crate::shop::{Bulk, BulkKind, BulkStatus};

/// Of each kind so many may run at a time.
const MOST_AT_A_TIME: usize = 5;

pub(super) fn staged(session: &Session<'_>, asked: &Asked) -> Value {
    let mut shop = session.shop.borrow_mut();
    let targets: Vec<Value> = items(&asked.arguments, "input")
        .iter()
        .map(|input| {
            let file = input["filename"].as_str().unwrap_or("file");
            let key = format!("tmp/1/bulk/{}/{file}", shop.fresh());
            shop.staged.insert(key.clone(), None);
            let url = format!("{}/staged", session.origin.base_url);
            let parameter = |name: &str, value: &str| json!({"name": name, "value": value});
            json!({"url": url, "resourceUrl": format!("{url}/{key}"), "parameters": [parameter("key", &key),
                parameter("Content-Type", input["mimeType"].as_str().unwrap_or_default()),
                parameter("success_action_status", "201"), parameter("acl", "private"), parameter("policy", "demo")]})
        })
        .collect();
    json!({"stagedTargets": targets, "userErrors": []})
}

pub(super) fn run(session: &Session<'_>, asked: &Asked) -> Value {
    let reading = asked.field == "bulkOperationRunQuery";
    let kind = if reading { BulkKind::Query } else { BulkKind::Mutation };
    let refuse = |field: &str, code: &str, message: &str| {
        refused_payload(&asked.field, vec![user_error(&[field], code, message)])
    };
    let document = asked.text(if reading { "query" } else { "mutation" }).to_owned();
    if let Err(problem) = runnable(session, &document, kind) {
        let (field, code) = if reading { ("query", "INVALID") } else { ("mutation", "INVALID_MUTATION") };
        return refuse(field, code, &problem);
    }
    let mut shop = session.shop.borrow_mut();
    if shop.bulks.values().filter(|b| b.kind == kind && b.status.open()).count() >= MOST_AT_A_TIME {
        return refuse(
            "base",
            "LIMIT_REACHED",
            "The maximum number of bulk operations of this kind is running already.",
        );
    }
    let mut waiting = Vec::new();
    if !reading {
        let identifier = asked.arguments["clientIdentifier"].as_str();
        if identifier.is_some_and(|text| !(10..=255).contains(&text.len())) {
            return refuse("clientIdentifier", "INVALID_MUTATION", "clientIdentifier must have 10 to 255 characters.");
        }
        let Some(file) = shop.staged.remove(asked.text("stagedUploadPath")).flatten() else {
            return refuse(
                "stagedUploadPath",
                "NO_SUCH_FILE",
                "The JSONL file could not be found. Try uploading it again.",
            );
        };
        waiting = file.lines().filter(|l| !l.trim().is_empty()).map(str::to_owned).enumerate().collect();
        if waiting.is_empty() {
            return refuse("stagedUploadPath", "INVALID_STAGED_UPLOAD_FILE", "The file has no lines.");
        }
        // The lines of a file are promised in no order at all.
        Rng::with_seed(session.origin.seed).shuffle(&mut waiting);
    }
    let id = shop.fresh();
    let created = shop.now;
    let bulk = Bulk {
        kind,
        status: BulkStatus::Created,
        document,
        waiting,
        result: Vec::new(),
        fails_after: session.origin.bulk_fails_after,
        expired: false,
        created,
        completed: None,
    };
    shop.bulks.insert(id, bulk);
    json!({"bulkOperation": gid("BulkOperation", id), "userErrors": []})
}

pub(super) fn cancel(session: &Session<'_>, asked: &Asked) -> Value {
    let mut shop = session.shop.borrow_mut();
    let now = shop.now;
    let id = Gid::number_of("BulkOperation", asked.text("id"));
    let Some((id, bulk)) = id.and_then(|id| Some((id, shop.bulks.get_mut(&id)?))) else {
        let error = user_error(&["id"], "", "Bulk operation does not exist");
        return refused_payload(&asked.field, vec![error]);
    };
    let mut errors = Vec::new();
    if bulk.status.open() {
        (bulk.status, bulk.completed) = (BulkStatus::Canceled, Some(now));
    } else {
        errors.push(user_error(&[], "", "A bulk operation cannot be canceled when it is completed"));
    }
    json!({"bulkOperation": gid("BulkOperation", id), "userErrors": errors})
}

fn runnable(session: &Session<'_>, text: &str, kind: BulkKind) -> Result<(), String> {
    let document = ExecutableDocument::parse_and_validate(schema(session.origin.version), text, "bulk.graphql")
        .map_err(|invalid| invalid.errors.to_string())?;
    let operation = document.operations.get(None).map_err(|e| e.message().to_string())?;
    if operation.is_mutation() != (kind == BulkKind::Mutation) {
        return Err("The document is not of the kind this operation runs.".into());
    }
    let fields: Vec<_> = operation.root_fields(&document).map(|f| f.name.to_string()).collect();
    if fields.iter().any(|f| f.starts_with("bulkOperation") || f == "node" || f == "nodes") {
        return Err(format!("{} may not be used within a bulk operation.", fields.join(", ")));
    }
    let pages = operation.all_fields(&document);
    let pages = pages.filter(|f| f.definition.ty.inner_named_type().as_str().ends_with("Connection")).count();
    match (kind, pages) {
        (BulkKind::Query, 1..=5) | (BulkKind::Mutation, 0..=1) => Ok(()),
        (BulkKind::Query, _) => Err("A bulk query must have one to five connections.".into()),
        (BulkKind::Mutation, _) => Err("A bulk mutation may have one connection at most.".into()),
    }
}
