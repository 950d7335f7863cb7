//! Lists in pages.

use std::ops::Range;

use apollo_compiler::resolvers::FieldError;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};

use crate::answer::{Asked, Session};

const LONGEST_PAGE: u64 = 250;
/// No list can be paged through any further; a bulk query reads the rest.
const DEEPEST: usize = 25_000;

/// Where an entry stands in its list: by a value, then by its number. A cursor remembers just that, so that it leads on
/// even when the entry itself is gone.
pub(crate) type Place = (i64, u64);

/// The page that `first`, `last`, `after`, `before` and `reverse` ask for, of places in ascending order; `node` says what
/// stands at the n-th.
pub(crate) fn page(
    session: &Session<'_>,
    asked: &Asked,
    places: &[Place],
    node: impl Fn(usize) -> Value,
) -> Result<Value, FieldError> {
    let backwards = asked.arguments["reverse"] == true;
    let shown = range(session, asked, places, backwards)?;
    let (from, to) = (shown.start, shown.end);
    let entry = |at: usize| if backwards { places.len() - 1 - at } else { at };
    let cursor = |at: usize| json!(write(places[entry(at)]));
    let ends = |at: usize| if from < to { cursor(at) } else { Value::Null };
    Ok(json!({
        "nodes": shown.clone().map(|at| node(entry(at))).collect::<Vec<_>>(),
        "edges": shown.map(|at| json!({"node": node(entry(at)), "cursor": cursor(at)})).collect::<Vec<_>>(),
        "pageInfo": {"hasNextPage": to < places.len(), "hasPreviousPage": from > 0,
            "startCursor": ends(from), "endCursor": ends(to.saturating_sub(1))},
    }))
}

fn range(session: &Session<'_>, asked: &Asked, places: &[Place], backwards: bool) -> Result<Range<usize>, FieldError> {
    let refuse = |message: String| Err(session.error("BAD_REQUEST", message));
    let (first, last) = (asked.arguments["first"].as_u64(), asked.arguments["last"].as_u64());
    if session.endless {
        return Ok(0..places.len());
    }
    if first.is_none() && last.is_none() {
        return refuse(format!("you must provide one of first or last on {}", asked.field));
    }
    if first.max(last) > Some(LONGEST_PAGE) {
        return refuse(format!("{} asks for more than {LONGEST_PAGE} entries in one page", asked.field));
    }
    let mut bounds = [0, places.len()];
    for (bound, name) in bounds.iter_mut().zip(["after", "before"]) {
        let Some(cursor) = asked.arguments[name].as_str() else { continue };
        let Some(place) = read(cursor) else { return refuse(format!("Invalid cursor for {name}")) };
        let including = name == "after";
        // How many stand before the cursor, seen in ascending order; then turned around if the list is.
        let turned = including != backwards;
        let lower = places.partition_point(|p| *p < place || (turned && *p == place));
        *bound = if backwards { places.len() - lower } else { lower };
    }
    let (from, to) = (bounds[0], bounds[1].max(bounds[0]));
    if from >= DEEPEST {
        return refuse(format!("{} cannot be paged through beyond {DEEPEST} entries", asked.field));
    }
    Ok(match (first, last) {
        (Some(n), _) => from..to.min(from + n as usize),
        (_, Some(n)) => from.max(to.saturating_sub(n as usize))..to,
        _ => from..to,
    })
}

fn write((value, id): Place) -> String {
    let mark = if value == 0 { json!({"last_id": id}) } else { json!({"last_id": id, "last_value": value}) };
    BASE64_STANDARD.encode(mark.to_string())
}

fn read(cursor: &str) -> Option<Place> {
    let mark: Value = serde_json::from_slice(&BASE64_STANDARD.decode(cursor).ok()?).ok()?;
    Some((mark["last_value"].as_i64().unwrap_or(0), mark["last_id"].as_u64()?))
}
