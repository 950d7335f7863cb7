use presell_imports::headers::Kind::{Orders, PurchaseOrders, Receipts};
use presell_store::db_test;

use crate::support::{Desk, ORDERED, changes, findings};

async fn ordered(db: presell_store::Db, lines: &str) -> Desk {
    let desk = Desk::new(db).await;
    let report = desk.import(PurchaseOrders, &format!("{ORDERED}{lines}")).await;
    assert_eq!(report.refused, 0, "{:?}", report.problems);
    desk
}

const RECEIVED: &str = "SELECT line_no || ':' || received || ':' || CASE WHEN closed THEN 'closed' ELSE 'open' END FROM po_line ORDER BY line_no";

db_test! {
    async fn goods_fill_the_open_lines_of_their_product_in_order_and_close_them(db: Db) {
        let desk = ordered(db, "PO,1,A,10,2026-08-01,EAST,Y,,,\nPO,2,A,10,2026-08-01,EAST,Y,,2,\nPO,3,B,5,2026-08-01,EAST,Y,,,\n").await;
        let report = desk.import(Receipts, "po_id,sku,quantity\nPO,A,4\nPO,A,9\n").await;
        assert_eq!(changes(&report), (2, 0, 0), "each row is a receipt");
        assert_eq!(desk.texts(RECEIVED).await, ["1:10:closed", "2:3:open", "3:0:open"], "what a line does not miss flows on");
        assert_eq!(desk.number("SELECT COUNT(*) FROM stock").await, 0, "stock comes from the stock file alone");
        assert_eq!(report.products_touched, 1, "only A has to be looked at");
    }
}

db_test! {
    async fn more_than_was_ordered_asks_and_goes_onto_the_last_line(db: Db) {
        let desk = ordered(db, "PO,1,A,10,2026-08-01,EAST,Y,,,\nPO,2,A,10,2026-08-01,EAST,Y,,2,\n").await;
        let text = "po_id,sku,quantity\nPO,A,20\n";
        let report = desk.import(Receipts, text).await;
        assert_eq!((findings(&report), changes(&report)), (vec!["2 V17 asks".to_owned()], (0, 0, 0)), "20 are two too many");
        desk.ask(Receipts, text, |r| r.confirm = true).await;
        assert_eq!(desk.texts(RECEIVED).await, ["1:10:closed", "2:10:closed"], "the rest stands on the last line");
    }
}

db_test! {
    async fn totals_post_what_is_new_and_ask_before_taking_back(db: Db) {
        let desk = ordered(db, "PO,1,A,10,2026-08-01,EAST,Y,,,\nPO,2,A,10,2026-08-01,EAST,Y,,,\n").await;
        desk.import(Receipts, "po_id,sku,quantity\nPO,A,12\n").await;
        let same = desk.ask(Receipts, "po_id,sku,quantity,received_at\nPO,A,12,2026-05-31\n", |r| r.totals = true).await;
        assert_eq!(changes(&same), (0, 0, 1), "the same total again is no news");
        desk.ask(Receipts, "po_id,sku,quantity\nPO,A,15\n", |r| r.totals = true).await;
        assert_eq!(desk.texts(RECEIVED).await, ["1:10:closed", "2:5:open"], "3 came since");
        let lower = "po_id,sku,quantity\nPO,A,9\n";
        let report = desk.ask(Receipts, lower, |r| r.totals = true).await;
        assert_eq!(findings(&report), ["2 V17 asks"], "a total that falls is a correction");
        desk.ask(Receipts, lower, |r| { r.totals = true; r.confirm = true; }).await;
        assert_eq!(desk.texts(RECEIVED).await, ["1:9:open", "2:0:open"], "taken back from the last line first");
        assert_eq!(desk.number("SELECT CAST(SUM(quantity) AS BIGINT) FROM receipt").await, 9, "the receipts add up to the total");
    }
}

db_test! {
    async fn a_receipt_that_fits_no_line_is_refused(db: Db) {
        let desk = ordered(db, "PO,1,A,10,2026-08-01,EAST,Y,,,\nPO,2,B,10,2026-08-01,WEST,Y,,,\n").await;
        let text = "po_id,line_no,sku,quantity,facility\nPX,1,,1,\nPO,7,,1,\nPO,1,B,1,\nPO,,A,1,WEST\nPO,,,1,\nPO,1,,-3,\n";
        let report = desk.import(Receipts, text).await;
        assert_eq!(findings(&report), ["2 V17 refused", "3 V17 refused", "4 V17 refused", "5 V17 refused", "6 V17 refused", "7 V5 refused"], "{:?}", report.problems);
        assert_eq!(desk.number("SELECT COUNT(*) FROM receipt").await, 0, "nothing was posted");
    }
}

db_test! {
    async fn a_dry_run_of_receipts_leaves_no_trace(db: Db) {
        let desk = ordered(db, "PO,1,A,10,2026-08-01,EAST,Y,,,\n").await;
        let before = desk.dump().await;
        let report = desk.ask(Receipts, "po_id,line_no,quantity\nPO,1,4\n", |r| r.dry_run = true).await;
        assert_eq!((changes(&report), report.differences.len()), ((1, 0, 0), 1), "it says what would happen");
        assert_eq!(desk.dump().await, before, "and does nothing");
    }
}

db_test! {
    async fn a_receipt_covers_the_oldest_orders_first(db: Db) {
        let desk = ordered(db, "PO,1,A,100,2026-08-01,EAST,Y,10,5,\n").await;
        desk.import(Orders, "order_id,sku,quantity,ordered_at,po_id\nO2,A,30,2026-05-02,PO\nO1,A,30,2026-05-01,PO\n").await;
        desk.import(Receipts, "po_id,sku,quantity\nPO,A,40\n").await;
        assert_eq!(desk.number("SELECT allocated FROM po_line").await, 20, "60 are sold and 40 of them covered, so 20 weigh on the line");
        let line = "SELECT ordered - received - cancelled - buffer - allocated FROM po_line";
        assert_eq!(desk.number(line).await, 25, "100 − 40 − 5 − 10 − 20");
        desk.import(Orders, "order_id,sku,quantity,ordered_at,status\nO1,A,30,2026-05-01,CANCELLED\n").await;
        assert_eq!(desk.number("SELECT allocated FROM po_line").await, 0, "the receipt now covers the younger order whole");
    }
}
