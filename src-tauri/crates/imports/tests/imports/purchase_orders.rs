use presell_imports::Known;
use presell_imports::headers::Kind::PurchaseOrders;
use presell_store::db_test;

use crate::support::{Desk, ORDERED, changes, findings};

const LINES: &str = "PO,1,A,10,2026-08-01,EAST,Y,,,\nPO,2,B,20,2026-08-01,EAST,N,,,\n";
const STATE: &str = "SELECT line_no || ':' || ordered || ':' || status FROM po_line ORDER BY line_no";

async fn ordered(db: presell_store::Db) -> Desk {
    let desk = Desk::new(db).await;
    let report = desk.import(PurchaseOrders, &format!("{ORDERED}{LINES}")).await;
    assert_eq!((changes(&report), report.products_touched), ((2, 0, 0), 2), "{:?}", report.problems);
    desk
}

db_test! {
    async fn the_same_lines_again_change_nothing(db: Db) {
        let desk = ordered(db).await;
        let before = desk.dump().await;
        let report = desk.import(PurchaseOrders, &format!("{ORDERED}{LINES}\n")).await;
        assert_eq!(changes(&report), (0, 0, 2), "{:?}", report.problems);
        assert_eq!(desk.dump().await, before, "nothing is written for lines that are the same");
    }
}

db_test! {
    async fn a_change_of_a_known_line_asks_and_is_taken_when_confirmed(db: Db) {
        let desk = ordered(db).await;
        let text = format!("{ORDERED}PO,1,A,12,2026-08-01,EAST,Y,,,\n");
        let report = desk.import(PurchaseOrders, &text).await;
        assert_eq!((findings(&report)[0].as_str(), report.unconfirmed, report.differences.len()), ("2 V9 asks", 1, 1), "old and new are shown");
        assert_eq!(desk.texts(STATE).await, ["1:10:CREATED", "2:20:CREATED"], "nothing changes unasked");
        let report = desk.ask(PurchaseOrders, &text, |r| r.confirm = true).await;
        assert_eq!(changes(&report), (0, 1, 0));
        assert_eq!(desk.texts(STATE).await, ["1:12:CREATED", "2:20:CREATED"], "the confirmed change is made");
    }
}

db_test! {
    async fn a_known_order_can_be_replaced_appended_to_or_skipped(db: Db) {
        let desk = ordered(db).await;
        let text = format!("{ORDERED}PO,1,A,11,2026-08-01,EAST,Y,,,\nPO,3,C,5,2026-08-01,EAST,Y,,,\n");
        let with = |known| move |r: &mut presell_imports::Request| { r.known = known; r.confirm = true; r.create = Some(true); };
        desk.ask(PurchaseOrders, &text, with(Known::Skip)).await;
        assert_eq!(desk.texts(STATE).await, ["1:10:CREATED", "2:20:CREATED"], "skipped");
        desk.ask(PurchaseOrders, &text, with(Known::Append)).await;
        assert_eq!(desk.texts(STATE).await, ["1:10:CREATED", "2:20:CREATED", "3:5:CREATED"], "only the new line is added");
        desk.ask(PurchaseOrders, &text, with(Known::Replace)).await;
        assert_eq!(desk.texts(STATE).await, ["1:11:CREATED", "2:20:CANCELLED", "3:5:CREATED"], "what the file leaves out is cancelled");
    }
}

db_test! {
    async fn lines_that_a_replacing_file_leaves_out_wait_while_its_own_rows_are_taken(db: Db) {
        let desk = ordered(db).await;
        let text = format!("{ORDERED}PO,1,A,10,2026-08-01,EAST,Y,,,\nPO,3,C,5,2026-08-01,EAST,Y,,,\n");
        let report = desk.ask(PurchaseOrders, &text, |r| { r.known = Known::Replace; r.create = Some(true); }).await;
        assert_eq!((report.accepted, report.refused, report.lines_waiting), (2, 0, 1), "a line to cancel holds up no row");
        assert_eq!(desk.texts(STATE).await, ["1:10:CREATED", "2:20:CREATED", "3:5:CREATED"], "nothing is cancelled unasked");
        assert!(report.import_id.is_some(), "what was written belongs to an import that can be undone");
    }
}

db_test! {
    async fn rows_that_disagree_on_their_order_keep_all_of_it_out(db: Db) {
        let desk = Desk::new(db).await;
        let text = format!("{ORDERED}PX,1,A,10,2026-08-01,EAST,Y,,,APPROVED\nPX,2,B,20,2026-08-01,EAST,N,,,COMPLETED\nPY,1,A,1,2026-08-01,EAST,Y,,,\n");
        let report = desk.import(PurchaseOrders, &text).await;
        assert_eq!(findings(&report).iter().filter(|f| f.ends_with("V11 refused")).count(), 2, "{:?}", report.problems);
        assert_eq!(desk.texts("SELECT code FROM purchase_order").await, ["PY"], "an order is there whole or not at all");
    }
}
