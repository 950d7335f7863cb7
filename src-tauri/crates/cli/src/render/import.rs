//! What an import did: the numbers, what to look at, what differs, and what to do next.

use std::collections::BTreeMap;
use std::fmt::Write;

use presell_commands::{Error, ImportFile, Imported};
use presell_imports::Difference;
use presell_imports::problem::{Check, Problem, Severity};

use super::words::{count, number};
use crate::output::{BAD, BOLD, DIM};

/// Messages shown for one check, rows named for one message, and differences shown.
const MESSAGES: usize = 4;
const ROWS: usize = 8;
const DIFFERENCES: usize = 20;

/// The result of an import.
pub(crate) fn import(imported: &Imported, asked: &ImportFile) -> String {
    let report = &imported.report;
    let mut out = String::new();
    let name = asked.path.file_name().unwrap_or(asked.path.as_os_str()).to_string_lossy();
    let shape = report.file.as_ref().map_or_else(String::new, |shape| format!(" {DIM}({shape}){DIM:#}"));
    let _ = writeln!(out, "{BOLD}{name}{BOLD:#}{shape}");
    let taken = if asked.dry_run { "would be taken" } else { "taken" };
    let _ = write!(out, "{}: {} {taken}", count(report.rows, "row"), number(report.accepted));
    if report.refused > 0 {
        let _ = write!(out, ", {} left out", number(report.refused));
    }
    let c = &report.changes;
    let _ = writeln!(out, ". {} new, {} changed, {} as before.", number(c.new), number(c.changed), number(c.unchanged));
    findings(&mut out, "Wrong: these rows were left out", Severity::RowRefused, &report.problems);
    let asks = if asked.confirm { "Confirmed by you" } else { "Please look: these wait for your yes" };
    findings(&mut out, asks, Severity::Asks, &report.problems);
    findings(&mut out, "Good to know", Severity::Note, &report.problems);
    if report.problems_omitted > 0 {
        let _ = writeln!(out, "… and {} more findings, all kept with the import.", number(report.problems_omitted));
    }
    differences(&mut out, &report.differences);
    next(&mut out, imported, asked);
    out
}

/// Findings of one severity, grouped by check and by message, each with its rows.
fn findings(out: &mut String, heading: &str, severity: Severity, problems: &[Problem]) {
    type Messages<'a> = Vec<(&'a str, Vec<&'a Problem>)>;
    let mut checks: BTreeMap<Check, Messages<'_>> = BTreeMap::new();
    for problem in problems.iter().filter(|p| p.severity == severity) {
        let messages = checks.entry(problem.code).or_default();
        match messages.iter_mut().find(|(message, _)| *message == problem.message) {
            Some((_, same)) => same.push(problem),
            None => messages.push((&problem.message, vec![problem])),
        }
    }
    if checks.is_empty() {
        return;
    }
    let _ = writeln!(out, "\n{BOLD}{heading}{BOLD:#}");
    for messages in checks.values() {
        for (message, problems) in messages.iter().take(MESSAGES) {
            let _ = writeln!(out, "  {}{message}", places(problems));
        }
        if messages.len() > MESSAGES {
            let more = messages[MESSAGES..].iter().map(|(_, problems)| problems.len() as u64).sum();
            let _ = writeln!(out, "  … and {} of the same kind.", count(more, "more finding"));
        }
    }
}

/// Where in the file: `Row 5, Qty "2,5": `, `Rows 5, 9 and 12 more, Qty: `; nothing for a finding about the whole file.
fn places(problems: &[&Problem]) -> String {
    let rows: Vec<String> = problems.iter().filter_map(|p| p.row).map(|row| row.to_string()).collect();
    let listed = rows[..rows.len().min(ROWS)].join(", ");
    let rows = match rows.len() {
        0 => return String::new(),
        1 => format!("Row {listed}"),
        n if n > ROWS => format!("Rows {listed} and {} more", n - ROWS),
        _ => format!("Rows {listed}"),
    };
    let column = problems.first().and_then(|p| p.column.as_deref());
    let column = column.filter(|c| problems.iter().all(|p| p.column.as_deref() == Some(*c)));
    // One cell is quoted; of many, the rows say enough.
    let value = problems.first().and_then(|p| p.value.as_deref()).filter(|v| problems.len() == 1 && !v.is_empty());
    let column = column.map(|c| format!(", {c}")).unwrap_or_default();
    let value = value.map(|v| format!(" \"{v}\"")).unwrap_or_default();
    format!("{rows}{column}{value}: ")
}

fn differences(out: &mut String, differences: &[Difference]) {
    if differences.is_empty() {
        return;
    }
    let _ = writeln!(out, "\n{BOLD}What changes{BOLD:#}");
    for difference in differences.iter().take(DIFFERENCES) {
        let fields: Vec<String> = difference
            .fields
            .iter()
            .map(|(field, old, new)| {
                let shown = |text: &str| if text.is_empty() { "nothing".to_owned() } else { text.to_owned() };
                format!("{field} {} → {}", shown(old), shown(new))
            })
            .collect();
        let row = difference.row.map_or_else(|| "not in the file".to_owned(), |row| format!("row {row}"));
        let _ = writeln!(out, "  {} ({row}): {}", difference.subject, fields.join(", "));
    }
    if differences.len() > DIFFERENCES {
        let _ = writeln!(out, "  … and {} more.", number((differences.len() - DIFFERENCES) as u64));
    }
}

fn next(out: &mut String, imported: &Imported, asked: &ImportFile) {
    let report = &imported.report;
    let wrong = report.refused.saturating_sub(report.unconfirmed);
    let mut lines = Vec::new();
    if asked.dry_run {
        lines.push("This was a trial: nothing was changed. Leave out --dry-run to bring the file in.".to_owned());
    }
    if report.unconfirmed > 0 || report.lines_waiting > 0 {
        // The products of this first file are known by now, so those of the waiting rows would no longer be added unasked.
        let create = if report.first_products { " --create" } else { "" };
        lines.push(format!("If what waits is right as it is, say yes: do the same again with --confirm{create}"));
    }
    match &asked.rejects {
        Some(path) if report.refused > 0 => {
            lines.push(format!(
                "The rows left out are in {}, each with its reason. Correct them there and import that file.",
                path.display()
            ));
        }
        None if wrong > 0 => {
            lines.push(
                "Correct the wrong rows and import the file again, or collect them in a file with --rejects FILE"
                    .to_owned(),
            );
        }
        _ => {}
    }
    if !asked.dry_run && report.products_touched > 0 {
        let products = count(report.products_touched, "product");
        lines.push(match imported.refreshing {
            true => format!("{products} to look at again; the catalog refreshes by itself."),
            false => format!("{products} to look at again: presell refresh"),
        });
    }
    if !lines.is_empty() {
        out.push('\n');
        for line in lines {
            let _ = writeln!(out, "{line}");
        }
    }
}

/// Why a command was not done.
pub(crate) fn failure(error: &Error) -> String {
    let mark = format!("{BAD}✗{BAD:#}");
    match error {
        Error::FileRefused { problems, .. } if !problems.is_empty() => {
            let mut out = format!("{mark} The file was not taken; nothing was changed.");
            for problem in problems {
                let _ = write!(out, "\n  {}", problem.message);
            }
            out
        }
        Error::FieldsRefused { fields, .. } => {
            let mut out = format!("{mark} Nothing was changed.");
            for field in fields {
                let _ = write!(out, "\n  {BOLD}{}{BOLD:#}: {}", field.name, field.message);
            }
            out
        }
        error => format!("{mark} {error}"),
    }
}

#[cfg(test)]
mod tests {
    use presell_imports::Report;
    use presell_imports::headers::Kind;

    use super::*;

    fn imported(report: Report) -> Imported {
        Imported { report, refreshing: false }
    }

    #[test]
    fn findings_with_the_same_words_share_one_line_with_their_rows() {
        let problems = (2..=12).map(|row| Problem::refused(Check::V3, row, "The date is missing.")).collect();
        let report = Report { rows: 20, accepted: 9, refused: 11, problems, ..Report::default() };
        let text = import(&imported(report), &ImportFile::new(Kind::PurchaseOrders, "po.csv"));
        assert!(
            text.contains("Rows 2, 3, 4, 5, 6, 7, 8, 9 and 3 more: The date is missing."),
            "rows are gathered: {text}"
        );
        assert!(text.contains("--rejects"), "somebody with wrong rows is told how to get them: {text}");
        assert!(!text.contains("--confirm"), "nothing waits, so nothing is to be confirmed: {text}");
    }

    #[test]
    fn an_empty_old_value_is_said_in_words() {
        let fields = vec![("arrival date", String::new(), "2026-12-01".to_owned())];
        let differences = vec![Difference { row: Some(4), subject: "PO-1 line 2".to_owned(), fields }];
        let text = import(
            &imported(Report { differences, ..Report::default() }),
            &ImportFile::new(Kind::PurchaseOrders, "po.csv"),
        );
        assert!(
            text.contains("PO-1 line 2 (row 4): arrival date nothing → 2026-12-01"),
            "old and new stand side by side: {text}"
        );
    }
}
