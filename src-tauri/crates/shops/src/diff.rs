//! What a sync would do, without asking the shop: the same plan, shown.

use chrono::{DateTime, Utc};
use presell_catalog::rules::Class;
use presell_catalog::stores::Store;
use presell_store::{Db, Result};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::facts::{self, Freshness};
use crate::model::Listing;
use crate::plan::{Allowed, Op, Rules, Step, Variant, plan};
use crate::shop::Shop;
use crate::sub_catalog;

/// One variant with what would be done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "ShopDifference")]
pub struct Difference {
    /// The product.
    pub sku: String,
    /// `list`, `delist`, `move`, `update` or `tags`.
    pub action: String,
    /// What the shop is asked to do, in order.
    pub operations: Vec<String>,
    /// Why, in words.
    pub because: String,
}

/// Every variant of the shop that does not show what is wanted, by SKU.
pub async fn diff(db: &Db, store: &Store, shop: &Shop, now: DateTime<Utc>) -> Result<Vec<Difference>> {
    sub_catalog::associate(db, shop, None, false, now).await?;
    let fresh = facts::freshness(db, shop, now).await?;
    let rules =
        Rules { allowed: Allowed::ALL, drift: shop.settings.drift, restore_policy: shop.settings.restore_policy };
    let mut differences = Vec::new();
    for known in facts::families(db, store, shop, fresh, None, now).await? {
        let ops = plan(&known.family, rules);
        for variant in &known.family.variants {
            let Some(action) = variant.action(&ops) else { continue };
            let own = ops.iter().filter(|op| op.products.contains(&variant.product));
            differences.push(Difference {
                sku: variant.seen.sku.clone(),
                action: action.as_str().to_owned(),
                operations: own.map(|op| words(op, shop)).collect(),
                because: because(variant, fresh),
            });
        }
    }
    differences.sort_by(|a, b| a.sku.cmp(&b.sku));
    Ok(differences)
}

fn words(op: &Op, shop: &Shop) -> String {
    let tag = |class| shop.settings.tag(class);
    match op.step {
        Step::Stop => "stop selling without stock".to_owned(),
        Step::Sell => "go on selling without stock".to_owned(),
        Step::Mark | Step::Remark => format!("mark as {}", op.listing.map(said).unwrap_or_default()),
        Step::Unmark => "mark as not listed".to_owned(),
        Step::TagOn(class) => format!("put the tag {} on", tag(class)),
        Step::TagOff(class) => format!("take the tag {} off", tag(class)),
    }
}

/// A listing in a few words.
pub fn said(listing: Listing) -> String {
    let class = match listing.class {
        Class::PreOrder => "pre-order",
        Class::Backorder => "backorder",
    };
    format!("{class} for {}, {} pieces", listing.promise_date, listing.cap)
}

fn because(variant: &Variant, fresh: Freshness) -> String {
    if variant.ours.half_done {
        return "An earlier sync did not come to its end.".to_owned();
    }
    match (variant.ours.listed, variant.want.listing()) {
        (None, Some(listing)) => format!("It is on the lists: {}.", said(listing)),
        (Some(before), Some(after)) if before != after => format!("It was {} and is {}.", said(before), said(after)),
        (Some(_), None) if fresh != Freshness::Fresh => "Its date has passed.".to_owned(),
        (Some(_), None) => "It is not on the lists any more, or its date has passed.".to_owned(),
        (Some(_), Some(_)) | (None, None) => "Somebody else changed it in the shop.".to_owned(),
    }
}
