//! The inventory file: what lies in warehouses and stores. A product that was never counted has no row, which is not a zero.

use serde::Serialize;

use crate::dice::{Dice, Of};
use crate::layout::share;
use crate::plot::Plot;
use crate::{Samples, Sheet};

pub(crate) const HEADER: &[&str] = &["sku", "facility", "quantity"];

const STORES: usize = 40;

#[derive(Serialize)]
struct Row<'a> {
    sku: &'a str,
    facility: &'a str,
    quantity: i32,
}

pub(crate) fn write(samples: &Samples, mut sheet: Sheet) -> std::io::Result<()> {
    let stores: Vec<String> = (1..=STORES).map(|number| format!("STORE-{number:02}")).collect();
    let counted = samples.layout.count(Plot::is_counted);
    let mut rank = 0;
    let mut sku = String::new();
    for style in samples.styles().filter(|style| style.plot.is_counted()) {
        for (variant, product) in samples.layout.products_of(style.index).enumerate() {
            style.sku_into(variant, &mut sku);
            let mut dice = samples.seed.dice(Of::Stock, product);
            // One more facility than there are cannot be: further rows are left out.
            let rows = share(rank, counted, samples.scale.stock_rows).min(STORES + 2);
            let first_store = dice.between(0, STORES as u32 - 1) as usize;
            let on_shelf = on_shelf(style.plot, variant);
            for place in 0..rows {
                let facility = match place {
                    0 => style.warehouse,
                    1 => other_warehouse(style.warehouse),
                    _ => &stores[(first_store + place) % STORES],
                };
                sheet.row(&Row {
                    sku: &sku,
                    facility,
                    quantity: quantity(on_shelf, variant, place, rows, &mut dice),
                })?;
            }
            rank += 1;
        }
    }
    sheet.finish()
}

fn other_warehouse(warehouse: &str) -> &'static str {
    if warehouse == "WH-EAST" { "WH-WEST" } else { "WH-EAST" }
}

/// Whether there is something left to sell from stock.
fn on_shelf(plot: Plot, variant: usize) -> bool {
    match plot {
        Plot::InStock => true,
        Plot::PartlyReceived => variant % 4 == 3,
        Plot::Completed | Plot::NoOrder => variant % 4 >= 2,
        _ => false,
    }
}

/// Sold-out stock adds up to zero or less in every case: some facilities were counted wrong and stand below zero.
fn quantity(on_shelf: bool, variant: usize, place: usize, rows: usize, dice: &mut Dice) -> i32 {
    match (on_shelf, variant % 4, place) {
        (true, _, 0) => dice.between(15, 60) as i32,
        (true, _, 1) => dice.between(0, 20) as i32,
        (true, _, _) => {
            if place < 10 {
                dice.between(0, 6) as i32
            } else {
                0
            }
        }
        (false, 1, 0) if rows > 1 => 1,
        (false, 1, 1) => -1,
        (false, 3, 1) => -2,
        (false, _, _) => 0,
    }
}
