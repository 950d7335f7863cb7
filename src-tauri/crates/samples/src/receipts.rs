//! The receipts file: deliveries since the purchase-order file was written, as increments. Only the first order of a partly received style
//! gets any; one variant in four is complete thereby.

use chrono::{Days, NaiveTime};
use serde::Serialize;

use crate::dice::Of;
use crate::layout::share;
use crate::line::purchase_order_id;
use crate::plot::Plot;
use crate::{Samples, Sheet};

pub(crate) const HEADER: &[&str] = &["po_id", "line_no", "sku", "quantity", "received_at", "facility"];

#[derive(Serialize)]
struct Row<'a> {
    po_id: &'a str,
    line_no: usize,
    sku: &'a str,
    quantity: u32,
    received_at: &'a str,
    facility: &'a str,
}

pub(crate) fn write(samples: &Samples, mut sheet: Sheet) -> std::io::Result<()> {
    let lines = samples.layout.count(|plot| plot == Plot::PartlyReceived);
    let mut rank = 0;
    let mut sku = String::new();
    for style in samples.styles().filter(|style| style.plot == Plot::PartlyReceived) {
        let po_id = purchase_order_id(samples.layout.purchase_order(style.index, 0));
        for (variant, product) in samples.layout.products_of(style.index).enumerate() {
            style.sku_into(variant, &mut sku);
            let line = samples.line(&style, variant, 0);
            let deliveries = share(rank, lines, samples.scale.receipts);
            let arrived = if variant % 4 == 2 { line.quantity } else { line.quantity / 2 };
            let mut dice = samples.seed.dice(Of::Receipt, product);
            for delivery in 0..deliveries {
                // The last delivery comes yesterday or the day before, each earlier one four days sooner.
                let days_ago = 4 * (deliveries - delivery - 1) as u64 + u64::from(dice.between(1, 2));
                let at = samples.today.checked_sub_days(Days::new(days_ago)).unwrap_or(samples.today);
                let at =
                    at.and_time(NaiveTime::MIN) + chrono::TimeDelta::minutes(i64::from(dice.between(7 * 60, 17 * 60)));
                sheet.row(&Row {
                    po_id: &po_id,
                    line_no: variant + 1,
                    sku: &sku,
                    quantity: share(delivery, deliveries, arrived as usize) as u32,
                    received_at: &at.format("%Y-%m-%dT%H:%M:%SZ").to_string(),
                    facility: style.warehouse,
                })?;
            }
            rank += 1;
        }
    }
    sheet.finish()
}
