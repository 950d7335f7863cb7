//! A shop full of apparel, always the same for the same seed.

use fastrand::Rng;

use super::Shop;

const COLOURS: [&str; 8] = ["Black", "Navy", "Sand", "Olive", "White", "Rust", "Grey", "Plum"];
const STYLES: [&str; 10] =
    ["jacket", "parka", "shirt", "jumper", "dress", "skirt", "trousers", "coat", "cardigan", "blouse"];
const SIZES: [&str; 4] = ["S", "M", "L", "XL"];

impl Shop {
    /// A shop with so many products of one to four sizes; about a third of the variants have no stock.
    pub fn filled(products: usize, seed: u64) -> Self {
        let mut dice = Rng::with_seed(seed);
        let mut shop = Self::new();
        for number in 0..products {
            let colour = COLOURS[number % COLOURS.len()];
            let style = STYLES[(number / COLOURS.len()) % STYLES.len()];
            let product = shop.add_product(&format!("{colour} {style} {number:05}"), []);
            shop.add_tag(product, if dice.bool() { "new" } else { "autumn" });
            for size in SIZES.iter().take(dice.usize(1..=SIZES.len())) {
                let variant = shop.add_variant(product, &format!("P{number:05}-{size}"));
                let quantity = if dice.u8(0..3) == 0 { 0 } else { dice.i64(1..60) };
                if let Some(variant) = shop.variants.get_mut(&variant) {
                    variant.barcode = Some(format!("84{:011}", number * SIZES.len() + variant.title.len()));
                    variant.levels.values_mut().for_each(|level| level.set("available", quantity));
                }
            }
        }
        shop
    }
}
