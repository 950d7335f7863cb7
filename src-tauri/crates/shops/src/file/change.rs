//! What one sync changed: the difference of two states, in an order that is safe to follow line by line, wherever it breaks off.

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Serialize};

use super::state::{FORMAT, Row, State};

/// What is done with a SKU. In this order: what must not be sold any more stops first, and nothing sells before it is marked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum What {
    /// It stops selling without stock.
    Stop,
    /// It gets a class, a promise date and a quantity.
    Mark,
    /// Its product gets a tag.
    Tag,
    /// It goes on selling without stock.
    Sell,
    /// Its product loses a tag.
    Untag,
    /// It is not listed any more.
    Unmark,
}

impl What {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            What::Stop => "stop",
            What::Mark => "mark",
            What::Tag => "tag",
            What::Sell => "sell",
            What::Untag => "untag",
            What::Unmark => "unmark",
        }
    }
}

/// One line of a change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Line {
    pub(super) sku: String,
    pub(super) parent: String,
    pub(super) operation: What,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(super) class: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(super) promise_date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(super) quantity: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(super) tag: Option<String>,
}

/// A change as it is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Change {
    pub(super) format: u32,
    /// Its name, by which changes sort in the order in which they were made.
    pub(super) change: String,
    /// The one before it; none: it is the first.
    pub(super) previous: Option<String>,
    pub(super) at: String,
    pub(super) operations: Vec<Line>,
}

impl Change {
    /// What leads from one state to the other.
    pub(super) fn between(before: &State, after: &State, name: &str, at: DateTime<Utc>) -> Change {
        let none = Row::default();
        let mut operations = Vec::new();
        for (sku, row) in &after.rows {
            lines(sku, before.rows.get(sku).unwrap_or(&none), row, &mut operations);
        }
        // Stable: within each kind by SKU. A mark that replaces one follows the new tag, so that no list is left in between.
        let replaces = |line: &Line| {
            let marked = before.rows.get(&line.sku).is_some_and(|row| row.class.is_some());
            line.operation == What::Mark && marked
        };
        operations.sort_by_key(|line| if replaces(line) { (What::Tag, true) } else { (line.operation, false) });
        let previous = before.change.clone();
        Change { format: FORMAT, change: name.to_owned(), previous, at: moment(at), operations }
    }

    /// The file.
    pub(super) fn json(&self) -> Vec<u8> {
        serde_json::to_vec_pretty(self).unwrap_or_default()
    }
}

fn lines(sku: &str, before: &Row, after: &Row, out: &mut Vec<Line>) {
    let line = |operation, tag: Option<&String>| Line {
        sku: sku.to_owned(),
        parent: after.parent.clone(),
        operation,
        class: None,
        promise_date: None,
        quantity: None,
        tag: tag.cloned(),
    };
    match (before.sells_without_stock, after.sells_without_stock) {
        (true, false) => out.push(line(What::Stop, None)),
        (false, true) => out.push(line(What::Sell, None)),
        _ => {}
    }
    if after.class.is_some() && after.digest() != before.digest() {
        let Row { class, promise_date, quantity, .. } = after.clone();
        out.push(Line { class, promise_date, quantity, ..line(What::Mark, None) });
    } else if before.class.is_some() && after.class.is_none() {
        out.push(line(What::Unmark, None));
    }
    out.extend(after.tags.iter().filter(|tag| !before.tags.contains(*tag)).map(|tag| line(What::Tag, Some(tag))));
    out.extend(before.tags.iter().filter(|tag| !after.tags.contains(*tag)).map(|tag| line(What::Untag, Some(tag))));
}

/// The name of the change after this one. Names sort in order even if the clock of the machine was put back.
pub(super) fn name_after(last: Option<&str>, now: DateTime<Utc>) -> String {
    let at = now.format("%Y-%m-%dT%H-%M-%SZ").to_string();
    let (before, number) = last.and_then(split).unwrap_or(("", 0));
    format!("{}-{:06}", if before > at.as_str() { before } else { &at }, number + 1)
}

/// Moment and number of a name.
pub(super) fn split(name: &str) -> Option<(&str, u64)> {
    let (at, number) = name.rsplit_once('-')?;
    Some((at, number.parse().ok()?))
}

pub(super) fn moment(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}
