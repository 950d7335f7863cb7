//! What a refresh did.

use std::fmt::Write;

use presell_catalog::refresh::Changed;
use presell_commands::Refreshed;

use super::table::{table, text};
use super::words::{class, count, date, number};

/// The result of a refresh, or of trying one out.
pub(crate) fn refreshed(refreshed: &Refreshed, dry_run: bool) -> String {
    let o = &refreshed.outcome;
    let changed = o.added + o.moved + o.updated + o.removed;
    let mut out = format!("{} looked at", count(o.examined, "product"));
    if o.examined == 0 {
        out.push_str(": nothing has happened since the last refresh.\n");
        return out;
    }
    let parts = [(o.added, "added"), (o.moved, "moved"), (o.updated, "updated"), (o.removed, "removed")];
    let parts: Vec<String> =
        parts.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{} {what}", number(*n))).collect();
    let parts = if parts.is_empty() { "nothing to change".to_owned() } else { parts.join(", ") };
    let _ = write!(out, ": {parts}");
    if o.unchanged > 0 {
        let _ = write!(out, "; {} as before", number(o.unchanged));
    }
    if o.undetermined > 0 {
        let _ = write!(out, "; {} left alone because their stock is unknown", number(o.undetermined));
    }
    let _ = writeln!(out, ". ({:.2} s)", refreshed.duration_ms as f64 / 1000.0);
    if dry_run {
        out.push_str("This was a trial: nothing was changed.\n");
    }
    if !o.changes.is_empty() {
        out.push('\n');
        out.push_str(&change_table(&o.changes));
    }
    let shown = o.changes.len() as u64;
    if changed > shown {
        let _ = writeln!(out, "… and {} more.", number(changed - shown));
    }
    match (dry_run, changed) {
        (true, 1..) => out.push_str("\nMake these changes with: presell refresh\n"),
        (false, 1..) => {
            out.push_str("\nSee the lists with: presell catalog. Ask about one product with: presell why SKU\n");
        }
        _ => {}
    }
    out
}

/// One row per product whose listing changed.
fn change_table(changes: &[Changed]) -> String {
    let mut rows = table(&["=Product", "=Change", "=List", "=Promise date", "Purchase order", "Why"]);
    for c in changes {
        let change = match c.change {
            "ADD" => "added",
            "MOVE" => "moved",
            "UPDATE" => "updated",
            "REMOVE" => "removed",
            other => other,
        };
        rows.add_row([
            c.sku.clone(),
            change.to_owned(),
            c.category.map(class).unwrap_or_default().to_owned(),
            c.promise_date.map(date).unwrap_or_default(),
            c.purchase_order.clone().unwrap_or_default(),
            c.reasons.first().map(|code| code.explain()).unwrap_or_default().to_owned(),
        ]);
    }
    text(&rows)
}
