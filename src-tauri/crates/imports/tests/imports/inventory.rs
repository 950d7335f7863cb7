use presell_imports::headers::Kind::{Inventory, PurchaseOrders};
use presell_store::db_test;

use crate::support::{Desk, ORDERED, changes, findings};

const STOCK: &str =
    "sku,quantity,facility,as_of\nA,5,EAST,2026-05-30 08:00\nB,-2,EAST,2026-05-30 08:00\nA,7,WEST,2026-05-30 08:00\n";

db_test! {
    async fn a_first_file_is_taken_and_a_second_identical_one_asks_and_then_changes_nothing(db: Db) {
        let desk = Desk::new(db).await;
        let report = desk.import(Inventory, STOCK).await;
        assert_eq!((changes(&report), findings(&report)), ((3, 0, 0), vec!["3 V16 note".to_owned()]), "a negative stock is kept and noted");
        assert_eq!(desk.number("SELECT CAST(SUM(atp) AS BIGINT) FROM stock").await, 10, "stock keeps its sign");
        assert_eq!(desk.number("SELECT MIN(as_of) FROM stock").await, 1_780_120_800_000, "wall times are those of the store");
        let before = desk.dump().await;
        let again = desk.import(Inventory, STOCK).await;
        assert_eq!((again.refused, again.unconfirmed, again.import_id), (3, 3, None), "the same file asks as a whole");
        let again = desk.ask(Inventory, STOCK, |r| r.confirm = true).await;
        assert_eq!(changes(&again), (0, 0, 3), "nothing differs");
        assert_eq!(again.products_touched, 0, "products whose stock is the same are not looked at again");
        assert_eq!(desk.dump().await, before, "a file without news writes nothing");
    }
}

db_test! {
    async fn a_later_count_replaces_and_an_older_one_is_left_out(db: Db) {
        let desk = Desk::new(db).await;
        desk.import(Inventory, STOCK).await;
        desk.run("DELETE FROM dirty").await;
        let report = desk.import(Inventory, "sku,quantity,facility,as_of\nA,9,EAST,2026-05-31\nB,0,EAST,2026-05-29\n").await;
        assert_eq!(changes(&report), (0, 1, 1), "B was counted before what is known");
        assert!(findings(&report).contains(&"3 V16 note".to_owned()), "the older row is noted: {:?}", report.problems);
        assert_eq!(report.differences.len(), 1, "the changed record is shown");
        assert_eq!(desk.texts("SELECT sku FROM product p JOIN dirty d ON d.product_id = p.id").await, ["A"], "only A changed");
        assert_eq!(desk.number("SELECT atp FROM stock s JOIN product p ON p.id = s.product_id WHERE sku = 'B'").await, -2, "B stays");
    }
}

db_test! {
    async fn available_pieces_count_before_pieces_on_hand(db: Db) {
        let desk = Desk::new(db).await;
        let report = desk.import(Inventory, "sku,qoh,atp,facility\nA,10,4,EAST\nB,10,many,EAST\n").await;
        assert_eq!(findings(&report), ["3 V16 refused"], "what cannot be read is refused");
        assert_eq!(desk.number("SELECT atp FROM stock").await, 4, "ATP is what can be promised");
    }
}

db_test! {
    async fn a_record_that_stands_twice_asks_and_the_later_row_counts(db: Db) {
        let desk = Desk::new(db).await;
        let text = "sku,quantity,facility\nA,1,EAST\nB,3,EAST\nA,2,EAST\n";
        let report = desk.import(Inventory, text).await;
        assert_eq!(findings(&report), ["2 V8 asks", "4 V8 asks"], "which of the two is true is for a person to say");
        assert_eq!(desk.texts("SELECT sku FROM stock s JOIN product p ON p.id = s.product_id").await, ["B"], "neither was taken");
        let report = desk.ask(Inventory, text, |r| { r.confirm = true; r.create = Some(true); }).await;
        assert_eq!((report.accepted, report.refused), (3, 0), "confirmed, all rows are taken");
        assert_eq!(desk.number("SELECT atp FROM stock s JOIN product p ON p.id = s.product_id WHERE sku = 'A'").await, 2, "the later row counts");
    }
}

db_test! {
    async fn a_complete_file_leaves_missing_records_unless_told_to_zero_them(db: Db) {
        let desk = Desk::new(db).await;
        desk.import(Inventory, STOCK).await;
        let report = desk.ask(Inventory, "sku,quantity,facility\nA,5,EAST\n", |r| r.complete = true).await;
        assert!(findings(&report).contains(&"- V16 note".to_owned()), "the missing record of EAST is counted: {:?}", report.problems);
        assert!(report.problems.iter().any(|p| p.message.starts_with("1 stock record")), "WEST is not named by the file: {:?}", report.problems);
        assert_eq!(desk.number("SELECT CAST(SUM(atp) AS BIGINT) FROM stock").await, 10, "left as it was");
        let bad = "sku,quantity,facility\nA,6,EAST\nX#REF!,1,EAST\nB,?,EAST\n";
        desk.ask(Inventory, bad, |r| { r.complete = true; r.zero_missing = true; }).await;
        assert_eq!(desk.number("SELECT COUNT(*) FROM stock WHERE atp = -2").await, 1, "a file with refused rows is not complete");
        desk.ask(Inventory, "sku,quantity,facility\nA,7,EAST\n", |r| { r.complete = true; r.zero_missing = true; }).await;
        assert_eq!(desk.number("SELECT CAST(SUM(atp) AS BIGINT) FROM stock").await, 14, "B at EAST is 0 now, WEST stays");
    }
}

db_test! {
    async fn a_dry_run_leaves_no_trace(db: Db) {
        let desk = Desk::new(db).await;
        desk.import(PurchaseOrders, &format!("{ORDERED}PO,1,A,5,2026-08-01,EAST,Y,,,\n")).await;
        let (before, marks) = (desk.dump().await, desk.number("SELECT COUNT(*) FROM dirty").await);
        let report = desk.ask(Inventory, STOCK, |r| { r.dry_run = true; r.create = Some(true); }).await;
        assert_eq!((changes(&report), report.import_id), ((3, 0, 0), None), "a dry run says what would happen");
        assert_eq!(desk.dump().await, before, "and writes nothing");
        assert_eq!(desk.number("SELECT COUNT(*) FROM dirty").await, marks, "not even a mark");
        assert_eq!(desk.number("SELECT COUNT(*) FROM import").await, 1, "nor a record");
    }
}

db_test! {
    async fn unknown_names_are_refused(db: Db) {
        let desk = Desk::new(db).await;
        desk.import(Inventory, STOCK).await;
        let report = desk.import(Inventory, "sku,quantity,facility\nZ,1,EAST\nA,1,NORTH\n").await;
        assert_eq!(findings(&report), ["2 V6 refused", "3 V7 refused"], "nothing is added unasked");
        assert_eq!(report.import_id, None, "nothing was taken, so nothing is recorded");
    }
}
