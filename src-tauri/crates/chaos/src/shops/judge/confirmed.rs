//! What was confirmed, against what the shop shows then.

use presell_catalog::rules::Class;

use super::{Judge, Rule};
use crate::shops::events::Wish;
use crate::shops::shelf::Mark;

impl Judge<'_> {
    /// The variants of this SKU that are still there.
    fn variants(&self, sku: &str) -> Vec<(String, String)> {
        let there = self.names.iter().filter(|(id, name)| name.sku == sku && self.shelf.has(id));
        there.map(|(id, name)| (id.clone(), name.product.clone())).collect()
    }

    pub(super) fn confirmed(&mut self, wish: &Wish) {
        let was: Option<Class> = wish.was.as_deref().and_then(|class| class.parse().ok());
        let listing = wish.listing();
        match (was, listing) {
            (Some(_), None) => self.delisted += 1,
            (_, Some(listing)) => {
                self.listed += 1;
                self.moved += i64::from(was.is_some_and(|was| was != listing.class));
            }
            (None, None) => {}
        }
        for (variant, product) in self.variants(&wish.sku) {
            let (continues, mark) = (self.shelf.continues(&variant), self.shelf.mark(&variant));
            let Some(listing) = listing else {
                if continues.value && !continues.others {
                    self.broken(Rule::SoldAfterDelist, || format!("{} at {}", wish.sku, wish.at));
                }
                continue;
            };
            let tagged = self.shelf.tagged(&product, listing.class);
            let wanted = Mark::Active(listing.class, listing.promise_date);
            for (what, missing) in [
                ("it does not sell", !continues.value && !continues.others),
                ("its mark says otherwise", mark.value != wanted && !mark.others),
                ("its tag is off", !tagged.value && !tagged.others),
            ] {
                if missing {
                    self.broken(Rule::NotShown, || format!("{} at {}: {what}", wish.sku, wish.at));
                }
            }
            if let Some(was) = was.filter(|was| *was != listing.class) {
                self.tagged_twice(&wish.sku, wish.at, &product, was);
            }
        }
    }

    /// Once a move is confirmed, the tag of the other list is off unless a sibling is, or may be, on that list: of one whose
    /// mark somebody spoilt a moment ago the shop does not tell any more.
    fn tagged_twice(&mut self, sku: &str, at: i64, product: &str, was: Class) {
        let other = self.shelf.tagged(product, was);
        let siblings = self.names.iter().filter(|(id, name)| name.product == product && self.shelf.has(id));
        let needed = siblings.into_iter().any(|(id, name)| {
            let mark = self.shelf.mark(id);
            let listed = matches!(mark.value, Mark::Active(class, _) if class == was);
            name.sku != sku && (listed || mark.others || self.open.contains_key(&name.sku))
        });
        if other.value && !other.others && !needed {
            self.broken(Rule::BothTags, || format!("{sku} at {at}"));
        }
    }
}
