//! The product file: every variant, known or new, with its parent style.

use serde::Serialize;

use crate::style::upc;
use crate::{Samples, Sheet};

pub(crate) const HEADER: &[&str] = &["sku", "parent", "title", "upc", "season"];

#[derive(Serialize)]
struct Row<'a> {
    sku: &'a str,
    parent: &'a str,
    title: &'a str,
    upc: &'a str,
    season: &'a str,
}

pub(crate) fn write(samples: &Samples, mut sheet: Sheet) -> std::io::Result<()> {
    let mut sku = String::new();
    for style in samples.styles() {
        for (variant, product) in samples.layout.products_of(style.index).enumerate() {
            style.sku_into(variant, &mut sku);
            sheet.row(&Row {
                sku: &sku,
                parent: &style.code,
                title: &style.title(variant),
                upc: &upc(product),
                season: &style.season,
            })?;
        }
    }
    sheet.finish()
}
