//! Syncs against a shop that goes wrong in every way, on both databases.

mod files;
mod house;
mod pretend;
mod shown;
mod sub_catalogs;

use std::sync::atomic::{AtomicUsize, Ordering};

use chrono::Duration;
use presell_catalog::rules::Class;
use presell_store::db_test;

use crate::matrix::{Filter, matrix};
use crate::model::{Mark, Tags};
use crate::plan::Step;
use crate::settings::ShopSettings;
use crate::sync::{Request, SyncError};
use house::{House, backorder, noon, pre_order, request};
use pretend::{Fault, Pretend};

db_test! {
    async fn a_new_shop_is_filled_by_itself_and_a_second_sync_sends_nothing(db: Db) {
        let house = House::new(db).await;
        let (shop, at) = (house.shop("one", ShopSettings::default()).await, Pretend::default());
        for n in 0..120 {
            at.put(&format!("S{}-{n}", n / 3));
            house.list(&format!("S{}-{n}", n / 3), Some(pre_order(9))).await;
        }
        let report = house.sync(&shop, &at).await;
        assert_eq!((report.planned, report.confirmed, report.failed), (120, 120, 0), "all are listed (R19)");
        let shown = at.shows("S0-1");
        assert!(shown.continues && shown.mark == Mark::Active(pre_order(9)) && shown.tags.pre_order, "it sells, marked and tagged");
        let writes = at.writes();
        let report = house.sync(&shop, &at).await;
        assert_eq!((report.planned, report.sent, report.unchanged), (0, 0, 120), "nothing differs");
        assert_eq!(at.writes(), writes, "nothing is written that need not be");
    }
}

db_test! {
    async fn goods_that_arrive_stop_selling_before_anything_else(db: Db) {
        let house = House::new(db).await;
        let (shop, at) = (house.shop("one", ShopSettings::default()).await, Pretend::default());
        at.put("S-1");
        house.list("S-1", Some(pre_order(9))).await;
        house.sync(&shop, &at).await;
        house.list("S-1", None).await;
        house.sync(&shop, &at).await;
        let shown = at.shows("S-1");
        assert!(!shown.continues && shown.mark == Mark::Inactive && shown.tags == Tags::default(), "nothing of it is left");
        let steps = at.steps_of("variant/S-1");
        assert_eq!(steps, [Step::Mark, Step::Sell, Step::Stop, Step::Unmark], "it stops first when it leaves, and sells last when it comes");
    }
}

db_test! {
    async fn a_move_never_stops_selling(db: Db) {
        let house = House::new(db).await;
        let (shop, at) = (house.shop("one", ShopSettings::default()).await, Pretend::default());
        at.put("S-1");
        house.list("S-1", Some(pre_order(9))).await;
        house.sync(&shop, &at).await;
        house.list("S-1", Some(backorder(12))).await;
        house.sync(&shop, &at).await;
        assert_eq!(at.steps_of("variant/S-1"), [Step::Mark, Step::Sell, Step::Remark], "one write moves it (R20)");
        assert_eq!(at.steps_of("S"), [Step::TagOn(Class::PreOrder), Step::TagOn(Class::Backorder), Step::TagOff(Class::PreOrder)],
            "the new tag is on before the old one goes");
    }
}

db_test! {
    async fn one_bad_product_spoils_nothing(db: Db) {
        let house = House::new(db).await;
        let (shop, at) = (house.shop("one", ShopSettings::default()).await, Pretend::default());
        for n in 0..200 {
            at.put(&format!("S{n}-1"));
            house.list(&format!("S{n}-1"), Some(pre_order(9))).await;
        }
        at.fail(|op, _| (op.parent == "S77").then_some(Fault::Refused));
        let report = house.sync(&shop, &at).await;
        assert_eq!((report.confirmed, report.failed), (199, 1), "one fails, all others are listed (R19)");
        assert_eq!(report.problems[0].sku, "S77-1", "it is named");
        assert!(at.steps_of("S77").is_empty() && !at.shows("S77-1").continues, "its later steps are left undone");
        at.heal();
        let writes = at.writes();
        let report = house.sync(&shop, &at).await;
        assert_eq!(at.writes(), writes, "what the shop refused is not sent again as it is");
        assert_eq!((report.planned, report.failed, report.refused_before), (0, 0, 1), "it is counted for what it is, not as work");
        house.list("S77-1", Some(pre_order(10))).await;
        assert_eq!(house.sync(&shop, &at).await.confirmed, 1, "a newer wish is");
        let states: Vec<String> = house.items("S77-1").await.into_iter().map(|(state, _)| state).collect();
        assert_eq!(states, ["confirmed"], "by the item that was open");
    }
}

db_test! {
    async fn somebody_may_have_what_failed_tried_again(db: Db) {
        let house = House::new(db).await;
        let (shop, at) = (house.shop("one", ShopSettings::default()).await, Pretend::default());
        at.put("S-1");
        house.list("S-1", Some(pre_order(9))).await;
        at.fail(|_, _| Some(Fault::Refused));
        house.sync(&shop, &at).await;
        at.heal();
        let again = Request { retry_failed: true, ..request() };
        let report = house.try_sync(&shop, &at, &again, noon()).await.expect("it runs");
        assert_eq!(report.confirmed, 1, "it was asked for");
    }
}

db_test! {
    async fn everything_that_failed_is_tried_again_however_much_it_is(db: Db) {
        let house = House::new(db).await;
        let (shop, at) = (house.shop("one", ShopSettings::default()).await, Pretend::default());
        for n in 0..120 {
            at.put(&format!("S{n}-1"));
            house.list(&format!("S{n}-1"), Some(pre_order(9))).await;
        }
        at.fail(|_, _| Some(Fault::Refused));
        assert_eq!(house.sync(&shop, &at).await.failed, 120, "the shop refuses all of them");
        at.heal();
        let again = Request { retry_failed: true, ..request() };
        let report = house.try_sync(&shop, &at, &again, noon()).await.expect("it runs");
        assert_eq!(report.confirmed, 120, "more than one batch was asked for, and all of it is tried");
    }
}

db_test! {
    async fn what_nobody_knows_is_read_back_and_never_done_twice(db: Db) {
        let house = House::new(db).await;
        let (shop, at) = (house.shop("one", ShopSettings::default()).await, Pretend::default());
        at.put("S-1");
        at.put("T-1");
        house.list("S-1", Some(pre_order(9))).await;
        house.list("T-1", Some(pre_order(9))).await;
        let lost = AtomicUsize::new(0);
        at.fail(move |op, _| match (op.step, lost.fetch_add(1, Ordering::Relaxed)) {
            (Step::Mark, 0) => Some(Fault::LostAfter),
            (Step::Mark, 1) => Some(Fault::LostBefore),
            _ => None,
        });
        let report = house.sync(&shop, &at).await;
        assert_eq!((report.confirmed, report.failed), (2, 0), "both are listed in the end");
        for sku in ["S-1", "T-1"] {
            let marks = at.steps_of(&format!("variant/{sku}")).into_iter().filter(|s| *s == Step::Mark).count();
            assert_eq!(marks, 1, "{sku}: what was written is not written again");
        }
    }
}

db_test! {
    async fn a_variant_that_is_gone_is_told_and_others_go_on(db: Db) {
        let house = House::new(db).await;
        let (shop, at) = (house.shop("one", ShopSettings::default()).await, Pretend::default());
        for sku in ["S-1", "S-2"] {
            at.put(sku);
            house.list(sku, Some(pre_order(9))).await;
        }
        house.sync(&shop, &at).await;
        at.variants.lock().expect("not poisoned").remove("variant/S-1");
        house.list("S-1", Some(pre_order(11))).await;
        house.list("S-2", Some(pre_order(11))).await;
        let report = house.sync(&shop, &at).await;
        assert_eq!((report.confirmed, report.failed), (1, 1), "the other one is updated");
        assert_eq!(house.items("S-1").await.last().and_then(|(_, code)| code.clone()).as_deref(), Some("PRODUCT_VARIANT_DOES_NOT_EXIST"),
            "the reason is kept");
    }
}

db_test! {
    async fn a_product_that_the_shop_has_twice_is_shown_and_not_guessed(db: Db) {
        let house = House::new(db).await;
        let (shop, at) = (house.shop("one", ShopSettings::default()).await, Pretend::default());
        at.put("S-1");
        let mut twin = at.shows("S-1");
        twin.variant = "variant/twin".to_owned();
        at.variants.lock().expect("not poisoned").insert(twin.variant.clone(), twin);
        house.list("S-1", Some(pre_order(9))).await;
        house.list("T-1", Some(pre_order(9))).await;
        let report = house.sync(&shop, &at).await;
        assert_eq!((report.not_linked, report.planned, at.writes()), (2, 0, 0), "neither of the two is touched, nor what is missing");
        at.put("T-1");
        assert_eq!(house.sync(&shop, &at).await.confirmed, 1, "what the shop has now is linked and listed by itself");
    }
}

db_test! {
    async fn an_emptied_list_asks_before_it_empties_the_shop(db: Db) {
        let house = House::new(db).await;
        let (shop, at) = (house.shop("one", ShopSettings::default()).await, Pretend::default());
        for n in 0..40 {
            at.put(&format!("S{n}-1"));
            house.list(&format!("S{n}-1"), Some(pre_order(9))).await;
        }
        house.sync(&shop, &at).await;
        for n in 0..30 {
            house.list(&format!("S{n}-1"), None).await;
        }
        let writes = at.writes();
        let error = house.try_sync(&shop, &at, &request(), noon()).await.expect_err("it asks");
        assert!(matches!(error, SyncError::Brake(_)) && error.to_string().contains("30 of 40"), "the brake says how many: {error}");
        assert_eq!(at.writes(), writes, "nothing was sent");
        let agreed = Request { confirmed: true, ..request() };
        assert_eq!(house.try_sync(&shop, &at, &agreed, noon()).await.expect("it runs").confirmed, 30, "somebody agreed");
    }
}

db_test! {
    async fn old_lists_change_nothing_but_passed_dates(db: Db) {
        let house = House::new(db).await;
        let (shop, at) = (house.shop("one", ShopSettings::default()).await, Pretend::default());
        for sku in ["S-1", "T-1"] {
            at.put(sku);
        }
        house.list("S-1", Some(pre_order(1))).await;
        house.list("T-1", Some(pre_order(9))).await;
        house.sync(&shop, &at).await;
        house.list("T-1", None).await;
        let report = house.try_sync(&shop, &at, &request(), noon() + Duration::days(3)).await.expect("it runs");
        assert!(report.stale, "the report says that the lists are old");
        assert!(!at.shows("S-1").continues, "a date that has passed is not promised any longer");
        assert!(at.shows("T-1").continues, "unknown is not \"no\"");
    }
}

db_test! {
    async fn each_shop_is_its_own(db: Db) {
        let house = House::new(db).await;
        let buffered = ShopSettings { buffer: 4, ..ShopSettings::default() };
        let (one, two) = (house.shop("one", ShopSettings::default()).await, house.shop("two", buffered).await);
        let (a, b) = (Pretend::default(), Pretend::default());
        a.put("S-1");
        b.put("S-1");
        house.list("S-1", Some(pre_order(9))).await;
        house.sync(&one, &a).await;
        assert_eq!(b.writes(), 0, "a sync touches its own shop only (R11)");
        house.sync(&two, &b).await;
        assert_eq!(b.shows("S-1").mark.listing().map(|l| l.cap), Some(6), "a shop keeps its own buffer");
    }
}

db_test! {
    async fn two_syncs_of_one_shop_never_run_side_by_side(db: Db) {
        let house = House::new(db.clone()).await;
        let (shop, at) = (house.shop("one", ShopSettings::default()).await, Pretend::default());
        let lease = crate::shop::Lease::take(&db, shop.id, 7).await.expect("the database answers").expect("it is free");
        let error = house.try_sync(&shop, &at, &request(), noon()).await.expect_err("somebody else is at work");
        assert!(matches!(error, SyncError::AtWork), "it says so: {error}");
        lease.give_back(&db).await.expect("it is given back");
        house.try_sync(&shop, &at, &request(), noon()).await.expect("now it may");
    }
}

db_test! {
    async fn whatever_goes_wrong_the_shop_ends_as_the_lists_want_it(db: Db) {
        let house = House::new(db).await;
        for seed in 0..6 {
            let mut dice = fastrand::Rng::with_seed(seed);
            let (shop, at) = (house.shop(&format!("shop {seed}"), ShopSettings { max_delist_percent: 100, ..ShopSettings::default() }).await, Pretend::default());
            let skus: Vec<String> = (0..24).map(|n| format!("R{seed}x{}-{n}", n / 4)).collect();
            skus.iter().for_each(|sku| at.put(sku));
            for _ in 0..8 {
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
                let luck = std::sync::Mutex::new(dice.fork());
                at.fail(move |_, _| match luck.lock().expect("not poisoned").u8(0..20) {
                    0 => Some(Fault::Later),
                    1 => Some(Fault::LostAfter),
                    2 => Some(Fault::LostBefore),
                    3 => Some(Fault::Ends),
                    _ => None,
                });
                let _ = house.try_sync(&shop, &at, &request(), noon()).await;
            }
            at.heal();
            house.try_sync(&shop, &at, &request(), noon() + Duration::hours(1)).await.expect("nothing goes wrong any more");
            let writes = at.writes();
            let report = house.try_sync(&shop, &at, &request(), noon() + Duration::hours(2)).await.expect("it runs");
            assert_eq!((report.planned, at.writes()), (0, writes), "seed {seed}: a further sync writes nothing");
            let wanted = house.wanted().await;
            for sku in &skus {
                let (shown, wanted) = (at.shows(sku), wanted.get(sku).copied());
                assert_eq!(shown.mark.listing(), wanted, "seed {seed}: {sku} is marked as the lists want it");
                assert_eq!(shown.continues, wanted.is_some(), "seed {seed}: {sku} sells if and only if it is listed");
                let tagged = |class| skus.iter().any(|other| at.shows(other).parent == shown.parent
                    && house::class_of(&at.shows(other)) == Some(class));
                assert_eq!(shown.tags, Tags { pre_order: tagged(Class::PreOrder), backorder: tagged(Class::Backorder) },
                    "seed {seed}: the tags of {sku} are those of its listed variants");
            }
        }
    }
}

db_test! {
    async fn a_date_that_has_passed_in_the_shop_waits_for_nothing_in_the_matrix(db: Db) {
        let house = House::new(db).await;
        let (shop, at) = (house.shop("one", ShopSettings::default()).await, Pretend::default());
        for (sku, days) in [("S-1", 9), ("S-2", -1)] {
            at.put(sku);
            house.list(sku, Some(pre_order(days))).await;
        }
        house.sync(&shop, &at).await;
        let shown = matrix(&house.db, &house.store, &shop, &Filter { limit: 9, ..Filter::default() }, noon()).await.expect("it is read");
        let rows: Vec<_> = shown.rows.iter().map(|row| (&*row.sku, &*row.state)).collect();
        assert_eq!(rows, [("S-1", "listed")], "what a sync does not list is not shown as if one were to come");
    }
}
