//! What a customer sees.

use presell_simulator::shop::{Policy, Status};
use presell_simulator::theme::badge;
use presell_simulator::{Options, Shop, Simulator};
use rstest::rstest;

use crate::common::apparel;

fn label(shop: &Shop) -> String {
    let variant = shop.variant("BLK-S").expect("there");
    let badge = badge(&shop.products[&variant.product], variant);
    format!("{} {}", badge.label(), badge.promise().unwrap_or("-"))
}

/// Everything a promise needs.
fn promised() -> Shop {
    let mut shop = apparel();
    let product = shop.variant("BLK-S").expect("there").product;
    shop.add_tag(product, "HC:Pre-Order");
    shop.set_policy("BLK-S", Policy::Continue);
    shop.set_metafield("BLK-S", "HC_PREORDER", "promise_date", "date", "2027-01-15");
    shop
}

#[rstest]
#[case::all_agree(|_: &mut Shop| {}, "Pre-order 2027-01-15")]
#[case::without_the_tag(|s: &mut Shop| { let p = s.variant("BLK-S").expect("there").product; s.remove_tag(p, "HC:Pre-Order"); }, "In stock -")]
#[case::with_stock(|s: &mut Shop| s.set_quantity("BLK-S", 1), "In stock -")]
#[case::policy_deny(|s: &mut Shop| s.set_policy("BLK-S", Policy::Deny), "Sold out -")]
#[case::a_draft(|s: &mut Shop| { let p = s.variant("BLK-S").expect("there").product; s.set_status(p, Status::Draft); }, "Sold out -")]
#[case::hotwax_active(|s: &mut Shop| s.set_metafield("BLK-S", "HC_PREORDER", "data", "json",
    r#"{"status":"active","promise_date":"01/15/2027","preorderType":"PRE_ORDER"}"#), "Pre-order 01/15/2027")]
#[case::hotwax_inactive(|s: &mut Shop| s.set_metafield("BLK-S", "HC_PREORDER", "data", "json",
    r#"{"status":"inactive","promise_date":"_NA_","preorderType":"PRE_ORDER"}"#), "In stock -")]
#[case::hotwax_backorder(|s: &mut Shop| { let p = s.variant("BLK-S").expect("there").product; s.add_tag(p, "HC:Backorder");
    s.set_metafield("BLK-S", "HC_PREORDER", "data", "json", r#"{"status":"active","promise_date":"_NA_","preorderType":"BACKORDER"}"#); }, "Backorder -")]
fn a_customer_reads_a_promise_only_when_all_agree(#[case] change: impl Fn(&mut Shop), #[case] expected: &str) {
    let mut shop = promised();
    change(&mut shop);
    assert_eq!(label(&shop), expected, "the badge of the variant");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_window_shows_each_variant_with_its_badge() {
    let mut shop = promised();
    shop.name = "Shoes & <more>".into();
    let simulator = Simulator::start(Options { shop: Some(shop), ..Options::default() }).await.expect("starts");
    let url = format!("{}/", simulator.base_url());
    let page =
        tokio::task::spawn_blocking(move || ureq::get(&url).call().and_then(|mut r| r.body_mut().read_to_string()));
    let page = page.await.expect("asked").expect("the page is there");
    assert!(
        page.contains("BLK-S") && page.contains("Pre-order") && page.contains("ships from 2027-01-15"),
        "the promise is there: {page}"
    );
    assert!(page.contains("Sold out"), "and so is what does not sell");
    assert!(page.contains("Shoes &amp; &lt;more&gt;"), "names are written as text");
}
