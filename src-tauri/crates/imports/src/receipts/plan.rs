//! Which lines of a purchase order some goods are for. Pure: rows and known lines in, postings out.

use super::rows::{ReceiptRow, Rows};
use crate::findings::Findings;
use crate::problem::{Check, Problem};
use crate::purchase_orders::known::KnownLine;

/// Pieces posted to a line; negative takes back what an earlier receipt said.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Posting<'a> {
    pub(crate) row: &'a ReceiptRow,
    /// Place of the line among the lines of its order.
    pub(crate) line: usize,
    pub(crate) quantity: i64,
}

/// A row with the key of its product; none if it names the line by number only.
pub(crate) struct Arrived<'a> {
    pub(crate) row: &'a ReceiptRow,
    pub(crate) product: Option<i64>,
}

/// What to post for one order.
#[derive(Debug, Default)]
pub(crate) struct Plan<'a> {
    pub(crate) postings: Vec<Posting<'a>>,
    pub(crate) posted_rows: u64,
    pub(crate) unchanged_rows: u64,
}

/// Plans the receipts of one order and raises `received` of its lines accordingly.
pub(crate) fn plan<'a>(
    names: &Rows,
    code: &str,
    rows: &[Arrived<'a>],
    lines: &mut [KnownLine],
    totals: bool,
    findings: &mut Findings,
) -> Plan<'a> {
    let mut plan = Plan::default();
    let mut counted: Vec<(Vec<usize>, u32)> = Vec::new();
    for arrived in rows {
        let row = arrived.row;
        let at = u64::from(row.row);
        let matching = match matching(names, code, arrived, lines) {
            Ok(matching) => matching,
            Err(message) => {
                findings.add(Problem::refused(Check::V17, at, message));
                continue;
            }
        };
        let mut quantity = row.quantity;
        if totals {
            let mut set = matching.clone();
            set.sort_unstable();
            if let Some((_, first)) = counted.iter().find(|(lines, _)| lines.iter().any(|line| set.contains(line))) {
                let message = format!(
                    "The total of this line of purchase order {code} stands in row {first} already. Remove one of the two."
                );
                findings.add(Problem::refused(Check::V8, at, message));
                continue;
            }
            counted.push((set, row.row));
            quantity -= matching.iter().map(|line| lines[*line].received).sum::<i64>();
        }
        let parts = match quantity {
            0 => {
                plan.unchanged_rows += 1;
                findings.unchanged(at);
                continue;
            }
            ..0 => taken_back(code, at, -quantity, &matching, lines, findings),
            _ => spread(code, at, quantity, &matching, lines, findings),
        };
        let Some(parts) = parts else { continue };
        plan.posted_rows += 1;
        for (line, quantity) in parts {
            lines[line].received += quantity;
            plan.postings.push(Posting { row, line, quantity });
        }
    }
    plan
}

/// The lines that a row may be for: open ones first, then by number. Never empty.
fn matching(names: &Rows, code: &str, arrived: &Arrived<'_>, lines: &[KnownLine]) -> Result<Vec<usize>, String> {
    let row = arrived.row;
    let facility = row.facility.map(|facility| names.facilities.get(facility));
    let sku = row.sku.map(|sku| names.skus.get(sku));
    if let Some(number) = row.line_no {
        let Some(at) = lines.iter().position(|line| line.line_no == number) else {
            return Err(format!(
                "Purchase order {code} has no line {number}. Correct the number, or import the purchase order first."
            ));
        };
        return match sku {
            Some(sku) if arrived.product != Some(lines[at].product) => Err(format!(
                "Line {number} of purchase order {code} brings {}, not {sku}. Correct one of the two.",
                lines[at].sku
            )),
            _ => Ok(vec![at]),
        };
    }
    let fits = |line: &KnownLine| {
        Some(line.product) == arrived.product && facility.is_none_or(|facility| line.facility_code == facility)
    };
    let mut found: Vec<usize> = (0..lines.len()).filter(|at| fits(&lines[*at])).collect();
    found.sort_by_key(|at| (!lines[*at].status.is_open() || missing(&lines[*at]) == 0, lines[*at].line_no));
    if found.is_empty() {
        let to = facility.map_or_else(String::new, |facility| format!(" to {facility}"));
        let sku = sku.unwrap_or_default();
        return Err(format!(
            "Purchase order {code} has no line that brings {sku}{to}. Correct the row, or import the purchase order first."
        ));
    }
    Ok(found)
}

/// Pieces a line still waits for.
fn missing(line: &KnownLine) -> i64 {
    (line.ordered - line.cancelled - line.received).max(0)
}

/// Fills line after line; what is more than ordered asks, and goes onto the last line that is not closed.
fn spread(
    code: &str,
    at: u64,
    quantity: i64,
    matching: &[usize],
    lines: &[KnownLine],
    findings: &mut Findings,
) -> Option<Vec<(usize, i64)>> {
    let mut left = quantity;
    let mut parts = Vec::new();
    for line in matching {
        let part = left.min(missing(&lines[*line]));
        if part > 0 {
            parts.push((*line, part));
            left -= part;
        }
    }
    if left > 0 {
        let message = format!(
            "{quantity} pieces are {left} more than purchase order {code} still misses of {}. Confirm if they really came.",
            lines[matching[0]].sku
        );
        if !findings.add(Problem::asks(Check::V17, message).at_row(at)) {
            return None;
        }
        let last = *matching.iter().rfind(|line| lines[**line].status.is_open()).or(matching.last())?;
        match parts.iter_mut().find(|(line, _)| *line == last) {
            Some((_, part)) => *part += left,
            None => parts.push((last, left)),
        }
    }
    if parts.iter().any(|(line, _)| !lines[*line].status.is_open()) {
        findings.note(Check::V17, at, "The line is completed or cancelled; its receipt was taken all the same.");
    }
    Some(parts)
}

/// A total below what is known takes pieces back, from the last line first, after a confirmation.
fn taken_back(
    code: &str,
    at: u64,
    quantity: i64,
    matching: &[usize],
    lines: &[KnownLine],
    findings: &mut Findings,
) -> Option<Vec<(usize, i64)>> {
    let message = format!(
        "Purchase order {code} has received {quantity} more of {} than this total says. Confirm to take the lower total.",
        lines[matching[0]].sku
    );
    if !findings.add(Problem::asks(Check::V17, message).at_row(at)) {
        return None;
    }
    let mut left = quantity;
    let mut parts = Vec::new();
    let mut by_number = matching.to_vec();
    by_number.sort_by_key(|line| std::cmp::Reverse(lines[*line].line_no));
    for line in &by_number {
        let part = left.min(lines[*line].received);
        if part > 0 {
            parts.push((*line, -part));
            left -= part;
        }
    }
    Some(parts)
}
