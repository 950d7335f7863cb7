//! Bulk operations. Asking for one is what moves it on: half of its lines at the first question, the rest at the second.

use serde_json::{Value, json};

use super::Said;
use super::catalogue::list;
use crate::answer::{Asked, Session};
use crate::bulk;
use crate::clock::stamp;
use crate::gid::Gid;
use crate::search::BULKS;
use crate::shop::{BulkKind, BulkStatus};

pub(super) fn root(session: &Session<'_>, asked: &Asked) -> Said {
    if asked.field == "bulkOperations" {
        return list(session, &BULKS, asked).map(Some);
    }
    if let Some(id) = Gid::number_of("BulkOperation", asked.text("id")) {
        let writes = bulk::advance(&mut session.shop.borrow_mut(), session.origin, id);
        session.writes.borrow_mut().extend(writes);
    }
    Ok(Some(json!(asked.text("id"))))
}

pub(super) fn bulk(session: &Session<'_>, id: u64, asked: &Asked) -> Said {
    let shop = session.shop.borrow();
    let Some(bulk) = shop.bulks.get(&id) else { return Ok(Some(Value::Null)) };
    let address = format!("{}/bulk/{id}.jsonl", session.origin.base_url);
    let size = bulk.result.iter().map(|line| line.len() + 1).sum::<usize>();
    let roots = bulk.result.iter().filter(|line| !line.contains("\"__parentId\"")).count();
    Ok(Some(match asked.field.as_str() {
        "status" => json!(bulk.status.name()),
        "type" => json!(if bulk.kind == BulkKind::Query { "QUERY" } else { "MUTATION" }),
        "query" => json!(bulk.document),
        "errorCode" => json!((bulk.status == BulkStatus::Failed).then_some("INTERNAL_SERVER_ERROR")),
        "createdAt" => json!(stamp(bulk.created)),
        "completedAt" => json!(bulk.completed.map(stamp)),
        // Numbers of this kind are text in the API.
        "objectCount" => json!(bulk.result.len().to_string()),
        "rootObjectCount" => json!(roots.to_string()),
        "fileSize" => json!((!bulk.status.open()).then(|| size.to_string())),
        "url" => json!((bulk.status == BulkStatus::Completed && size > 0).then_some(address)),
        "partialDataUrl" => {
            json!((matches!(bulk.status, BulkStatus::Failed | BulkStatus::Canceled) && size > 0).then_some(address))
        }
        _ => return Ok(None),
    }))
}
