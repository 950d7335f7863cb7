use presell_imports::headers::Kind::{Orders, PurchaseOrders};
use presell_store::db_test;

use crate::support::{Desk, ORDERED, changes, findings};

const HEAD: &str = "order_id,item_seq,sku,quantity,ordered_at,status,po_id,po_line\n";
const ITEMS: &str = "SELECT order_code || item_seq || ':' || quantity || ':' || status || ':' || queue || ':' || COALESCE(CAST(promised AS TEXT), '-') || CASE WHEN waiting_for_po THEN ':waits' ELSE '' END FROM order_item ORDER BY order_code, item_seq";
const LINES: &str = "SELECT line_no || ':' || allocated FROM po_line ORDER BY line_no";

/// Two lines of A, the earlier one small, and A listed for pre-order; B is on order and not listed.
async fn listed(db: presell_store::Db) -> Desk {
    let desk = Desk::new(db).await;
    let lines = "PO,1,A,10,2026-08-01,EAST,Y,,,\nPO,2,A,50,2026-09-01,EAST,Y,,,\nPO,3,B,50,2026-09-01,EAST,N,,,\n";
    let report = desk.import(PurchaseOrders, &format!("{ORDERED}{lines}")).await;
    assert_eq!(report.refused, 0, "{:?}", report.problems);
    desk.run("INSERT INTO member (store_id, product_id, category, line_id, promise_date, cap, since)
              SELECT s.id, p.id, 'PRE_ORDER', 1, '2026-08-01', 10, 0 FROM store s CROSS JOIN product p WHERE p.sku = 'A'").await;
    desk
}

db_test! {
    async fn items_of_a_listed_product_are_parked_and_served_first_come_first_served(db: Db) {
        let desk = listed(db).await;
        let text = format!("{HEAD}O3,1,A,60,2026-05-03,,,\nO2,1,A,8,2026-05-02,,,\nO1,1,A,4,2026-05-01,,,\nO1,2,B,1,2026-05-01,,,\n");
        let report = desk.import(Orders, &text).await;
        assert_eq!(changes(&report), (4, 0, 0), "{:?}", report.problems);
        assert_eq!(desk.texts(ITEMS).await, [
            "O11:4:OPEN:PRE_ORDER_PARKING:2026-08-01",
            "O12:1:OPEN:_NA_:-",
            "O21:8:OPEN:PRE_ORDER_PARKING:2026-09-01",
            "O31:60:OPEN:PRE_ORDER_PARKING:2026-09-01:waits",
        ], "the oldest takes the first line that holds all of it; what fits nowhere is spread and waits; B is not listed");
        assert_eq!(desk.texts(LINES).await, ["1:10", "2:50", "3:0"], "no line gives more than it has");
        let before = desk.dump().await;
        let again = desk.ask(Orders, &text, |r| r.confirm = true).await;
        assert_eq!(changes(&again), (0, 0, 4), "the same orders again are no news");
        assert_eq!(desk.dump().await, before, "and nothing is written");
    }
}

db_test! {
    async fn cancelling_frees_the_pieces_at_once_and_a_new_quantity_is_allocated_anew(db: Db) {
        let desk = listed(db).await;
        desk.import(Orders, &format!("{HEAD}O1,1,A,10,2026-05-01,,,\nO2,1,A,5,2026-05-02,,,\n")).await;
        assert_eq!(desk.texts(LINES).await, ["1:10", "2:5", "3:0"]);
        let report = desk.import(Orders, &format!("{HEAD}O1,1,A,10,2026-05-01,ITEM_CANCELLED,,\nO2,1,A,6,2026-05-02,,,\n")).await;
        assert_eq!((changes(&report), report.differences.len(), report.refused), ((0, 2, 0), 2, 0), "known orders change without asking");
        assert_eq!(desk.texts(LINES).await, ["1:6", "2:0", "3:0"], "the younger order moves up into the freed line");
        desk.import(Orders, &format!("{HEAD}O2,1,A,6,2026-05-02,SHIPPED,,\n")).await;
        assert_eq!(desk.texts(ITEMS).await, ["O11:10:CANCELLED:_NA_:2026-08-01", "O21:6:COMPLETED:_NA_:2026-08-01"]);
        assert_eq!(desk.number("SELECT COUNT(*) FROM allocation").await, 1, "a shipped item keeps its allocation: it used up a receipt");
    }
}

db_test! {
    async fn a_link_to_a_purchase_order_is_a_fact_even_where_it_oversells(db: Db) {
        let desk = listed(db).await;
        let report = desk.import(Orders, &format!("{HEAD}O1,,B,54,2026-05-01,,PO,\nO2,,A,5,2026-05-02,,PO,2\n")).await;
        assert_eq!(report.refused, 0, "{:?}", report.problems);
        assert_eq!(desk.texts(LINES).await, ["1:0", "2:5", "3:54"], "the link names the line; 4 of B are oversold");
        assert_eq!(desk.texts(ITEMS).await, ["O11:54:OPEN:BACKORDER_PARKING:2026-09-01", "O21:5:OPEN:PRE_ORDER_PARKING:2026-09-01"], "parked by the kind of their line");
    }
}

db_test! {
    async fn items_without_numbers_find_their_own_and_wrong_rows_are_refused(db: Db) {
        let desk = listed(db).await;
        desk.import(Orders, &format!("{HEAD}O1,5,A,1,2026-05-01,,,\n")).await;
        let report = desk.import(Orders, &format!("{HEAD}O1,,A,2,2026-05-01,,,\nO1,,B,1,2026-05-01,,,\n")).await;
        assert_eq!(changes(&report), (1, 1, 0), "A is known, B takes the next number");
        assert_eq!(desk.number("SELECT MAX(item_seq) FROM order_item").await, 6);
        let text = format!("{HEAD}O7,1,A,1,2026-05-01,,,\nO7,1,B,1,2026-05-01,,,\nO8,1,A,1,2026-05-01,,PX,\nO8,2,B,1,2026-05-01,,PO,1\nO9,1,A,1,2026-05-01,lost,,\nO1,5,B,2,2026-05-01,,,\nO9,1,Z,1,2026-05-01,,,\nO9,1,A,-1,2026-05-01,,,\n");
        let report = desk.import(Orders, &text).await;
        assert_eq!(findings(&report), ["3 V8 refused", "4 V17 refused", "5 V17 refused", "6 V11 refused", "7 V9 refused", "8 V6 refused", "9 V5 refused"], "{:?}", report.problems);
        assert_eq!(report.accepted, 1);
    }
}

db_test! {
    async fn a_dry_run_of_orders_leaves_no_trace(db: Db) {
        let desk = listed(db).await;
        let before = desk.dump().await;
        let report = desk.ask(Orders, &format!("{HEAD}O1,1,A,10,2026-05-01,,,\n"), |r| r.dry_run = true).await;
        assert_eq!((changes(&report), report.import_id), ((1, 0, 0), None));
        assert_eq!(desk.dump().await, before, "a dry run writes nothing");
    }
}
