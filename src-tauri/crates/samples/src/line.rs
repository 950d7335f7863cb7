//! One line of a purchase order: what was ordered, when it comes and how far it got. A pure function of style, variant and wave, so that
//! receipts and sales orders can refer to lines without reading the file.

use chrono::{Days, NaiveDate};

use crate::Samples;
use crate::dice::Of;
use crate::layout::Layout;
use crate::plot::Plot;
use crate::style::Style;

/// Pieces kept back from pre-selling where a line has an order buffer.
const BUFFER: u32 = 10;

pub(crate) struct Line {
    pub(crate) quantity: u32,
    pub(crate) arrival: NaiveDate,
    pub(crate) buffer_days: u32,
    pub(crate) is_new: bool,
    /// Status of the purchase order: the same for all its lines.
    pub(crate) status: &'static str,
    /// Pieces that had arrived when the purchase-order file was written.
    pub(crate) received: u32,
    pub(crate) cancelled: u32,
    pub(crate) buffer: u32,
}

impl Samples {
    /// The line that brings `variant` of `style` for the `wave`th time, from 0.
    pub(crate) fn line(&self, style: &Style, variant: usize, wave: usize) -> Line {
        let product = self.layout.products_of(style.index).start + variant;
        let mut of_order = self.seed.dice(Of::PurchaseOrder, self.layout.purchase_order(style.index, wave));
        let mut dice = self.seed.dice(Of::Line, wave * self.scale.products + product);

        let mut line = Line {
            quantity: 10 * dice.between(4, 24),
            arrival: self.in_days(i64::from(of_order.between(15, 40)) + 45 * wave as i64),
            buffer_days: of_order.pick(&[0, 0, 3, 5, 7]),
            is_new: style.plot.is_new_style(),
            status: if wave == 0 { "APPROVED" } else { "CREATED" },
            received: 0,
            cancelled: 0,
            buffer: if dice.one_in(3) { BUFFER } else { 0 },
        };
        // A first order lives the plot. Of the second ones half fail in the same way, half save the style.
        let fails_again = wave > 0 && Layout::turn(style.index).is_multiple_of(2);
        match (style.plot, variant % 4) {
            (Plot::NewArrival, 3) if wave == 0 => line.cancelled = line.quantity,
            (Plot::Restock, 2) if wave == 0 => line.received = line.quantity / 4,
            (Plot::TakeOver, _) if wave == 0 => self.sell_out(&mut line, product),
            (Plot::TakeOver, _) => line.is_new = false,
            (Plot::PartlyReceived, _) if wave == 0 => line.buffer = 0,
            (Plot::Late, variant) if wave == 0 || fails_again => {
                (line.arrival, line.buffer_days) = match variant {
                    0 => (self.today, 0),
                    1 => (self.in_days(-1), 0),
                    2 => (self.in_days(-14 - i64::from(line.quantity / 20)), line.buffer_days),
                    _ => (self.in_days(-2), 7),
                }
            }
            (Plot::Cancelled, _) if wave == 0 || fails_again => line.status = "CANCELLED",
            (Plot::Completed, variant) if wave == 0 || fails_again => {
                line.status = "COMPLETED";
                line.buffer = 0;
                line.received = if variant == 0 { line.quantity } else { line.quantity * 9 / 10 };
            }
            (Plot::LineEnds, 1) if wave == 0 => self.sell_out(&mut line, product),
            (Plot::LineEnds, variant) if wave == 0 || fails_again => match variant {
                2 => line.received = line.quantity,
                3 => line.cancelled = line.quantity,
                _ => (line.received, line.buffer) = (line.quantity - BUFFER, BUFFER),
            },
            _ => {}
        }
        line
    }

    /// Pieces of `product` that customers ordered.
    fn sold(&self, product: usize) -> u32 {
        self.layout.items_of(product).map(|item| self.pieces(item)).sum()
    }

    /// A small order, sold to the last piece outside its buffer.
    fn sell_out(&self, line: &mut Line, product: usize) {
        line.buffer = BUFFER;
        line.quantity = BUFFER + self.sold(product);
    }

    fn in_days(&self, days: i64) -> NaiveDate {
        let distance = Days::new(days.unsigned_abs());
        let day = if days < 0 { self.today.checked_sub_days(distance) } else { self.today.checked_add_days(distance) };
        day.unwrap_or(self.today)
    }
}

/// `PO-10001` for purchase order 0.
pub(crate) fn purchase_order_id(number: usize) -> String {
    format!("PO-{}", 10_001 + number)
}
