//! The files as CSV (RFC 4180): UTF-8, commas, a header, lines that end in CRLF.

use std::borrow::Cow;

use super::change::Change;
use super::state::State;

const STATE: [&str; 7] = ["sku", "parent", "class", "promise_date", "quantity", "sells_without_stock", "tags"];
const CHANGE: [&str; 7] = ["sku", "parent", "operation", "class", "promise_date", "quantity", "tag"];

/// Everything the shop should show.
pub(super) fn of_state(state: &State) -> Vec<u8> {
    let rows = state.rows.iter().map(|(sku, row)| {
        [
            guarded(sku),
            guarded(&row.parent),
            guarded(row.class.as_deref().unwrap_or_default()),
            guarded(row.promise_date.as_deref().unwrap_or_default()),
            number(row.quantity),
            Cow::Borrowed(if row.sells_without_stock { "yes" } else { "no" }),
            // No tag has a comma.
            guarded(&row.tags.iter().map(String::as_str).collect::<Vec<_>>().join(",")).into_owned().into(),
        ]
    });
    table(STATE, rows)
}

/// What one sync changed.
pub(super) fn of_change(change: &Change) -> Vec<u8> {
    let rows = change.operations.iter().map(|line| {
        [
            guarded(&line.sku),
            guarded(&line.parent),
            Cow::Borrowed(line.operation.as_str()),
            guarded(line.class.as_deref().unwrap_or_default()),
            guarded(line.promise_date.as_deref().unwrap_or_default()),
            number(line.quantity),
            guarded(line.tag.as_deref().unwrap_or_default()),
        ]
    });
    table(CHANGE, rows)
}

fn table<'a, const N: usize>(header: [&str; N], rows: impl Iterator<Item = [Cow<'a, str>; N]>) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    // Memory takes everything.
    let _ = writer.write_record(header);
    for row in rows {
        let _ = writer.write_record(row.iter().map(|cell| cell.as_bytes()));
    }
    writer.into_inner().unwrap_or_default()
}

fn number(number: Option<i64>) -> Cow<'static, str> {
    number.map(|n| n.to_string()).unwrap_or_default().into()
}

/// A text that a spreadsheet would run gets an apostrophe in front, and so does one that begins with an apostrophe: so taking
/// one away gives back what was meant, always.
pub(super) fn guarded(text: &str) -> Cow<'_, str> {
    match text.starts_with(['=', '+', '-', '@', '\t', '\r', '\'']) {
        true => format!("'{text}").into(),
        false => text.into(),
    }
}

/// What was meant by a cell.
pub(super) fn meant(cell: &str) -> &str {
    cell.strip_prefix('\'').unwrap_or(cell)
}
