//! What the shop's owner says there is: `products.csv` with the SKUs, and the product above each if there is one.

use std::collections::HashMap;
use std::fmt;

use super::table::meant;

/// The products of the shop.
#[derive(Debug)]
pub(super) enum Products {
    /// Nobody said, so every SKU is there once.
    All,
    /// Those named: how often, and the product above each.
    Named(HashMap<String, (usize, String)>),
}

impl Products {
    /// Reads the file: comma, semicolon or tab, columns in any order, further ones left alone.
    pub(super) fn parse(bytes: &[u8]) -> Result<Products, String> {
        let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
        let header = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
        let most = |byte: &u8| header.iter().filter(|there| *there == byte).count();
        let delimiter = [b',', b';', b'\t'].into_iter().rev().max_by_key(|byte| most(byte)).unwrap_or(b',');
        let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(bytes);
        let headers = reader.headers().map_err(|error| error.to_string())?.clone();
        let column = |name: &str| headers.iter().position(|header| header.trim().eq_ignore_ascii_case(name));
        let Some(sku) = column("sku") else { return Err("it has no column \"sku\"".to_owned()) };
        let parent = column("parent");
        let mut named: HashMap<String, (usize, String)> = HashMap::new();
        for record in reader.records() {
            let record = record.map_err(|error| error.to_string())?;
            let cell = |at: usize| meant(record.get(at).unwrap_or_default().trim());
            if cell(sku).is_empty() {
                continue;
            }
            let above = parent.map(cell).filter(|above| !above.is_empty()).unwrap_or(cell(sku));
            named.entry(cell(sku).to_owned()).or_insert_with(|| (0, above.to_owned())).0 += 1;
        }
        Ok(Products::Named(named))
    }

    /// How often a SKU is there.
    pub(super) fn count(&self, sku: &str) -> usize {
        match self {
            Products::All => 1,
            Products::Named(named) => named.get(sku).map_or(0, |(count, _)| *count),
        }
    }

    /// The product above a SKU, as far as somebody said.
    pub(super) fn parent(&self, sku: &str) -> Option<&str> {
        match self {
            Products::All => None,
            Products::Named(named) => named.get(sku).map(|(_, parent)| parent.as_str()),
        }
    }
}

impl fmt::Display for Products {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Products::All => f.write_str("There is no products.csv, so every product on a list counts as there."),
            Products::Named(named) => {
                write!(f, "products.csv names {} SKUs", named.len())?;
                match named.values().filter(|(count, _)| *count > 1).count() {
                    0 => f.write_str("."),
                    several => write!(f, ", {several} of them several times."),
                }
            }
        }
    }
}
