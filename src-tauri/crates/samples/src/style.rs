//! A style and the names of its variants: what a merchandiser reads on the line sheet.

use std::fmt::Write;

use chrono::{Datelike, NaiveDate};

use crate::dice::Of;
use crate::layout::Layout;
use crate::plot::Plot;
use crate::{Samples, Scale};

const NAMES: [&str; 24] = [
    "Alder",
    "Birch",
    "Cove",
    "Dune",
    "Ember",
    "Fern",
    "Grove",
    "Harbour",
    "Iris",
    "Juniper",
    "Kestrel",
    "Larch",
    "Meadow",
    "Nordic",
    "Orchard",
    "Pine",
    "Quarry",
    "Ridge",
    "Saltmarsh",
    "Tide",
    "Umber",
    "Valley",
    "Willow",
    "Yarrow",
];

/// Code in the SKU, words in the title.
const GARMENTS: [(&str, &str); 12] = [
    ("JKT", "Quilted Jacket"),
    ("KNT", "Merino Crew"),
    ("DRS", "Midi Dress"),
    ("TEE", "Pima T-Shirt"),
    ("PNT", "Wide Trousers"),
    ("SKT", "Pleated Skirt"),
    ("SHT", "Oxford Shirt"),
    ("COT", "Wool Coat"),
    ("HOD", "Loopback Hoodie"),
    ("SHO", "Linen Shorts"),
    ("CRD", "Ribbed Cardigan"),
    ("PRK", "Down Parka"),
];

pub(crate) const MOST_COLOURS: usize = 10;
const COLOURS: [(&str, &str); MOST_COLOURS] = [
    ("BLK", "Black"),
    ("NVY", "Navy"),
    ("ECR", "Ecru"),
    ("MOS", "Moss"),
    ("RST", "Rust"),
    ("SKY", "Sky"),
    ("CHR", "Charcoal"),
    ("BRD", "Bordeaux"),
    ("SND", "Sand"),
    ("OCH", "Ochre"),
];

pub(crate) const MOST_SIZES: usize = 8;
const SIZES: [&str; MOST_SIZES] = ["XXS", "XS", "S", "M", "L", "XL", "XXL", "3XL"];

const SUPPLIERS: [&str; 6] = [
    "Tecido Norte, Porto",
    "Ardent Mills, İzmir",
    "Lotus Apparel, Tiruppur",
    "Alpenstrick GmbH",
    "Delta Garments, Dhaka",
    "Atelier Nine, Łódź",
];

/// What all variants of a style share.
pub(crate) struct Style {
    pub(crate) index: usize,
    pub(crate) plot: Plot,
    /// Code of the parent product, such as `JKT0101`.
    pub(crate) code: String,
    pub(crate) name: String,
    pub(crate) supplier: &'static str,
    /// The warehouse its purchase orders go to.
    pub(crate) warehouse: &'static str,
    pub(crate) season: String,
    colours: usize,
    first_colour: usize,
    sizes: usize,
}

impl Samples {
    pub(crate) fn style(&self, index: usize) -> Style {
        let Scale { colours, sizes, .. } = self.scale;
        let mut dice = self.seed.dice(Of::Style, index);
        let plot = Layout::plot(index);
        let (short, garment) = GARMENTS[index % GARMENTS.len()];
        Style {
            index,
            plot,
            code: format!("{short}{:04}", 101 + index),
            name: format!("{} {garment}", dice.pick(&NAMES)),
            supplier: dice.pick(&SUPPLIERS),
            warehouse: dice.pick(&["WH-EAST", "WH-WEST"]),
            season: season(self.today, plot.is_new_style()),
            colours,
            first_colour: dice.between(0, COLOURS.len() as u32 - 1) as usize,
            sizes,
        }
    }

    /// Every style, one at a time.
    pub(crate) fn styles(&self) -> impl Iterator<Item = Style> {
        (0..self.layout.styles()).map(|index| self.style(index))
    }
}

impl Style {
    fn colour_and_size(&self, variant: usize) -> ((&'static str, &'static str), &'static str) {
        let (colour, size) = (variant / self.sizes % self.colours, variant % self.sizes);
        // Few sizes are the middle ones.
        (COLOURS[(self.first_colour + colour) % COLOURS.len()], SIZES[(SIZES.len() - self.sizes) / 2 + size])
    }

    /// Writes the SKU of a variant into `sku`, such as `SKU-JKT0101-BLK-M`; reuses the text's memory, as a million rows ask for it.
    pub(crate) fn sku_into(&self, variant: usize, sku: &mut String) {
        let ((colour, _), size) = self.colour_and_size(variant);
        sku.clear();
        for part in ["SKU-", &self.code, "-", colour, "-", size] {
            sku.push_str(part);
        }
    }

    pub(crate) fn title(&self, variant: usize) -> String {
        let ((_, colour), size) = self.colour_and_size(variant);
        format!("{}, {colour}, {size}", self.name)
    }
}

/// A UPC-A with a valid check digit.
pub(crate) fn upc(product: usize) -> String {
    let mut upc = format!("8{product:010}");
    let sum: u32 = upc
        .bytes()
        .enumerate()
        .map(|(place, digit)| u32::from(digit - b'0') * if place % 2 == 0 { 3 } else { 1 })
        .sum();
    // Writing to a String cannot fail.
    let _ = write!(upc, "{}", (10 - sum % 10) % 10);
    upc
}

/// Autumn is sold from July, spring from January; a new style belongs to the season after.
fn season(today: NaiveDate, next: bool) -> String {
    let halves = today.year() * 2 + i32::from(today.month() >= 7) + i32::from(next);
    let (year, half) = (halves.div_euclid(2) % 100, halves.rem_euclid(2));
    format!("{}{year:02}", if half == 0 { "SS" } else { "FW" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_upc_carries_its_check_digit() {
        assert_eq!(upc(0), "800000000006", "3 × 8 = 24 lacks 6 to the next ten");
        assert_eq!(upc(3_600_029_145), "836000291458", "digits in odd places count three times");
    }

    #[test]
    fn a_new_style_belongs_to_the_next_season() {
        let november = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
        assert_eq!(
            (season(november, false), season(november, true)),
            ("FW26".into(), "SS27".into()),
            "autumn runs until December"
        );
    }
}
