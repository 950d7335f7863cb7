//! Other apps and the merchant, who change the shop by themselves: tags, policies, fields, whole products. Now and then the
//! merchant forgets to pay.

use std::sync::Arc;
use std::time::Duration;

use fastrand::Rng;
use presell_simulator::Shop;
use presell_simulator::shop::{Policy, Standing};

use super::assortment::{SALE, styles};
use super::stage::Stage;

/// Goes on until aborted.
pub(super) async fn act(stage: Arc<Stage>, seed: u64) {
    let mut chance = Rng::with_seed(seed ^ 0x6E65_6967_6862);
    loop {
        tokio::time::sleep(Duration::from_millis(chance.u64(200..1_200))).await;
        let (style, skus) = {
            let all = styles();
            all[chance.usize(..all.len())].clone()
        };
        let sku = &skus[chance.usize(..skus.len())];
        let what = match chance.u8(..24) {
            0 => {
                close(&stage, &mut chance).await;
                "shop closed for a while"
            }
            _ if bring_back(&stage, &style, &skus) => "product added again",
            1 => delete(&stage, sku),
            n => meddle(&mut stage.simulator.shop(), sku, n, &mut chance),
        };
        stage.tally.add(what);
    }
}

/// Somebody deletes the product.
fn delete(stage: &Stage, sku: &str) -> &'static str {
    let mut shop = stage.simulator.shop();
    if let Some(product) = shop.variant(sku).map(|variant| variant.product) {
        shop.delete_product(product);
    }
    "product deleted"
}

/// A product that somebody deleted comes back, as another one with the same SKUs; whether it did.
fn bring_back(stage: &Stage, style: &str, skus: &[String]) -> bool {
    {
        let mut shop = stage.simulator.shop();
        if skus.iter().any(|sku| shop.variant(sku).is_some()) {
            return false;
        }
        let product = shop.add_product(style, skus.iter().map(String::as_str));
        shop.add_tag(product, "new");
    }
    stage.learn_names();
    true
}

async fn close(stage: &Stage, chance: &mut Rng) {
    let standing = [Standing::Frozen, Standing::Locked, Standing::NotApproved][chance.usize(..3)];
    stage.simulator.shop().access.standing = standing;
    tokio::time::sleep(Duration::from_millis(chance.u64(500..2_500))).await;
    stage.simulator.shop().access.standing = Standing::Open;
}

fn meddle(shop: &mut Shop, sku: &str, n: u8, chance: &mut Rng) -> &'static str {
    let Some(product) = shop.variant(sku).map(|variant| variant.product) else { return "nothing to meddle with" };
    match n {
        2..5 => {
            shop.set_policy(sku, if chance.bool() { Policy::Deny } else { Policy::Continue });
            "policy set by the merchant"
        }
        5..8 => {
            shop.remove_tag(product, if chance.bool() { "HC:Pre-Order" } else { "HC:Backorder" });
            "our tag taken off"
        }
        8 | 9 => {
            shop.add_tag(product, if chance.bool() { "HC:Pre-Order" } else { "HC:Backorder" });
            "our tag put on"
        }
        10..15 => {
            shop.add_tag(product, &format!("{SALE}-{}", chance.u8(..9)));
            "foreign tag put on"
        }
        15..18 => {
            shop.remove_tag(product, &format!("{SALE}-{}", chance.u8(..9)));
            "foreign tag taken off"
        }
        18 => {
            shop.set_metafield(sku, "HC_PREORDER", "PROMISE_DATE", "json", "{\"status\":\"off\"}");
            "our mark overwritten"
        }
        19 => {
            let pieces = chance.u8(..9).to_string();
            shop.set_metafield(sku, "HC_PREORDER", "SELLABLE_QUANTITY", "number_integer", &pieces);
            "our quantity overwritten"
        }
        _ => {
            shop.set_metafield(sku, "care", "washing", "single_line_text_field", &format!("{} °C", chance.u8(20..60)));
            "foreign field set"
        }
    }
}
