//! What happened to a purchase order and its lines: by hand from the audit, by imports from the states they kept. Each
//! entry shows old and new; the new state of an import's entry is the old state of the next one, or what is there now.

use std::collections::HashMap;

use presell_store::{At, Db, Tx, text, within};
use serde::Serialize;
use ts_rs::TS;

use super::change::Kept;
use super::{HandError, subject};
use crate::purchase_orders::differences;
use crate::purchase_orders::known::{Head, KnownLine, KnownOrder, known};

/// One thing that happened.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "HistoryEntry")]
pub struct Entry {
    /// When.
    pub at: At,
    /// Who.
    pub actor: String,
    /// How.
    pub origin: Origin,
    /// Key of the import.
    pub import_id: Option<i64>,
    /// Name of the imported file.
    pub file_name: Option<String>,
    /// Key of a change by hand, to take it back; none if it cannot be.
    pub change_id: Option<i64>,
    /// The line; none: the order itself.
    pub line: Option<i64>,
    /// What the line brings.
    pub sku: Option<String>,
    /// Field, old value, new value; empty where it came in.
    pub fields: Vec<(&'static str, String, String)>,
}

/// How something happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "HistoryOrigin")]
pub enum Origin {
    /// It came with an import.
    Created,
    /// An import changed it.
    Import,
    /// A person changed it.
    Hand,
    /// A person received goods.
    Received,
    /// A person took a change back.
    TakenBack,
}

/// The order itself or one of its lines.
#[derive(Clone)]
enum State {
    Head(Head),
    Line(KnownLine),
}

struct Event {
    at: i64,
    actor: String,
    origin: Origin,
    import: Option<(i64, String)>,
    audit: Option<i64>,
    before: State,
}

/// The last `limit` things that happened to an order, or to one line of it, newest first.
///
/// # Errors
/// [`HandError::NoOrder`], and a database that does not do its part.
pub async fn history(db: &Db, code: &str, line: Option<i64>, limit: u32) -> Result<Vec<Entry>, HandError> {
    let mut tx = db.begin_read().await?;
    let order = known(&mut tx, &[code]).await?.remove(code).ok_or_else(|| HandError::NoOrder(code.to_owned()))?;
    let mut events = by_hand(&mut tx, code).await?;
    events.extend(by_imports(&mut tx, &order).await?);
    events.sort_by_key(|event| std::cmp::Reverse((event.at, event.audit)));
    let mut entries = told(&order, events);
    entries.retain(|entry| line.is_none() || entry.line == line);
    entries.extend(origin(&mut tx, code, line).await?);
    tx.rollback().await?;
    entries.truncate(limit as usize);
    Ok(entries)
}

async fn by_hand(tx: &mut Tx, code: &str) -> Result<Vec<Event>, HandError> {
    let sql = "SELECT id, at, actor, action, before FROM audit WHERE subject = $1 AND before IS NOT NULL ORDER BY id DESC LIMIT 2000";
    let rows: Vec<(i64, i64, String, String, String)> =
        within!(tx, c => sqlx::query_as(sql).bind(subject(code)).fetch_all(c).await)?;
    Ok(rows
        .into_iter()
        .filter_map(|(id, at, actor, action, before)| {
            let before = match action.starts_with("po_line.") {
                true => State::Line(serde_json::from_str::<Kept>(&before).ok()?.line),
                false => State::Head(serde_json::from_str(&before).ok()?),
            };
            let origin = match action.rsplit_once('.').map_or("", |(_, act)| act) {
                "receive" => Origin::Received,
                "take_back" => Origin::TakenBack,
                _ => Origin::Hand,
            };
            Some(Event { at, actor, origin, import: None, audit: Some(id), before })
        })
        .collect())
}

async fn by_imports(tx: &mut Tx, order: &KnownOrder) -> Result<Vec<Event>, HandError> {
    // Keys are texts, since other tables have keys of several columns.
    let sql = text!(
        tx,
        "SELECT b.entity, b.before, i.id, i.file_name, i.actor, i.at FROM import_before b JOIN import i ON i.id = b.import_id
        WHERE i.state <> 'undone' AND b.entity = $2 AND b.entity_key IN ",
        TEXTS,
        " ORDER BY b.id DESC LIMIT 20000"
    );
    let lines: Vec<String> = order.lines.iter().map(|line| line.id.to_string()).collect();
    let mut events = Vec::new();
    for (entity, keys) in [("po_line", lines), ("purchase_order", vec![order.head.id.to_string()])] {
        let list = serde_json::json!(keys).to_string();
        let rows: Vec<(String, String, i64, String, String, i64)> =
            within!(tx, c => sqlx::query_as(sql).bind(list).bind(entity).fetch_all(c).await)?;
        events.extend(rows.into_iter().filter_map(|(entity, before, id, file, actor, at)| {
            let before = match entity == "po_line" {
                true => State::Line(serde_json::from_str(&before).ok()?),
                false => State::Head(serde_json::from_str(&before).ok()?),
            };
            Some(Event { at, actor, origin: Origin::Import, import: Some((id, file)), audit: None, before })
        }));
    }
    Ok(events)
}

/// Events, newest first, each with what it changed.
fn told(order: &KnownOrder, events: Vec<Event>) -> Vec<Entry> {
    let mut lines: HashMap<i64, KnownLine> = order.lines.iter().map(|line| (line.id, line.clone())).collect();
    let mut head = order.head.clone();
    // Only the newest change of each can be taken back.
    let mut later: HashMap<Option<i64>, ()> = HashMap::new();
    let mut entries = Vec::with_capacity(events.len());
    for event in events {
        let (key, line, sku, fields) = match event.before {
            State::Line(before) => {
                let Some(after) = lines.insert(before.id, before.clone()) else { continue };
                (Some(before.id), Some(before.line_no), Some(after.sku.clone()), differences(&before, &after))
            }
            State::Head(before) => {
                let after = std::mem::replace(&mut head, before.clone());
                let store = |head: &Head| head.store.map_or_else(|| "every store".to_owned(), |id| id.to_string());
                let fields = [
                    ("status", before.status.to_string(), after.status.to_string()),
                    ("store", store(&before), store(&after)),
                ];
                (None, None, None, fields.into_iter().filter(|(_, old, new)| old != new).collect())
            }
        };
        let newest = later.insert(key, ()).is_none();
        if fields.is_empty() {
            continue;
        }
        let (import_id, file_name) = event.import.unzip();
        entries.push(Entry {
            at: At::from(event.at),
            actor: event.actor,
            origin: event.origin,
            import_id,
            file_name,
            change_id: event.audit.filter(|_| newest),
            line,
            sku,
            fields,
        });
    }
    entries
}

/// How the order, or the line, came in.
async fn origin(tx: &mut Tx, code: &str, line: Option<i64>) -> Result<Option<Entry>, HandError> {
    let sql = match line {
        None => {
            "SELECT i.id, i.file_name, i.actor, i.at FROM purchase_order o JOIN import i ON i.id = o.created_by
                 WHERE o.code = $1 AND CAST($2 AS BIGINT) IS NULL"
        }
        Some(_) => {
            "SELECT i.id, i.file_name, i.actor, i.at FROM po_line l JOIN purchase_order o ON o.id = l.po_id
                    JOIN import i ON i.id = l.created_by WHERE o.code = $1 AND l.line_no = $2"
        }
    };
    let row: Option<(i64, String, String, i64)> =
        within!(tx, c => sqlx::query_as(sql).bind(code).bind(line).fetch_optional(c).await)?;
    Ok(row.map(|(id, file, actor, at)| Entry {
        at: At::from(at),
        actor,
        origin: Origin::Created,
        import_id: Some(id),
        file_name: Some(file),
        change_id: None,
        line,
        sku: None,
        fields: Vec::new(),
    }))
}
