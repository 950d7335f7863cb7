use presell_imports::headers::Kind::{self, Inventory, Orders, Products, PurchaseOrders, Receipts};
use presell_imports::{ImportError, Known, Report};
use presell_store::db_test;

use crate::support::{Desk, ORDERED, changes};

const PO: &str = "PO,1,A,10,2026-08-01,EAST,Y,,,\nPO,2,A,50,2026-09-01,EAST,Y,,,\nPO,3,B,50,2026-09-01,EAST,N,,,\n";
const ITEMS: &str = "order_id,item_seq,sku,quantity,ordered_at,status,po_id\n";

fn po(lines: &str) -> String {
    format!("{ORDERED}{lines}")
}

/// Imports, undoes, and compares everything with how it was.
async fn there_and_back(desk: &Desk, kind: Kind, text: &str) {
    let before = desk.dump().await;
    let report = take(desk, kind, text).await;
    assert_ne!(desk.dump().await, before, "the import does something");
    desk.run("DELETE FROM dirty").await;
    let undone = desk.undo(&report).await.unwrap();
    assert!(undone.removed + undone.restored > 0, "undo says what it did");
    pretty_assert(&desk.dump().await, &before);
    assert_eq!(
        desk.number("SELECT COUNT(*) FROM import WHERE state = 'undone' AND undone_at > 0").await,
        desk.number("SELECT COUNT(*) FROM audit WHERE action = 'import.undo'").await
    );
    let again = desk.undo(&report).await;
    assert!(matches!(again, Err(ImportError::AlreadyUndone(_))), "an import is undone once");
}

fn pretty_assert(now: &crate::support::Dump, before: &crate::support::Dump) {
    for (table, rows) in before {
        assert_eq!(&now[table], rows, "undo puts the table {table} back as it was");
    }
}

async fn take(desk: &Desk, kind: Kind, text: &str) -> Report {
    let report = desk
        .ask(kind, text, |r| {
            r.confirm = true;
            r.create = Some(true);
            r.known = Known::Replace;
        })
        .await;
    assert_eq!(report.refused, 0, "{:?}", report.problems);
    report
}

db_test! {
    async fn every_kind_of_import_is_taken_back_without_a_trace(db: Db) {
        let desk = Desk::new(db).await;
        there_and_back(&desk, PurchaseOrders, &po(PO)).await;
        take(&desk, PurchaseOrders, &po(PO)).await;
        there_and_back(&desk, PurchaseOrders, &po("PO,1,A,9,2026-08-02,WEST,N,1,1,APPROVED\nPO,4,C,1,2026-08-02,WEST,N,,,APPROVED\n")).await;
        there_and_back(&desk, Inventory, "sku,quantity,facility\nA,3,EAST\nD,4,NORTH\n").await;
        take(&desk, Inventory, "sku,quantity,facility,location\nA,3,EAST,\nA,3,EAST,bin 1\nB,1,EAST,\n").await;
        there_and_back(&desk, Inventory, "sku,quantity,facility,location\nA,4,EAST,bin 1\nB,1,WEST,\n").await;
        there_and_back(&desk, Products, "sku,title,upc,excluded\nA,Coat,123,Y\nE,Hat,,Y\n").await;
        take(&desk, Products, "sku,title,upc,variant_id,excluded\nA,Coat,123,5,Y\n").await;
        there_and_back(&desk, Products, "sku,title,upc,excluded\nA,Long coat,124,N\n").await;
        let first = format!("{ITEMS}O1,1,A,8,2026-05-01,,PO\nO1,2,B,3,2026-05-01,,\n");
        there_and_back(&desk, Orders, &first).await;
        take(&desk, Orders, &first).await;
        there_and_back(&desk, Orders, &format!("{ITEMS}O1,1,A,12,2026-05-01,,PO\nO1,2,B,3,2026-05-01,CANCELLED,\nO2,1,A,1,2026-05-04,,PO\n")).await;
        there_and_back(&desk, Orders, &format!("{ITEMS}O1,1,A,8,2026-05-01,CANCELLED,\n")).await;
        there_and_back(&desk, Receipts, "po_id,sku,quantity\nPO,A,14\nPO,B,50\n").await;
        assert!(desk.number("SELECT COUNT(*) FROM dirty").await > 0, "what was taken back is looked at again");
    }
}

/// Whether undoing was refused because of the import `by`.
async fn refused(desk: &Desk, report: &Report, by: &Report) {
    let before = desk.dump().await;
    let error = desk.undo(report).await.expect_err("a later import rests on this one").to_string();
    let name = format!("import {}", by.import_id.unwrap());
    assert!(error.contains(&name), "the message names what stands in the way: {error}");
    assert_eq!(desk.dump().await, before, "a refused undo changes nothing");
}

db_test! {
    async fn an_import_that_something_later_rests_on_is_undone_only_after_it(db: Db) {
        let desk = Desk::new(db).await;
        let empty = desk.dump().await;
        let orders = take(&desk, PurchaseOrders, &po(PO)).await;
        let sold = take(&desk, Orders, &format!("{ITEMS}O1,1,A,8,2026-05-01,,PO\n")).await;
        refused(&desk, &orders, &sold).await;
        let received = take(&desk, Receipts, "po_id,sku,quantity\nPO,A,9\n").await;
        refused(&desk, &sold, &received).await;
        let stock = take(&desk, Inventory, "sku,quantity,facility\nA,3,EAST\n").await;
        let later = take(&desk, Inventory, "sku,quantity,facility\nA,5,EAST\n").await;
        refused(&desk, &stock, &later).await;
        let described = take(&desk, Products, "sku,title,excluded\nA,Coat,Y\n").await;
        desk.run("UPDATE product_rule SET threshold = 4").await;
        let error = desk.undo(&described).await.unwrap_err().to_string();
        assert!(error.contains("by a person"), "a rule that a person changed since stays: {error}");
        desk.run("UPDATE product_rule SET threshold = 0").await;
        for report in [&described, &later, &stock, &received, &sold, &orders] {
            desk.undo(report).await.unwrap();
        }
        pretty_assert(&desk.dump().await, &empty);
    }
}

db_test! {
    async fn an_import_cut_short_is_undone_and_an_unknown_one_is_named(db: Db) {
        let desk = Desk::new(db).await;
        let before = desk.dump().await;
        let report = take(&desk, PurchaseOrders, &po(PO)).await;
        desk.run("UPDATE import SET state = 'applying', finished_at = NULL").await;
        desk.undo(&report).await.unwrap();
        pretty_assert(&desk.dump().await, &before);
        let unknown = presell_imports::undo(&desk.db, 4711, "tester", desk.now).await;
        assert!(matches!(unknown, Err(ImportError::Unknown(4711))));
    }
}

db_test! {
    async fn an_import_cut_short_is_completed_by_repeating_it(db: Db) {
        let desk = Desk::new(db).await;
        let orders = po("P1,1,A,10,2026-08-01,EAST,Y,,,\nP2,1,B,20,2026-08-01,WEST,Y,,,\n");
        desk.import(PurchaseOrders, &orders).await;
        desk.run("DELETE FROM po_line WHERE product_id = (SELECT id FROM product WHERE sku = 'B')").await;
        desk.run("DELETE FROM purchase_order WHERE code = 'P2'").await;
        desk.run("DELETE FROM product WHERE sku = 'B'").await;
        desk.run("DELETE FROM store_facility WHERE facility_id = (SELECT id FROM facility WHERE code = 'WEST')").await;
        desk.run("DELETE FROM facility WHERE code = 'WEST'").await;
        desk.run("UPDATE import SET state = 'applying', finished_at = NULL").await;
        let report = desk.import(PurchaseOrders, &orders).await;
        assert_eq!((changes(&report), report.refused), ((1, 0, 1), 0), "what it could add at first, it can still add: {:?}", report.problems);
        assert_eq!(desk.texts("SELECT state FROM import").await, ["done", "done"], "and nothing counts as cut short any more");
        let later = desk.import(PurchaseOrders, &po("P3,1,C,10,2026-08-01,EAST,Y,,,\n")).await;
        assert_eq!(later.refused, 1, "now that products are known, a new one needs a word: {:?}", later.problems);
    }
}

db_test! {
    async fn products_that_others_use_by_now_stay(db: Db) {
        let desk = Desk::new(db).await;
        let orders = take(&desk, PurchaseOrders, &po("PO,1,A,10,2026-08-01,EAST,Y,,,\n")).await;
        take(&desk, Inventory, "sku,quantity,facility\nA,3,EAST\n").await;
        desk.undo(&orders).await.unwrap();
        assert_eq!(desk.number("SELECT COUNT(*) FROM po_line").await, 0, "the line goes");
        assert_eq!(desk.texts("SELECT sku || code FROM product CROSS JOIN facility").await, ["AEAST"], "the stock still needs its product and place");
    }
}
