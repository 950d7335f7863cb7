//! Which product belongs to which style, and which sales-order items to which product: arithmetic only, so every file can be streamed
//! alone and still agree with the others.

use crate::Scale;
use crate::plot::Plot;

/// The arithmetic of one scale.
#[derive(Debug, Clone)]
pub(crate) struct Layout {
    products: usize,
    orders: usize,
    pub(crate) per_style: usize,
    /// Item `k` buys product `k × stride mod products`; a stride without common divisor visits every product before the first repeats.
    stride: usize,
    /// `stride × inverse ≡ 1 (mod products)`: the way back from a product to its items.
    inverse: usize,
}

impl Layout {
    pub(crate) fn new(scale: &Scale) -> Self {
        let products = scale.products;
        let golden = products * 618 / 1000;
        let stride = (golden.max(1)..).find(|&stride| gcd(stride, products) == 1).unwrap_or(1);
        let inverse = (1..products).find(|i| i * stride % products == 1).unwrap_or(0);
        Layout { products, orders: scale.orders, per_style: scale.colours * scale.sizes, stride, inverse }
    }

    pub(crate) fn styles(&self) -> usize {
        self.products.div_ceil(self.per_style)
    }

    pub(crate) fn plot(style: usize) -> Plot {
        Plot::CYCLE[style % Plot::CYCLE.len()]
    }

    /// Turn of the cycle this style belongs to; 0 for all styles of the small set.
    pub(crate) fn turn(style: usize) -> usize {
        style / Plot::CYCLE.len()
    }

    /// Indices of the style's products; the last style may be cut short.
    pub(crate) fn products_of(&self, style: usize) -> std::ops::Range<usize> {
        style * self.per_style..((style + 1) * self.per_style).min(self.products)
    }

    /// How many products live a plot that `holds`.
    pub(crate) fn count(&self, holds: impl Fn(Plot) -> bool) -> usize {
        let of_turn = Plot::CYCLE.len() * self.per_style;
        let (turns, rest) = (self.products / of_turn, self.products % of_turn);
        (0..Plot::CYCLE.len())
            .filter(|&place| holds(Plot::CYCLE[place]))
            .map(|place| turns * self.per_style + rest.saturating_sub(place * self.per_style).min(self.per_style))
            .sum()
    }

    /// Number of the purchase order that brings `style` for the `wave`th time, from 0.
    pub(crate) fn purchase_order(&self, style: usize, wave: usize) -> usize {
        let bought = |styles: usize| styles - styles / Plot::CYCLE.len();
        wave * bought(self.styles()) + bought(style)
    }

    /// The product that sales-order item `item` buys.
    pub(crate) fn product_of_item(&self, item: usize) -> usize {
        item % self.products * self.stride % self.products
    }

    /// The sales-order items that buy `product`.
    pub(crate) fn items_of(&self, product: usize) -> impl Iterator<Item = usize> {
        (product * self.inverse % self.products..self.orders).step_by(self.products)
    }
}

/// The share of `index` when `total` rows are dealt to `of` takers as evenly as whole rows allow.
pub(crate) fn share(index: usize, of: usize, total: usize) -> usize {
    (index + 1) * total / of - index * total / of
}

fn gcd(a: usize, b: usize) -> usize {
    if b == 0 { a } else { gcd(b, a % b) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_item_finds_its_way_back_from_its_product() {
        for products in [1, 2, 3, 44, 100, 997] {
            let layout = Layout::new(&Scale { products, orders: 3 * products + 1, ..Scale::small() });
            for item in 0..3 * products + 1 {
                let product = layout.product_of_item(item);
                assert!(layout.items_of(product).any(|i| i == item), "item {item} of {products} products is lost");
            }
            let dealt: usize = (0..products).map(|product| layout.items_of(product).count()).sum();
            assert_eq!(dealt, 3 * products + 1, "every item belongs to exactly one product");
        }
    }

    #[test]
    fn counting_products_by_plot_agrees_with_walking_them() {
        for products in [1, 43, 44, 45, 130] {
            let layout = Layout::new(&Scale { products, ..Scale::small() });
            for plot in Plot::CYCLE {
                let walked: usize = (0..layout.styles())
                    .filter(|&style| Layout::plot(style) == plot)
                    .map(|style| layout.products_of(style).len())
                    .sum();
                assert_eq!(layout.count(|p| p == plot), walked, "{plot:?} of {products} products");
            }
        }
    }

    #[test]
    fn purchase_orders_are_numbered_without_gaps() {
        let layout = Layout::new(&Scale { products: 130, ..Scale::small() });
        let numbers: Vec<usize> = (0..2)
            .flat_map(|wave| (0..layout.styles()).map(move |style| (style, wave)))
            .filter(|&(style, _)| Layout::plot(style).is_bought())
            .map(|(style, wave)| layout.purchase_order(style, wave))
            .collect();
        assert_eq!(numbers, (0..numbers.len()).collect::<Vec<_>>(), "one number for each order, in order");
    }
}
