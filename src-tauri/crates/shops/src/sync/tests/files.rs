//! The same syncs with a shop of files.

use std::fs;

use presell_store::db_test;

use super::house::{House, backorder, noon, pre_order, request};
use crate::adapter::Adapter;
use crate::drift;
use crate::file::tests::{Frail, Ill, changes, check, on, ready, sound};
use crate::model::Seen;
use crate::settings::{Drift, ShopSettings};
use crate::sync::{Place, Request, SyncError};

/// What the shop shows.
async fn shows(at: &dyn Adapter, sku: &str) -> Seen {
    at.see(&[sku.to_owned()]).await.expect("it can be read").pop().expect("it is there")
}

db_test! {
    async fn a_folder_is_filled_by_one_change_and_a_second_sync_writes_nothing(db: Db) {
        let (house, folder) = (House::new(db).await, ready());
        let (shop, at) = (house.shop("one", ShopSettings::default()).await, sound(folder.path()));
        for n in 0..1_200 {
            house.list(&format!("S{n}"), Some(pre_order(9))).await;
        }
        let report = house.sync(&shop, &at).await;
        assert_eq!((report.planned, report.confirmed, report.failed), (1_200, 1_200, 0), "all are listed");
        assert_eq!((check(folder.path()), changes(folder.path()).len()), (1_200, 1), "by one change, however many they are");
        let report = house.sync(&shop, &at).await;
        assert_eq!((report.planned, report.sent, report.unchanged), (0, 0, 1_200), "nothing differs");
        assert_eq!(changes(folder.path()).len(), 1, "and nothing is written that need not be");
        house.list("S1", None).await;
        house.list("S2", Some(backorder(12))).await;
        house.list("S9999", Some(pre_order(3))).await;
        house.sync(&shop, &at).await;
        assert_eq!((check(folder.path()), changes(folder.path()).len()), (1_200, 2), "a sync that takes off, moves and lists writes one change");
        let name = changes(folder.path()).pop().expect("a change");
        let change = fs::read_to_string(folder.path().join(format!("changes/{name}.csv"))).expect("it is there");
        assert!(change.lines().nth(1).is_some_and(|line| line.starts_with("S1,S1,stop")), "what must not be sold stops first: {change}");
    }
}

db_test! {
    async fn a_process_that_ends_anywhere_in_a_sync_is_made_up_for_by_the_next(db: Db) {
        let house = House::new(db).await;
        for ill in [Ill::EndsBefore, Ill::EndsAfter, Ill::Full] {
            for at in 0.. {
                let folder = ready();
                let shop = house.shop(&format!("{ill:?} {at}"), ShopSettings::default()).await;
                for (sku, listing) in [("A", Some(pre_order(9))), ("B", None)] {
                    house.list(sku, listing).await;
                }
                house.sync(&shop, &sound(folder.path())).await;
                for (sku, listing) in [("A", None), ("B", Some(backorder(5)))] {
                    house.list(sku, listing).await;
                }
                let frail = Frail::new(ill, at);
                let ended = house.try_sync(&shop, &on(&frail, folder.path()), &request(), noon()).await;
                let sound = sound(folder.path());
                house.try_sync(&shop, &sound, &request(), noon()).await.expect("nothing goes wrong any more");
                assert_eq!(check(folder.path()), 1, "{ill:?} at {at}: the shop is whole");
                assert!(shows(&sound, "B").await.continues && !shows(&sound, "A").await.continues, "{ill:?} at {at}: it shows what the lists want");
                assert_eq!(changes(folder.path()).len(), 2, "{ill:?} at {at}: what was written is not written again ({ended:?})");
                if frail.held() {
                    break;
                }
            }
        }
    }
}

db_test! {
    async fn what_others_change_in_the_listings_is_found_and_taken_as_the_shop_is_set(db: Db) {
        let (house, folder) = (House::new(db.clone()).await, ready());
        let (shop, at) = (house.shop("one", ShopSettings::default()).await, sound(folder.path()));
        for sku in ["A", "B", "C"] {
            house.list(sku, Some(pre_order(9))).await;
        }
        house.sync(&shop, &at).await;
        let listings = folder.path().join("listings.json");
        let text = fs::read_to_string(&listings).expect("it is there");
        fs::write(&listings, text.replacen("\"sellsWithoutStock\": true", "\"sellsWithoutStock\": false", 1)).expect("somebody writes");
        let token = Default::default();
        let place = Place { db: &db, store: &house.store, shop: &shop, adapter: &at, token: &token };
        let found = drift::look(place, 1, noon()).await.expect("it is read back");
        assert_eq!(found.drifted.iter().map(|d| &*d.sku).collect::<Vec<_>>(), ["A"], "reading back finds it");
        let asks = Request { drift: Some(Drift::Ask), ..request() };
        assert_eq!(house.try_sync(&shop, &at, &asks, noon()).await.expect("it runs").planned, 0, "a shop that asks leaves it alone");
        assert_eq!(house.sync(&shop, &at).await.confirmed, 1, "one that repairs writes ours again");
        assert!(shows(&at, "A").await.continues, "it sells again");
        fs::remove_file(&listings).expect("somebody takes it away");
        let error = house.try_sync(&shop, &at, &request(), noon()).await.expect_err("unknown is not zero");
        assert!(matches!(&error, SyncError::Shop(_)) && error.to_string().contains("Put it back"), "it says what to do: {error}");
        fs::rename(folder.path().join("changes"), folder.path().join("read")).expect("it begins anew");
        fs::create_dir(folder.path().join("changes")).expect("it begins anew");
        assert_eq!(house.sync(&shop, &at).await.confirmed, 3, "everything is written anew");
        assert_eq!(check(folder.path()), 3, "and is whole");
    }
}

db_test! {
    async fn products_are_those_that_the_owner_names(db: Db) {
        let (house, folder) = (House::new(db).await, ready());
        let (shop, at) = (house.shop("one", ShopSettings::default()).await, sound(folder.path()));
        let named = folder.path().join("products.csv");
        fs::write(&named, "sku,parent\nA-1,A\nA-2,A\nB,\nB,\n").expect("the owner's list");
        for sku in ["A-1", "A-2", "B", "C"] {
            house.list(sku, Some(pre_order(9))).await;
        }
        let report = house.sync(&shop, &at).await;
        assert_eq!((report.confirmed, report.not_linked), (2, 2), "one is there twice, one is not there: neither is guessed");
        house.list("A-1", None).await;
        house.sync(&shop, &at).await;
        let shown = shows(&at, "A-1").await;
        assert!(!shown.continues && shown.tags.pre_order, "a tag stays for the sibling that is listed: {shown:?}");
        fs::write(&named, "sku,parent\nA-1,A\nA-2,A\nB,\nC,\n").expect("it is put right");
        assert_eq!(house.sync(&shop, &at).await.confirmed, 2, "what is there now, once, is listed by itself");
        assert_eq!(check(folder.path()), 3, "all of it is in the files");
    }
}

db_test! {
    async fn whatever_ends_or_fills_up_the_folder_ends_as_the_lists_want_it(db: Db) {
        let house = House::new(db).await;
        for seed in 0..4 {
            let mut dice = fastrand::Rng::with_seed(seed);
            let settings = ShopSettings { max_delist_percent: 100, ..ShopSettings::default() };
            let (shop, folder) = (house.shop(&format!("shop {seed}"), settings).await, ready());
            let skus: Vec<String> = (0..24).map(|n| format!("R{seed}x{}-{n}", n / 4)).collect();
            let named: String = skus.iter().map(|sku| format!("{sku},{}\n", sku.split('-').next().unwrap_or(sku))).collect();
            fs::write(folder.path().join("products.csv"), format!("sku,parent\n{named}")).expect("the owner's list");
            for _ in 0..12 {
                for sku in &skus {
                    if dice.f32() < 0.4 {
                        let listing = match dice.u8(0..3) {
                            0 => None,
                            1 => Some(pre_order(dice.i64(1..30))),
                            _ => Some(backorder(dice.i64(1..30))),
                        };
                        house.list(sku, listing).await;
                    }
                }
                let ill = [Ill::EndsBefore, Ill::EndsAfter, Ill::Full][dice.usize(0..3)];
                let frail = Frail::new(ill, dice.usize(0..24));
                let _ = house.try_sync(&shop, &on(&frail, folder.path()), &request(), noon()).await;
            }
            let at = sound(folder.path());
            house.try_sync(&shop, &at, &request(), noon()).await.expect("nothing goes wrong any more");
            let wanted = house.wanted().await;
            let ours = skus.iter().filter(|sku| wanted.contains_key(*sku)).count();
            assert_eq!(check(folder.path()), ours, "seed {seed}: the folder is whole, and lists what the lists want");
            for sku in &skus {
                let shown = shows(&at, sku).await;
                assert_eq!((shown.mark.listing(), shown.continues), (wanted.get(sku).copied(), wanted.contains_key(sku)), "seed {seed}: {sku}");
            }
            let before = changes(folder.path()).len();
            let report = house.try_sync(&shop, &at, &request(), noon()).await.expect("it runs");
            assert_eq!((report.planned, changes(folder.path()).len()), (0, before), "seed {seed}: a further sync writes nothing");
        }
    }
}
