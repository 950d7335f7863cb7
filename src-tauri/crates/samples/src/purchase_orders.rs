//! The purchase-order file: one order for each style and wave, one line for each variant, in order of purchase order and line.

use chrono::NaiveDate;
use serde::Serialize;

use crate::line::purchase_order_id;
use crate::{Samples, Sheet};

/// The supplier's name is there because real files carry columns nobody asked for.
pub(crate) const HEADER: &[&str] = &[
    "po_id",
    "line_no",
    "sku",
    "quantity",
    "arrival_date",
    "facility",
    "is_new",
    "store",
    "status",
    "received",
    "cancelled",
    "buffer",
    "buffer_days",
    "supplier",
];

#[derive(Serialize)]
struct Row<'a> {
    po_id: &'a str,
    line_no: usize,
    sku: &'a str,
    quantity: u32,
    arrival_date: &'a str,
    facility: &'a str,
    is_new: &'a str,
    store: &'a str,
    status: &'a str,
    received: Option<u32>,
    cancelled: Option<u32>,
    buffer: Option<u32>,
    buffer_days: u32,
    supplier: &'a str,
}

pub(crate) fn write(samples: &Samples, mut sheet: Sheet) -> std::io::Result<()> {
    let mut left = samples.scale.po_lines;
    let mut sku = String::new();
    let mut arrival = (NaiveDate::MIN, String::new());
    // Each wave buys every style that is bought at all once more, until the lines are used up.
    for wave in 0.. {
        for style in samples.styles().filter(|style| style.plot.is_bought()) {
            let po_id = purchase_order_id(samples.layout.purchase_order(style.index, wave));
            for variant in 0..samples.layout.products_of(style.index).len() {
                if left == 0 {
                    return sheet.finish();
                }
                left -= 1;
                let line = samples.line(&style, variant, wave);
                style.sku_into(variant, &mut sku);
                // Lines of one order mostly share a date, and dates are slow to print.
                if arrival.0 != line.arrival {
                    arrival = (line.arrival, line.arrival.to_string());
                }
                sheet.row(&Row {
                    po_id: &po_id,
                    line_no: variant + 1,
                    sku: &sku,
                    quantity: line.quantity,
                    arrival_date: &arrival.1,
                    facility: style.warehouse,
                    is_new: if line.is_new { "Y" } else { "N" },
                    store: "",
                    status: line.status,
                    received: some_pieces(line.received),
                    cancelled: some_pieces(line.cancelled),
                    buffer: some_pieces(line.buffer),
                    buffer_days: line.buffer_days,
                    supplier: style.supplier,
                })?;
            }
        }
        if samples.layout.styles() == 0 {
            break;
        }
    }
    sheet.finish()
}

/// People leave a cell empty rather than write a zero.
fn some_pieces(pieces: u32) -> Option<u32> {
    (pieces > 0).then_some(pieces)
}
