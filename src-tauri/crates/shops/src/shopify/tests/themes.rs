//! What Presell says that customers see is what a theme shows them.

use std::collections::BTreeMap;

use presell_simulator::shop::{Level, Metafield, Policy, Product, Variant};
use presell_simulator::theme::{self, Badge};

use super::*;
use crate::model::Tags;
use crate::shopify::mark;
use crate::sight::{Look, Offer, sight};

const TAGS: [&[&str]; 4] = [&[], &["HC:Pre-Order"], &["HC:Backorder"], &["HC:Pre-Order", "HC:Backorder"]];
const MARKS: [Option<&str>; 6] = [
    None,
    Some(r#"{"status":"active","promise_date":"01/15/2027","preorderType":"PRE_ORDER"}"#),
    Some(r#"{"status":"active","promise_date":"01/15/2027","preorderType":"BACKORDER"}"#),
    Some(r#"{"status":"inactive","promise_date":"_NA_","preorderType":"PRE_ORDER"}"#),
    Some(r#"{"status":"active","promise_date":"soon"}"#),
    Some("2027-01-15"),
];

/// A variant as the theme reads it.
fn in_the_theme(policy: Policy, quantity: Option<i64>, text: Option<&str>, tags: &[&str]) -> (Product, Variant) {
    let product = Product { tags: tags.iter().map(|tag| (*tag).to_owned()).collect(), ..Product::default() };
    let mut level = Level::default();
    level.set("available", quantity.unwrap_or(0));
    let mark = |text: &str| Metafield {
        id: 1,
        namespace: "HC_PREORDER".to_owned(),
        key: "PROMISE_DATE".to_owned(),
        kind: "json".to_owned(),
        value: text.to_owned(),
        created: 0,
        updated: 0,
    };
    let metafields = text.map(|text| ("HC_PREORDER.PROMISE_DATE".to_owned(), mark(text))).into_iter().collect();
    let levels = BTreeMap::from([(1, level)]);
    (product, Variant { policy, tracked: quantity.is_some(), levels, metafields, ..Variant::default() })
}

#[test]
fn the_preview_and_the_theme_agree_on_every_variant() {
    let today = NaiveDate::from_ymd_opt(2026, 11, 26).expect("a day");
    let mut compared = 0;
    for policy in [Policy::Deny, Policy::Continue] {
        for quantity in [None, Some(-2), Some(0), Some(3)] {
            for text in MARKS {
                for tags in TAGS {
                    let (product, variant) = in_the_theme(policy, quantity, text, tags);
                    let badge = theme::badge(&product, &variant);
                    let value = json!({"value": text, "compareDigest": null});
                    let (mark, _) = mark::read(&value, &Value::Null, &ShopSettings::default());
                    let tags =
                        Tags { pre_order: product.has_tag("HC:Pre-Order"), backorder: product.has_tag("HC:Backorder") };
                    let look = Look { continues: policy == Policy::Continue, mark, tags: Some(tags), quantity };
                    let shown = sight(Ok(&look), today);
                    let offer = match &badge {
                        Badge::PreOrder(_) => vec![Offer::PreOrder],
                        Badge::Backorder(_) => vec![Offer::Backorder],
                        // A theme does not tell them apart; whoever looks after the shop has to.
                        Badge::InStock => vec![Offer::InStock, Offer::Unpromised],
                        Badge::SoldOut => vec![Offer::SoldOut],
                    };
                    let foreign = matches!(look.mark, crate::model::Mark::Foreign(_));
                    let unknown = foreign && shown.offer == Offer::Unknown;
                    assert!(
                        unknown || offer.contains(&shown.offer),
                        "the theme shows {badge:?}, the preview {shown:?}: {look:?}"
                    );
                    let date = shown.promise_date.map(|day| day.format("%m/%d/%Y").to_string());
                    assert!(unknown || date.as_deref() == badge.promise(), "another date: {badge:?}, {shown:?}");
                    compared += 1;
                }
            }
        }
    }
    assert_eq!(compared, 2 * 4 * 6 * 4, "all of them were compared");
}
