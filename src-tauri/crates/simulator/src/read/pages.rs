//! Lists in pages.

use apollo_compiler::resolvers::FieldError;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};

use crate::answer::{Asked, Session};

const LONGEST_PAGE: u64 = 250;

/// One entry: what stands in the list, and what its cursor remembers.
pub(crate) type Entry = (Value, Value);

/// The page that `first`, `last`, `after`, `before` and `reverse` ask for.
pub(crate) fn page(session: &Session<'_>, mut entries: Vec<Entry>, asked: &Asked) -> Result<Value, FieldError> {
    if asked.arguments["reverse"] == true {
        entries.reverse();
    }
    let (first, last) = (asked.arguments["first"].as_u64(), asked.arguments["last"].as_u64());
    if !session.endless {
        if first.is_none() && last.is_none() {
            let message = format!("you must provide one of first or last on {}", asked.field);
            return Err(session.error("BAD_REQUEST", message));
        }
        if first.max(last) > Some(LONGEST_PAGE) {
            let message = format!("{} asks for more than {LONGEST_PAGE} entries in one page", asked.field);
            return Err(session.error("BAD_REQUEST", message));
        }
    }
    let place = |name: &str| -> Result<Option<usize>, FieldError> {
        let Some(cursor) = asked.arguments[name].as_str() else { return Ok(None) };
        let wanted = read(cursor).ok_or_else(|| session.error("BAD_REQUEST", format!("Invalid cursor for {name}")))?;
        Ok(entries.iter().position(|(_, mark)| *mark == wanted))
    };
    let from = place("after")?.map_or(0, |at| at + 1);
    let to = place("before")?.unwrap_or(entries.len()).max(from);
    let (from, to) = match (first, last) {
        (Some(n), _) if !session.endless => (from, to.min(from.saturating_add(n as usize))),
        (_, Some(n)) if !session.endless => (from.max(to.saturating_sub(n as usize)), to),
        _ => (from, to),
    };
    let shown = &entries[from..to];
    let cursor = |entry: Option<&Entry>| entry.map_or(Value::Null, |(_, mark)| json!(write(mark)));
    Ok(json!({
        "nodes": shown.iter().map(|(node, _)| node.clone()).collect::<Vec<_>>(),
        "edges": shown.iter().map(|(node, mark)| json!({"node": node, "cursor": write(mark)})).collect::<Vec<_>>(),
        "pageInfo": {"hasNextPage": to < entries.len(), "hasPreviousPage": from > 0,
            "startCursor": cursor(shown.first()), "endCursor": cursor(shown.last())},
    }))
}

fn write(mark: &Value) -> String {
    BASE64_STANDARD.encode(mark.to_string())
}

fn read(cursor: &str) -> Option<Value> {
    serde_json::from_slice(&BASE64_STANDARD.decode(cursor).ok()?).ok()
}
