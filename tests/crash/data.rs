//! The files that are imported: 100,000 purchase-order lines, the same with other quantities, and their stock.

use std::collections::HashMap;
use std::io::Write;

use chrono::NaiveDate;
use presell_samples::{File, Samples, Scale};

use crate::support::Presell;

/// Lines of the purchase-order files.
pub(crate) const LINES: usize = 100_000;

/// A purchase-order file, and what each of its orders amounts to.
pub(crate) struct Orders {
    /// Where it is, ready to be an argument.
    pub(crate) path: String,
    /// By purchase order: number of lines and pieces ordered.
    pub(crate) whole: HashMap<String, (i64, i64)>,
}

/// Writes the purchase orders, each named with `prefix` for the usual "PO-", the lines of every fiftieth with `more` pieces.
/// The same arguments give the same bytes.
pub(crate) fn orders(presell: &Presell, name: &str, prefix: &str, more: i64) -> Orders {
    let text = text(File::PurchaseOrders);
    let mut changed = String::with_capacity(text.len() + LINES);
    let mut whole: HashMap<String, (i64, i64)> = HashMap::new();
    for (at, line) in text.lines().enumerate() {
        let mut cells = line.splitn(5, ',');
        let mut next = || cells.next().unwrap();
        let (order, line_no, sku, quantity, rest) = (next(), next(), next(), next(), next());
        if at == 0 {
            changed.push_str(line);
        } else {
            let (order, quantity) = (order.replacen("PO-", prefix, 1), quantity.parse::<i64>().unwrap());
            let quantity = if order.ends_with("00") || order.ends_with("50") { quantity + more } else { quantity };
            changed.push_str(&format!("{order},{line_no},{sku},{quantity},{rest}"));
            let (lines, pieces) = whole.entry(order).or_default();
            *lines += 1;
            *pieces += quantity;
        }
        changed.push('\n');
    }
    assert_eq!(whole.values().map(|(lines, _)| lines).sum::<i64>(), LINES as i64, "the file has all its lines");
    Orders { path: presell.file(name, &changed), whole }
}

/// Writes the stock of the same products.
pub(crate) fn inventory(presell: &Presell) -> String {
    presell.file("inventory.csv", &text(File::Inventory))
}

fn text(file: File) -> String {
    let today = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
    let mut bytes: Vec<u8> = Vec::new();
    let out: &mut dyn Write = &mut bytes;
    Samples::new(Scale::with_lines(LINES), 7, today).write(file, out).unwrap();
    String::from_utf8(bytes).unwrap()
}
