//! The catalog, past imports, settings and the self-test.

use std::fmt::Write;

use chrono_tz::Tz;
use comfy_table::ColumnConstraint;
use presell_catalog::listings::Listed;
use presell_commands::{Health, Setting};
use presell_imports::Import;

use super::table::{table, text};
use super::words::{class, count, date, moment, number};
use crate::output::{BAD, GOOD};

/// The listed products. `filtered`: only some were asked for.
pub(crate) fn catalog(listed: &[Listed], zone: Tz, filtered: bool) -> String {
    if listed.is_empty() {
        return match filtered {
            true => "No listed product matches.\n".to_owned(),
            false => "Both lists are empty. Bring in purchase orders with `presell import purchase-orders FILE`, then decide \
                      with `presell refresh`.\n"
                .to_owned(),
        };
    }
    let mut rows = table(&["=Product", "Title", "=List", "=Promise date", "=Purchase order", "#Pieces", "Since"]);
    for l in listed {
        let order = match (&l.purchase_order, l.line) {
            (Some(order), Some(line)) => format!("{order} line {line}"),
            (order, _) => order.clone().unwrap_or_default(),
        };
        rows.add_row([
            l.sku.clone(),
            l.title.clone(),
            class(l.category).to_owned(),
            date(l.promise_date),
            order,
            number(l.cap.unsigned_abs()),
            date(l.since.with_timezone(&zone).date_naive()),
        ]);
    }
    if let Some(titles) = rows.column_mut(1).filter(|_| listed.iter().all(|l| l.title.is_empty())) {
        titles.set_constraint(ColumnConstraint::Hidden);
    }
    format!("{}\n{}.\n", text(&rows), count(listed.len() as u64, "product"))
}

/// Past imports, newest first.
pub(crate) fn imports(imports: &[Import], zone: Tz) -> String {
    if imports.is_empty() {
        return "Nothing was brought in yet. Begin with: presell import purchase-orders FILE\n".to_owned();
    }
    let mut rows = table(&["#No.", "When", "=What", "File", "=State", "#Rows", "#Left out", "#New", "#Changed", "By"]);
    for i in imports {
        let state = match i.state.as_str() {
            "done" => "done",
            "undone" => "taken back",
            _ => "not finished",
        };
        rows.add_row([
            i.id.to_string(),
            moment(i.at.0, zone),
            i.kind.clone(),
            i.file_name.clone(),
            state.to_owned(),
            number(i.rows.unsigned_abs()),
            number(i.refused.unsigned_abs()),
            number(i.created.unsigned_abs()),
            number(i.changed.unsigned_abs()),
            i.actor.clone(),
        ]);
    }
    text(&rows)
}

/// All settings.
pub(crate) fn settings(settings: &[Setting]) -> String {
    let mut rows = table(&["=Setting", "=Value", "What it does"]);
    for s in settings {
        let changed = s.default.as_ref().filter(|default| **default != s.value);
        let help = changed.map_or_else(|| s.help.to_owned(), |default| format!("{} (Usually {default}.)", s.help));
        rows.add_row([s.key.to_owned(), s.value.clone(), help]);
    }
    format!("{}\nChange one with: presell settings set NAME VALUE\n", text(&rows))
}

/// One setting.
pub(crate) fn setting(s: &Setting) -> String {
    let default = s.default.as_ref().map_or_else(String::new, |default| format!("Usually {default}.\n"));
    format!("{}: {}\n{}\nIt takes {}.\n{default}", s.key, s.value, s.help, s.allowed)
}

/// The self-test.
pub(crate) fn health(health: &Health) -> String {
    let width = health.checks.iter().map(|check| check.name.len()).max().unwrap_or_default();
    let mut out = String::new();
    for check in &health.checks {
        let mark = if check.ok { format!("{GOOD}✓{GOOD:#}") } else { format!("{BAD}✗{BAD:#}") };
        let _ = writeln!(out, "{mark} {:width$}  {}", check.name, check.message);
        if let Some(remedy) = &check.remedy {
            let _ = writeln!(out, "  {:width$}  → {remedy}", "");
        }
    }
    let wrong = health.checks.iter().filter(|check| !check.ok).count() as u64;
    out.push_str(&match wrong {
        0 => "\nAll is in order.\n".to_owned(),
        n => format!("\n{} to look at.\n", count(n, "thing")),
    });
    out
}
