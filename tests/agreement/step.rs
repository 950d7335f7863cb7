//! What can happen on a working day, and the files it comes in.

use proptest::collection::vec;
use proptest::prelude::*;

/// One event.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// Purchase-order lines, each (order, line) once.
    PurchaseOrders(Vec<Line>),
    /// Stock: product, facility, pieces.
    Inventory(Vec<(u8, u8, i8)>),
    /// Customer orders: order, item, product, pieces, status, purchase order.
    Orders(Vec<(u8, u8, u8, u8, u8, Option<u8>)>),
    /// Receipts: order, line, pieces.
    Receipts(Vec<(u8, u8, u8)>),
    /// Take back the last but n-th import, if it still can be.
    Undo(u8),
    /// A setting takes another value.
    Setting(u8),
    /// A product is taken out of pre-selling, or let in again.
    Exclude(u8, bool),
    /// Days pass.
    Days(u8),
    /// The job runs.
    Refresh,
}

#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub(crate) order: u8,
    pub(crate) line: u8,
    product: u8,
    quantity: u8,
    day: i8,
    facility: u8,
    new: bool,
    order_status: u8,
    line_status: u8,
    received: u8,
    cancelled: u8,
    buffer: u8,
}

fn step() -> impl Strategy<Value = Step> {
    let line =
        (0..4u8, 1..4u8, 0..5u8, 0..20u8, -3..8i8, 0..2u8, any::<bool>(), 0..8u8, 0..8u8, 0..6u8, 0..4u8, 0..6u8);
    let line = line.prop_map(
        |(
            order,
            line,
            product,
            quantity,
            day,
            facility,
            new,
            order_status,
            line_status,
            received,
            cancelled,
            buffer,
        )| {
            Line {
                order,
                line,
                product,
                quantity,
                day,
                facility,
                new,
                order_status,
                line_status,
                received,
                cancelled,
                buffer,
            }
        },
    );
    let item = (0..5u8, 1..3u8, 0..5u8, 1..9u8, 0..6u8, prop::option::weighted(0.3, 0..4u8));
    prop_oneof![
        4 => vec(line, 1..6).prop_map(|lines| Step::PurchaseOrders(once(lines, |l| (l.order, l.line)))),
        3 => vec((0..5u8, 0..2u8, -2..6i8), 1..6).prop_map(|rows| Step::Inventory(once(rows, |r| (r.0, r.1)))),
        3 => vec(item, 1..5).prop_map(|rows| Step::Orders(once(rows, |r| (r.0, r.1)))),
        2 => vec((0..4u8, 1..4u8, 1..8u8), 1..3).prop_map(|rows| Step::Receipts(once(rows, |r| (r.0, r.1)))),
        2 => (0..4u8).prop_map(Step::Undo),
        1 => (0..10u8).prop_map(Step::Setting),
        1 => (0..5u8, any::<bool>()).prop_map(|(product, out)| Step::Exclude(product, out)),
        2 => (1..5u8).prop_map(Step::Days),
        5 => Just(Step::Refresh),
    ]
}

/// Some steps: any one, or a line that is listed and whose date then comes near or passes while nothing else touches its
/// product. Single steps alone hardly ever let a product stay listed over a midnight.
pub(crate) fn steps() -> impl Strategy<Value = Vec<Step>> {
    let passage =
        (4..6u8, 1..4u8, 5..8u8, 5..20u8, 0..5i8, 1..5u8).prop_map(|(order, line, product, quantity, day, days)| {
            let line = Line {
                order,
                line,
                product,
                quantity,
                day,
                facility: 0,
                new: true,
                order_status: 1,
                line_status: 1,
                received: 0,
                cancelled: 0,
                buffer: 0,
            };
            vec![Step::PurchaseOrders(vec![line]), Step::Refresh, Step::Days(days), Step::Refresh]
        });
    prop_oneof![6 => step().prop_map(|one| vec![one]), 1 => passage]
}

/// Keeps the first of each key: a file that says a thing twice is refused, which is tested elsewhere.
fn once<T, K: PartialEq>(rows: Vec<T>, key: impl Fn(&T) -> K) -> Vec<T> {
    let mut kept: Vec<T> = Vec::new();
    for row in rows {
        if !kept.iter().any(|k| key(k) == key(&row)) {
            kept.push(row);
        }
    }
    kept
}

fn status(n: u8) -> &'static str {
    ["CREATED", "APPROVED", "APPROVED", "APPROVED", "COMPLETED", "CANCELLED", "", ""][usize::from(n % 8)]
}

/// The setting that `n` stands for.
pub(crate) fn setting(n: u8) -> (&'static str, &'static str) {
    [
        ("hold", "true"),
        ("hold", "false"),
        ("reserve_inventory", "false"),
        ("reserve_inventory", "true"),
        ("threshold", "2"),
        ("threshold", "0"),
        ("unknown_stock_policy", "always_zero"),
        ("unknown_stock_policy", "never_zero"),
        ("cap_scope", "all_lines"),
        ("max_stock_age_hours", "48"),
    ][usize::from(n % 10)]
}

impl Step {
    /// The kind of file and its rows, header first; none for events without a file.
    pub(crate) fn file(&self, today: chrono::NaiveDate) -> Option<(presell_imports::headers::Kind, Vec<String>)> {
        use presell_imports::headers::Kind;
        Some(match self {
            Step::PurchaseOrders(lines) => {
                let header = "po_id,line_no,sku,quantity,arrival_date,facility,is_new,order_status,item_status,received,cancelled,buffer";
                // The rows of one order must agree on its status: the first row's counts.
                let rows = lines.iter().map(|l| {
                    let first = lines.iter().find(|o| o.order == l.order).map_or(0, |o| o.order_status);
                    format!(
                        "PO-{},{},SKU-{},{},{},WH-{},{},{},{},{},{},{}",
                        l.order,
                        l.line,
                        l.product,
                        l.quantity,
                        today + chrono::TimeDelta::days(l.day.into()),
                        l.facility,
                        if l.new { "Y" } else { "N" },
                        status(first),
                        status(l.line_status),
                        l.received,
                        l.cancelled,
                        l.buffer
                    )
                });
                (Kind::PurchaseOrders, with(header, rows))
            }
            Step::Inventory(rows) => (
                Kind::Inventory,
                with("sku,facility,quantity", rows.iter().map(|(p, f, n)| format!("SKU-{p},WH-{f},{n}"))),
            ),
            Step::Orders(rows) => {
                let rows = rows.iter().map(|(o, i, p, n, s, po)| {
                    let status = ["OPEN", "OPEN", "OPEN", "COMPLETED", "CANCELLED", "REJECTED"][usize::from(s % 6)];
                    let po = po.map_or_else(String::new, |po| format!("PO-{po}"));
                    format!("ORD-{o},{i},SKU-{p},{n},2026-11-0{}T10:00:00Z,{status},{po}", o + 1)
                });
                (Kind::Orders, with("order_id,item_seq,sku,quantity,ordered_at,status,po_id", rows))
            }
            Step::Receipts(rows) => {
                (Kind::Receipts, with("po_id,line_no,quantity", rows.iter().map(|(o, l, n)| format!("PO-{o},{l},{n}"))))
            }
            _ => return None,
        })
    }
}

fn with(header: &str, rows: impl Iterator<Item = String>) -> Vec<String> {
    std::iter::once(header.to_owned()).chain(rows).collect()
}
