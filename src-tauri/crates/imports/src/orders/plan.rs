//! What the rows of one customer order mean for what is known of it. Pure: rows and known items in, wishes out.

use chrono::NaiveDate;
use rustc_hash::FxHashMap;

use super::known::{ItemStatus, KnownItem};
use super::rows::{ItemRow, Rows};
use crate::findings::Findings;
use crate::problem::{Check, Problem};
use crate::purchase_orders::known::{KnownLine, KnownOrder};
use crate::request::Difference;

/// A row with the keys of what it names; a product that is still to be added has none.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Resolved<'a> {
    pub(crate) row: &'a ItemRow,
    pub(crate) product: Option<i64>,
    /// Place of the store among those of the file.
    pub(crate) store: usize,
}

/// Where the pieces of an item are to come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Pieces {
    /// As before: a new item gets none, a known one keeps its own.
    Keep,
    /// It gives them back.
    Free,
    /// From these lines of the purchase order that the file names, in the order in which lines compete.
    Linked(Vec<KnownLine>),
    /// From whatever line is next, if the product is pre-sold.
    Queued,
}

/// What an item is to be.
#[derive(Clone, Debug)]
pub(crate) struct Wish<'a> {
    pub(crate) row: Resolved<'a>,
    pub(crate) seq: i64,
    pub(crate) known: Option<KnownItem>,
    pub(crate) status: ItemStatus,
    /// As the file gives it.
    pub(crate) promised: Option<NaiveDate>,
    pub(crate) pieces: Pieces,
}

/// What to write for one order.
#[derive(Debug, Default)]
pub(crate) struct OrderPlan<'a> {
    /// New and changed items.
    pub(crate) wishes: Vec<Wish<'a>>,
    pub(crate) new: u64,
    pub(crate) changed: u64,
    pub(crate) unchanged: u64,
    pub(crate) differences: Vec<Difference>,
}

/// Plans one order. Rows that are wrong become findings and are left out.
pub(crate) fn plan<'a>(
    names: &Rows,
    code: &str,
    rows: &[Resolved<'a>],
    known: Vec<KnownItem>,
    purchase_orders: &FxHashMap<String, KnownOrder>,
    findings: &mut Findings,
) -> OrderPlan<'a> {
    let mut plan = OrderPlan::default();
    for (row, seq, known) in assign(code, rows, known, findings) {
        let at = u64::from(row.row.row);
        let status = row.row.status.or(known.as_ref().map(|k| k.status)).unwrap_or(ItemStatus::Open);
        let lines = match linked(names, &row, status, purchase_orders) {
            Ok(lines) => lines,
            Err(message) => {
                findings.add(Problem::refused(Check::V17, at, message));
                continue;
            }
        };
        if let Some(known) = known.as_ref().filter(|known| row.product != Some(known.product)) {
            let message = format!(
                "Item {} of order {code} is known with another product. Give the new product an item number of its own.",
                known.seq
            );
            findings.add(Problem::refused(Check::V9, at, message));
            continue;
        }
        let pieces = pieces(&row, known.as_ref(), status, lines);
        if let Some(known) = &known {
            let fields = differences(known, &row, status);
            if fields.is_empty() && pieces == Pieces::Keep {
                plan.unchanged += 1;
                findings.unchanged(at);
                continue;
            }
            plan.changed += 1;
            plan.differences.push(Difference { row: Some(at), subject: format!("{code} item {seq}"), fields });
        } else {
            plan.new += 1;
        }
        plan.wishes.push(Wish { row, seq, known, status, promised: row.row.promised, pieces });
    }
    plan
}

/// Gives each row its item: by number; else by product, in order; else a new one with the next free number.
fn assign<'a>(
    code: &str,
    rows: &[Resolved<'a>],
    known: Vec<KnownItem>,
    findings: &mut Findings,
) -> Vec<(Resolved<'a>, i64, Option<KnownItem>)> {
    let mut numbers: FxHashMap<i64, u32> = FxHashMap::default();
    let mut next = known.iter().map(|k| k.seq).chain(rows.iter().filter_map(|r| r.row.seq)).max().unwrap_or(0) + 1;
    let mut free: Vec<Option<KnownItem>> = known.into_iter().map(Some).collect();
    let mut assigned = Vec::with_capacity(rows.len());
    for row in rows {
        let Some(seq) = row.row.seq else { continue };
        if let Some(first) = numbers.get(&seq) {
            let message = format!("Item {seq} of order {code} stands in row {first} already. Remove one of the two.");
            findings.add(Problem::refused(Check::V8, u64::from(row.row.row), message));
            continue;
        }
        numbers.insert(seq, row.row.row);
        let item = free.iter_mut().find(|k| k.as_ref().is_some_and(|k| k.seq == seq)).and_then(Option::take);
        assigned.push((*row, seq, item));
    }
    for row in rows.iter().filter(|row| row.row.seq.is_none()) {
        let same = |k: &Option<KnownItem>| k.as_ref().is_some_and(|k| Some(k.product) == row.product);
        match free.iter_mut().find(|k| same(k)).and_then(Option::take) {
            Some(item) => assigned.push((*row, item.seq, Some(item))),
            None => {
                assigned.push((*row, next, None));
                next += 1;
            }
        }
    }
    assigned
}

/// The lines that a row names for its pieces; none if it names none, or claims nothing any more.
fn linked(
    names: &Rows,
    row: &Resolved<'_>,
    status: ItemStatus,
    orders: &FxHashMap<String, KnownOrder>,
) -> Result<Option<Vec<KnownLine>>, String> {
    let Some(code) = row.row.purchase_order.filter(|_| status.claims()) else { return Ok(None) };
    let code = names.purchase_orders.get(code);
    let Some(order) = orders.get(code) else {
        return Err(format!(
            "There is no purchase order {code}. Correct it, import the purchase order first, or leave the cell empty."
        ));
    };
    let fits = |line: &&KnownLine| {
        Some(line.product) == row.product && row.row.line_no.is_none_or(|number| line.line_no == number)
    };
    let mut lines: Vec<KnownLine> = order.lines.iter().filter(fits).cloned().collect();
    if lines.is_empty() {
        let number = row.row.line_no.map_or_else(String::new, |number| format!(" with the number {number}"));
        let sku = names.skus.get(row.row.sku);
        return Err(format!(
            "Purchase order {code} has no line{number} that brings {sku}. Correct the row, or leave the purchase order empty."
        ));
    }
    lines.sort_by_key(|line| (line.promise().unwrap_or(NaiveDate::MAX), line.line_no));
    Ok(Some(lines))
}

/// Where the pieces are to come from: an item is taken in once; afterwards only what changes its claim moves its pieces.
fn pieces(row: &Resolved<'_>, known: Option<&KnownItem>, status: ItemStatus, lines: Option<Vec<KnownLine>>) -> Pieces {
    let intake = |lines: Option<Vec<KnownLine>>| match (lines, status) {
        (Some(lines), _) => Pieces::Linked(lines),
        (None, ItemStatus::Open) => Pieces::Queued,
        (None, _) => Pieces::Keep,
    };
    let Some(known) = known else { return intake(lines) };
    let has_pieces = !known.allocations.is_empty();
    match status {
        ItemStatus::Cancelled | ItemStatus::Rejected if has_pieces => Pieces::Free,
        ItemStatus::Cancelled | ItemStatus::Rejected | ItemStatus::Completed => Pieces::Keep,
        ItemStatus::Open if known.status != ItemStatus::Open => intake(lines),
        ItemStatus::Open if !has_pieces && lines.is_some() => intake(lines),
        ItemStatus::Open if row.row.quantity != known.quantity && (has_pieces || known.is_presold()) => intake(lines),
        ItemStatus::Open => Pieces::Keep,
    }
}

fn differences(known: &KnownItem, row: &Resolved<'_>, status: ItemStatus) -> Vec<(&'static str, String, String)> {
    let time = |at: i64| presell_store::instant(at).to_rfc3339();
    let date = |d: Option<NaiveDate>| d.map_or_else(|| "none".to_owned(), |d| d.to_string());
    [
        ("quantity", known.quantity.to_string(), row.row.quantity.to_string()),
        ("ordered_at", time(known.ordered_at), time(row.row.ordered_at)),
        ("status", known.status.as_str().to_owned(), status.as_str().to_owned()),
        ("promised", date(known.promised), date(row.row.promised.or(known.promised))),
    ]
    .into_iter()
    .filter(|(_, old, new)| old != new)
    .collect()
}
