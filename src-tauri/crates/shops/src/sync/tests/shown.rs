//! What pages about products say of the shops: states, counts, what customers see; on both databases.

use chrono::{DateTime, Duration, Utc};
use presell_store::{db_test, on};
use tokio_util::sync::CancellationToken;

use super::house::{House, backorder, day, noon, pre_order, request};
use super::pretend::{Fault, Pretend};
use crate::across::{counts, products_in, states, troubled};
use crate::drift;
use crate::matrix::{InShop, in_shops};
use crate::model::Seen;
use crate::plan::Step;
use crate::settings::{Drift, ShopSettings};
use crate::shop::Shop;
use crate::sight::Offer;
use crate::sync::Place;

const SKUS: [&str; 7] = ["S1-1", "S2-1", "S3-1", "S4-1", "S5-1", "S6-1", "S7-1"];

/// One shop in which each product has another story, and one that nobody looked at yet.
async fn stories(house: &House) -> ([Shop; 2], Pretend) {
    let asks = ShopSettings { drift: Drift::Ask, ..ShopSettings::default() };
    let (one, two) = (house.shop("one", asks).await, house.shop("two", ShopSettings::default()).await);
    let at = Pretend::default();
    for sku in ["S1-1", "S2-1", "S3-1", "S5-1"] {
        at.put(sku);
    }
    at.put("S4-1");
    twice(&at, "S4-1");
    for sku in &SKUS[..6] {
        house.list(sku, Some(pre_order(9))).await;
    }
    house.list("S7-1", None).await;
    at.fail(|op, _| {
        op.variant.as_deref().is_some_and(|v| v.contains("S2-1") && op.step == Step::Sell).then_some(Fault::Refused)
    });
    house.sync(&one, &at).await;
    // Somebody else stops one; another one is to change its list.
    stopped(&at, "S3-1");
    look(house, &one, &at).await;
    house.list("S5-1", Some(backorder(9))).await;
    ([one, two], at)
}

/// The shop has a second variant with this SKU.
fn twice(at: &Pretend, sku: &str) {
    let again = Seen { variant: format!("variant/{sku}/again"), ..at.shows(sku) };
    at.variants.lock().expect("not poisoned").insert(again.variant.clone(), again);
}

/// Somebody else switches off that it sells without stock.
fn stopped(at: &Pretend, sku: &str) {
    at.variants.lock().expect("not poisoned").get_mut(&format!("variant/{sku}")).expect("it is there").continues =
        false;
}

async fn look(house: &House, shop: &Shop, at: &Pretend) {
    let token = CancellationToken::new();
    let place = Place { db: &house.db, store: &house.store, shop, adapter: at, token: &token };
    drift::look(place, 1, noon()).await.expect("the shop is read back");
}

async fn of(house: &House, shops: &[Shop], now: DateTime<Utc>) -> Vec<Vec<String>> {
    states(&house.db, &house.store, shops, &SKUS, now).await.expect("states")
}

async fn explained(house: &House, shops: &[Shop], sku: &str, now: DateTime<Utc>) -> Vec<InShop> {
    in_shops(&house.db, &house.store, shops, sku, now).await.expect("it is read")
}

db_test! {
    async fn each_product_has_one_state_in_each_shop_and_all_pages_say_the_same(db: Db) {
        let house = House::new(db).await;
        let (shops, _at) = stories(&house).await;
        let said = of(&house, &shops, noon()).await;
        let told = ["listed", "failed", "drifted", "ambiguous", "pending", "notLinked", "notListed"];
        assert_eq!(said[0], told, "each story has its word, and what is on no list is in line");
        let never = ["unknown", "unknown", "unknown", "unknown", "unknown", "unknown", "notListed"];
        assert_eq!(said[1], never, "of a shop that nobody looked at nothing is known (R16)");
        for (at, sku) in SKUS.iter().enumerate() {
            let one: Vec<String> = explained(&house, &shops, sku, noon()).await.into_iter().map(|in_shop| in_shop.row.state).collect();
            assert_eq!(one, [said[0][at].clone(), said[1][at].clone()], "{sku}: the list and the reasons say the same");
        }
        let counted = counts(&house.db, &house.store, &shops, noon()).await.expect("counts");
        let counted: Vec<_> = counted.iter().map(|one| (&*one.state, one.count)).collect();
        let all = [("failed", 1), ("drifted", 1), ("ambiguous", 1), ("notLinked", 1), ("unknown", 6), ("pending", 1), ("listed", 1), ("notListed", 1)];
        assert_eq!(counted, all, "a product counts once for a state, however many shops have it so");
        for (state, count) in counted {
            let found = products_in(&house.db, &house.store, &shops, state, noon()).await.expect("keys");
            assert_eq!(i64::try_from(found.len()), Ok(count), "{state}: the filter finds what was counted");
        }
        assert!(states(&house.db, &house.store, &[], &SKUS, noon()).await.expect("states").is_empty(), "without a shop there is nothing to say");
    }
}

db_test! {
    async fn what_was_not_seen_for_two_days_is_not_known_and_never_said_to_be_listed(db: Db) {
        let house = House::new(db).await;
        let (shops, _at) = stories(&house).await;
        let later = noon() + Duration::hours(49);
        let said = of(&house, &shops[..1], later).await;
        assert_eq!(said[0][0], "unknown", "it was listed when it was last seen, which is long ago (R16)");
        assert_eq!(said[0][1], "failed", "what went wrong is not forgotten by that");
        let old = explained(&house, &shops[..1], "S1-1", later).await.remove(0).row;
        assert_eq!((old.customer.offer, old.after), (Offer::Unknown, None), "nobody knows what customers see: {old:?}");
        assert!(old.reason.is_some_and(|reason| reason.contains("Read the shop back")), "and it says what to do");
        let sql = "UPDATE shop_variant SET seen_at = NULL";
        on!(&house.db, p => sqlx::query(sql).execute(p).await.map(|_| ())).expect("what was seen is lost");
        assert_eq!(of(&house, &shops[..1], noon()).await[0][0], "unknown", "missing data is no listing either");
    }
}

db_test! {
    async fn customers_are_told_of_as_they_see_it_and_as_the_next_sync_makes_it(db: Db) {
        let house = House::new(db).await;
        let (shops, at) = stories(&house).await;
        let one = async |sku: &str| explained(&house, &shops, sku, noon()).await.remove(0).row;
        let listed = one("S1-1").await.customer;
        assert_eq!((listed.offer, listed.promise_date, listed.left), (Offer::PreOrder, Some(day(9)), Some(10)), "as it is marked");
        let failed = one("S2-1").await;
        assert_eq!((failed.customer.offer, failed.after), (Offer::SoldOut, None), "what failed does not sell, and no sync tries it unasked");
        let drifted = one("S3-1").await;
        assert_eq!((drifted.customer.offer, drifted.after), (Offer::SoldOut, None), "a shop that is set to ask stays as others left it");
        let moving = one("S5-1").await;
        assert_eq!((moving.customer.offer, moving.after.map(|after| after.offer)), (Offer::PreOrder, Some(Offer::Backorder)), "the move is told before it is made");
        for sku in ["S4-1", "S6-1"] {
            assert_eq!(one(sku).await.customer.offer, Offer::Unknown, "{sku}: what is not linked is not guessed");
        }
        house.list("S5-1", None).await;
        let leaving = one("S5-1").await;
        assert_eq!((leaving.customer.offer, leaving.after.map(|after| after.offer)), (Offer::PreOrder, Some(Offer::SoldOut)), "and so is leaving");
        house.sync(&shops[0], &at).await;
        assert_eq!(one("S5-1").await.customer.offer, Offer::SoldOut, "which is what the sync does");
    }
}

db_test! {
    async fn a_shop_is_in_trouble_while_it_needs_somebody(db: Db) {
        let house = House::new(db).await;
        let count = async |shops: &[Shop]| troubled(&house.db, &house.store, shops, noon()).await.expect("a count");
        assert_eq!(count(&[]).await, 0, "no shop, no trouble");
        let (shops, at) = stories(&house).await;
        assert_eq!(count(&shops).await, 1, "one product failed and one was changed: that is one shop");
        assert_eq!(count(&shops[1..]).await, 0, "a shop that was never filled is no trouble");
        let mut away = shops.clone();
        away[1].state = crate::shop::ShopState::Disconnected;
        assert_eq!(count(&away).await, 2, "one that lets nobody in is");
        at.heal();
        let retry = crate::sync::Request { retry_failed: true, drift: Some(Drift::Repair), ..request() };
        house.try_sync(&shops[0], &at, &retry, noon()).await.expect("a sync");
        assert_eq!(count(&shops).await, 0, "all is put right");
    }
}
