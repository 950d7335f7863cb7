//! Shops that show a part of their store's catalog.

use presell_store::db_test;

use super::house::{House, noon, pre_order};
use super::pretend::Pretend;
use crate::diff::diff;
use crate::matrix::{Filter, matrix};
use crate::plan::Step;
use crate::settings::ShopSettings;
use crate::sub_catalog::{Associated, associate};

fn showing(words: &[&str]) -> ShopSettings {
    ShopSettings { products: words.iter().map(|word| (*word).to_owned()).collect(), ..ShopSettings::default() }
}

db_test! {
    async fn a_shop_shows_its_part_of_the_catalog_and_nothing_else(db: Db) {
        let house = House::new(db).await;
        let (mut shop, at) = (house.shop("one", showing(&["MEN-*"])).await, Pretend::default());
        for sku in ["MEN-1", "MEN-2", "KIDS-1"] {
            at.put(sku);
            house.list(sku, Some(pre_order(9))).await;
        }
        let report = house.sync(&shop, &at).await;
        assert_eq!((report.planned, report.confirmed, report.not_linked), (2, 2, 0), "what is not of its part is not even looked for");
        assert!(at.shows("MEN-1").continues && !at.shows("KIDS-1").continues, "it sells its own part");
        let shown = matrix(&house.db, &house.store, &shop, &Filter { limit: 9, ..Filter::default() }, noon()).await.expect("it is read");
        let rows: Vec<_> = shown.rows.iter().map(|row| (&*row.sku, &*row.state)).collect();
        assert_eq!(rows, [("MEN-1", "listed"), ("MEN-2", "listed")], "and nothing else waits for it");

        shop.settings = showing(&["KIDS-1", "men-2"]);
        let planned: Vec<(String, String)> = diff(&house.db, &house.store, &shop, noon()).await.expect("it is planned")
            .into_iter().map(|d| (d.sku, d.action)).collect();
        assert_eq!(planned, [("MEN-1".to_owned(), "delist".to_owned())], "the preview goes by the new words at once");
        house.sync(&shop, &at).await;
        assert_eq!(at.steps_of("variant/MEN-1"), [Step::Mark, Step::Sell, Step::Stop, Step::Unmark], "what it sells no more stops first");
        assert!(at.shows("KIDS-1").continues && at.shows("MEN-2").continues, "what is new comes, what stays is left alone");
        assert_eq!(at.steps_of("variant/MEN-2"), [Step::Mark, Step::Sell], "without another write");
    }
}

db_test! {
    async fn a_sub_catalog_is_kept_without_asking_the_shop(db: Db) {
        let house = House::new(db).await;
        let mut shop = house.shop("one", showing(&["MEN-*"])).await;
        for sku in ["MEN-1", "MEN-2", "KIDS-1"] {
            house.list(sku, Some(pre_order(9))).await;
        }
        let trial = associate(&house.db, &shop, None, true, noon()).await.expect("it is counted");
        let done = associate(&house.db, &shop, None, false, noon()).await.expect("it is done");
        assert_eq!((trial, done), (Associated { added: 2, removed: 0, unchanged: 0 }, trial), "a trial counts what would be done");
        house.list("MEN-1", None).await;
        let done = associate(&house.db, &shop, None, false, noon()).await.expect("it is done");
        assert_eq!(done, Associated { added: 0, removed: 1, unchanged: 1 }, "what leaves the catalog leaves its parts");
        shop.settings = showing(&[]);
        let done = associate(&house.db, &shop, None, false, noon()).await.expect("it is done");
        assert_eq!(done, Associated { added: 0, removed: 1, unchanged: 0 }, "a shop that shows everything has no part to keep");
    }
}
