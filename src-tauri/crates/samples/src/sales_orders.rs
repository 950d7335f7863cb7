//! The sales-order file in the order in which customers bought, over the sixty days before today. An item of a pre-sold line names the
//! purchase order promised to the customer.

use chrono::{NaiveTime, TimeDelta};
use serde::Serialize;

use crate::dice::{Dice, Of};
use crate::line::purchase_order_id;
use crate::plot::Plot;
use crate::{Samples, Sheet};

pub(crate) const HEADER: &[&str] = &["order_id", "item_seq", "sku", "quantity", "ordered_at", "status", "po_id"];

/// Days over which the orders came in.
const DAYS: usize = 60;

#[derive(Serialize)]
struct Row<'a> {
    order_id: &'a str,
    item_seq: usize,
    sku: &'a str,
    quantity: u32,
    ordered_at: &'a str,
    status: &'a str,
    po_id: &'a str,
}

impl Samples {
    /// Pieces bought with one item.
    pub(crate) fn pieces(&self, item: usize) -> u32 {
        pieces(&mut self.seed.dice(Of::OrderItem, item))
    }
}

fn pieces(dice: &mut Dice) -> u32 {
    dice.pick(&[1, 1, 1, 1, 2, 2, 3])
}

pub(crate) fn write(samples: &Samples, mut sheet: Sheet) -> std::io::Result<()> {
    if samples.scale.products == 0 {
        return sheet.finish();
    }
    let (last_order, _) = order_of(samples.scale.orders);
    let mut sku = String::new();
    for item in 0..samples.scale.orders {
        let product = samples.layout.product_of_item(item);
        let style = samples.style(product / samples.layout.per_style);
        let variant = product % samples.layout.per_style;
        style.sku_into(variant, &mut sku);

        let (order, item_seq) = order_of(item);
        let minutes = (DAYS * 24 * 60 * order / (last_order + 1)) as i64;
        let at = samples.today.and_time(NaiveTime::MIN) - TimeDelta::days(DAYS as i64) + TimeDelta::minutes(minutes);
        let mut dice = samples.seed.dice(Of::OrderItem, item);
        let quantity = pieces(&mut dice);
        let (status, linked) = state(style.plot, variant, &mut dice);
        let po_id =
            if linked { purchase_order_id(samples.layout.purchase_order(style.index, 0)) } else { String::new() };
        sheet.row(&Row {
            order_id: &format!("SO-{}", 50_001 + order),
            item_seq,
            sku: &sku,
            quantity,
            ordered_at: &at.format("%Y-%m-%dT%H:%M:%SZ").to_string(),
            status,
            po_id: &po_id,
        })?;
    }
    sheet.finish()
}

/// Order and sequence of an item: carts of one, two and three items in turn.
fn order_of(item: usize) -> (usize, usize) {
    let (order, item_seq) = [(0, 1), (1, 1), (1, 2), (2, 1), (2, 2), (2, 3)][item % 6];
    (item / 6 * 3 + order, item_seq)
}

/// Status of an item, and whether it was promised from the style's first purchase order.
fn state(plot: Plot, variant: usize, dice: &mut Dice) -> (&'static str, bool) {
    match (plot, variant % 4) {
        // These lines are sold out because all of their items are open.
        (Plot::TakeOver, _) | (Plot::LineEnds, 1) => ("APPROVED", true),
        (Plot::LineEnds, _) => ("CANCELLED", false),
        (Plot::NewArrival, 0..=2) | (Plot::Restock | Plot::PartlyReceived, _) if dice.one_in(2) => {
            (dice.pick(&["APPROVED", "APPROVED", "APPROVED", "CREATED", "CANCELLED"]), true)
        }
        _ if plot.is_new_style() => (dice.pick(&["APPROVED", "APPROVED", "CREATED", "CANCELLED"]), false),
        _ => (
            dice.pick(&["COMPLETED", "COMPLETED", "COMPLETED", "COMPLETED", "APPROVED", "CREATED", "CANCELLED"]),
            false,
        ),
    }
}
