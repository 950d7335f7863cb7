//! What the store buys and the shop sells: styles in several sizes, and what is nobody's business but the merchant's.

use presell_simulator::Shop;
use presell_simulator::shop::Policy;

/// A product of the merchant's own: on no list, sold without stock, with a tag.
pub(super) const BAG: &str = "BAG-1";
/// A product of the lists that the shop has twice: nobody knows which one is meant.
pub(super) const TWIN: &str = "TWIN-1";
/// A tag of other people.
pub(super) const SALE: &str = "sale";

/// Styles with their SKUs; every fourth comes in one size.
pub(super) fn styles() -> Vec<(String, Vec<String>)> {
    let sizes = |n: usize| if n % 4 == 3 { &["U"][..] } else { &["S", "M", "L"][..] };
    let style =
        |n: usize| (format!("STYLE-{n:02}"), sizes(n).iter().map(|size| format!("STYLE-{n:02}-{size}")).collect());
    (0..12).map(style).collect()
}

/// The shop before anybody touched it.
pub(super) fn shop() -> Shop {
    let mut shop = Shop::new();
    for (title, skus) in styles() {
        let product = shop.add_product(&title, skus.iter().map(String::as_str));
        shop.add_tag(product, "new");
    }
    for twin in 0..2 {
        shop.add_product(&format!("Twin {twin}"), [TWIN]);
    }
    let bag = shop.add_product("Bag", [BAG]);
    shop.add_tag(bag, SALE);
    shop.set_policy(BAG, Policy::Continue);
    shop
}
