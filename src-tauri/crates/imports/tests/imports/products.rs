use presell_imports::headers::Kind::Products;
use presell_store::db_test;

use crate::support::{Desk, changes, findings};

const FILE: &str =
    "sku,title,parent,upc,variant_id,excluded,minimum_stock,allow_brokering\nA,Coat,C,0012,991,,,\nB,Hat,,,,Y,3,\n";

db_test! {
    async fn products_are_added_described_and_left_alone_when_nothing_is_new(db: Db) {
        let desk = Desk::new(db).await;
        let report = desk.import(Products, FILE).await;
        assert_eq!((changes(&report), report.products_touched), ((2, 0, 0), 1), "only B has a rule of its own");
        let again = desk.ask(Products, FILE, |r| r.confirm = true).await;
        assert_eq!(changes(&again), (0, 0, 2), "the same file changes nothing");
        let report = desk.import(Products, "sku,title,parent,upc,excluded,active\nA,Long coat,,0013,,Y\nB,,,,N,\nC,,,,,N\n").await;
        assert_eq!(changes(&report), (1, 2, 0), "{:?}", report.differences);
        assert_eq!(desk.texts("SELECT kind || value FROM product_identifier ORDER BY kind").await, ["SHOPIFY_VARIANT991", "UPCA0013"], "an empty cell leaves what is known");
        assert_eq!(desk.texts("SELECT title || '/' || parent FROM product ORDER BY sku").await, ["Long coat/C", "Hat/", "/"]);
        let rules = "SELECT sku || CASE WHEN excluded THEN ' out ' ELSE ' in ' END || threshold FROM product_rule r JOIN product p ON p.id = r.product_id ORDER BY sku";
        assert_eq!(desk.texts(rules).await, ["B in 3", "C out 0"], "an inactive product is not pre-sold");
        assert_eq!(report.products_touched, 2, "A was only renamed");
    }
}

db_test! {
    async fn a_product_that_stands_twice_asks_and_lost_zeros_are_refused(db: Db) {
        let desk = Desk::new(db).await;
        desk.import(Products, "sku,title\n00123,Coat\n").await;
        let text = "sku,title\nD,One\nD,Two\n123,Coat\n";
        let report = desk.import(Products, text).await;
        assert_eq!(findings(&report), ["2 V8 asks", "3 V8 asks", "4 V14 refused"]);
        desk.ask(Products, text, |r| r.confirm = true).await;
        assert_eq!(desk.texts("SELECT title FROM product ORDER BY sku").await, ["Coat", "Two"], "the later row counts");
        let before = desk.dump().await;
        desk.ask(Products, FILE, |r| r.dry_run = true).await;
        assert_eq!(desk.dump().await, before, "a dry run leaves no trace");
    }
}
