//! The checks against what is known already: V8 to V10, V15 and V17, the dry run, and taking an import back.

use serde_json::{Value, json};

use crate::files::{change_of, listed};
use crate::findings::Finding;
use crate::support::{Presell, journey};

fn asks<'a>(code: &'a str, words: &'a [&'a str]) -> Finding<'a> {
    Finding { code, severity: "asks", row: Some(2), column: None, words }
}

fn refused<'a>(code: &'a str, words: &'a [&'a str]) -> Finding<'a> {
    Finding { severity: "refused", ..asks(code, words) }
}

journey! {
    fn one_line_stands_once_in_a_file(presell: Presell) {
        let presell = presell.with_stock_and_orders();
        let po = |rows: &[&str]| presell.rows("purchase-orders", rows);
        let partly = |file: String, finding: Finding<'_>| {
            let report = presell.json(&["import", "purchase-orders", &file, "--dry-run"]);
            assert_eq!((&report["accepted"], &report["refused"]), (&1.into(), &1.into()), "the other row goes on: {report:#}");
            finding.is_told(&report["problems"], &file);
        };
        partly(po(&["PO-9,1,B,5,2026-12-15,WH,Y,OPEN", "PO-9,1,B,6,2026-12-15,WH,Y,OPEN"]), Finding { row: Some(3), ..refused("V8", &["row 2"]) });
        let twice = po(&["PO-9,,B,5,2026-12-15,WH,Y,OPEN", "PO-9,,B,6,2026-12-15,WH,Y,OPEN"]);
        partly(twice, Finding { row: Some(3), ..asks("V8", &["B stands twice", "PO-9", "Confirm to keep both"]) });
        presell.passes("purchase-orders", &po(&["PO-9,1,B,5,2026-12-15,WH,Y,OPEN", "PO-9,2,B,6,2026-12-15,WH,Y,OPEN"]), &[]);
        presell.passes("purchase-orders", &po(&["PO-9,,B,5,2026-12-15,WH,Y,OPEN", "PO-9,,B,6,2026-12-16,WH,Y,OPEN"]), &[]);
        presell.json(&["import", "purchase-orders", &po(&["PO-9,,B,5,2026-12-15,WH,Y,OPEN", "PO-9,,B,6,2026-12-15,WH,Y,OPEN"]), "--confirm"]);
        assert_eq!(presell.json(&["why", "B"])["lines"].as_array().unwrap().len(), 2, "confirmed, both are kept");
    }
}

journey! {
    fn a_known_purchase_order_shows_old_and_new_and_asks(presell: Presell) {
        let presell = presell.with_stock_and_orders();
        let po = |row: &str| presell.rows("purchase-orders", &[row]);
        presell.leaves_out("purchase-orders", &po("PO-1,1,A,12,2026-12-20,WH,Y,APPROVED"), &[],
            &asks("V9", &["PO-1 line 1 is known already", "quantity 10 → 12", "arrival_date 2026-12-15 → 2026-12-20"]));
        presell.leaves_out("purchase-orders", &po("PO-1,1,A,10,2026-12-15,WH,N,APPROVED"), &[], &asks("V9", &["is_new Y → N"]));
        let same = presell.passes("purchase-orders", &po("PO-1,1,A,10,2026-12-15,WH,Y,APPROVED"), &["--confirm"]);
        assert_eq!(same["changes"], json!({"new": 0, "changed": 0, "unchanged": 1}), "the same line again is no change");
        let more = presell.passes("purchase-orders", &po("PO-1,,B,4,2026-12-15,WH,Y,APPROVED"), &[]);
        assert_eq!(more["changes"]["new"], 1, "a later file may hold any part of a purchase order");

        for (how, new, changed) in [("skip", 0, 0), ("append", 1, 0), ("update", 1, 1)] {
            let file = presell.rows("purchase-orders", &["PO-1,1,A,11,2026-12-15,WH,Y,APPROVED", "PO-1,2,B,4,2026-12-15,WH,Y,APPROVED"]);
            let report = presell.passes("purchase-orders", &file, &["--known", how, "--confirm"]);
            assert_eq!((&report["changes"]["new"], &report["changes"]["changed"]), (&new.into(), &changed.into()), "--known {how}: {report:#}");
        }
        presell.takes("purchase-orders", &["PO-1,2,B,4,2026-12-15,WH,Y,APPROVED"]);
        let part = po("PO-1,2,B,4,2026-12-15,WH,Y,APPROVED,,,,1");
        let missing = Finding { row: None, ..asks("V9", &["PO-1 line 1 (A) is missing in the file", "Confirm to cancel"]) };
        let report = presell.json(&["import", "purchase-orders", &part, "--known", "replace", "--dry-run"]);
        missing.is_told(&report["problems"], "replace");
        presell.json(&["import", "purchase-orders", &part, "--known", "replace", "--confirm"]);
        assert_eq!(presell.json(&["why", "A"])["reasons"][0], "LINE_CANCELLED", "replace cancels what the file leaves out");
    }
}

journey! {
    fn a_change_that_breaks_a_promise_asks_twice(presell: Presell) {
        let presell = presell.with_stock_and_orders();
        presell.takes("orders", &["S-1,1,A,6,2026-11-20,OPEN,PO-1,1"]);
        presell.takes("purchase-orders", &["PO-8,1,B,5,2026-12-15,WH,Y,COMPLETED"]);
        let po = |row: &str| presell.rows("purchase-orders", &[row]);
        presell.leaves_out("purchase-orders", &po("PO-1,1,A,5,2026-12-15,WH,Y,APPROVED"), &[],
            &asks("V10", &["5 pieces are fewer", "6 promised to customers", "oversold"]));
        presell.leaves_out("purchase-orders", &po("PO-8,1,B,7,2026-12-15,WH,Y,COMPLETED"), &[], &asks("V10", &["PO-8 line 1 is closed"]));
        presell.leaves_out("purchase-orders", &po("PO-1,1,B,10,2026-12-15,WH,Y,APPROVED"), &[], &refused("V10", &["pre-sold", "Add a new line"]));
        let kept = presell.passes("purchase-orders", &po("PO-1,1,A,6,2026-12-15,WH,Y,APPROVED"), &["--confirm"]);
        assert!(!kept["problems"].to_string().contains("V10"), "six pieces keep the promise of six: {kept:#}");
        presell.takes("purchase-orders", &["PO-1,1,A,5,2026-12-15,WH,Y,APPROVED"]);
        assert_eq!(presell.json(&["why", "A"])["lines"][0]["oversold"], 1, "confirmed, the missing piece is shown as oversold");
    }
}

journey! {
    fn the_same_file_again_asks(presell: Presell) {
        let presell = presell.with_stock_and_orders();
        let file = presell.rows("purchase-orders", &["PO-9,1,B,5,2026-12-15,WH,Y,OPEN"]);
        presell.passes("purchase-orders", &file, &[]);
        let first = presell.json(&["import", "purchase-orders", &file]);
        let words = format!("imported before (import {},", first["importId"]);
        presell.leaves_out("purchase-orders", &file, &[], &Finding { row: None, ..asks("V15", &[&words, "Confirm"]) });
        presell.json(&["import", "undo", &first["importId"].to_string()]);
        presell.passes("purchase-orders", &file, &[]);
    }
}

journey! {
    fn a_file_of_which_nothing_was_taken_was_not_imported(presell: Presell) {
        let presell = presell.with_stock_and_orders();
        for (kind, row) in [("purchase-orders", "PO-9,1,NEW,5,2026-12-15,WH,Y,OPEN"), ("inventory", "NEW,5,WH"), ("orders", "S-1,1,NEW,5,2026-11-20,OPEN")] {
            let file = presell.rows(kind, &[row]);
            let report = presell.json(&["import", kind, &file]);
            assert_eq!(report["importId"], serde_json::Value::Null, "{kind}: nothing was taken, so there is no import: {report:#}");
            presell.passes(kind, &file, &["--create"]);
        }
    }
}

journey! {
    fn a_receipt_must_belong_to_a_line_and_not_exceed_it_unasked(presell: Presell) {
        let presell = presell.with_stock_and_orders();
        let file = |row: &str| presell.rows("receipts", &[row]);
        let column = |column, finding| Finding { column: Some(column), ..finding };
        presell.leaves_out("receipts", &file("PO-77,1,5"), &[], &column("po_id", refused("V17", &["no purchase order PO-77", "import the purchase order first"])));
        presell.leaves_out("receipts", &file("PO-1,9,5"), &[], &refused("V17", &["PO-1 has no line 9"]));
        presell.leaves_out("receipts", &file("PO-1,1,-5"), &[], &column("quantity", refused("V5", &["cannot be negative", "totals"])));
        presell.leaves_out("receipts", &file("PO-1,1,11"), &[], &asks("V17", &["1 more than purchase order PO-1 still misses of A", "Confirm"]));
        presell.passes("receipts", &file("PO-1,1,10"), &[]);
        let orders = |row: &str| presell.rows("orders", &[row]);
        presell.leaves_out("orders", &orders("S-1,1,A,1,2026-11-20,OPEN,PO-77,1"), &[], &refused("V17", &["no purchase order PO-77"]));
        presell.leaves_out("orders", &orders("S-1,1,B,1,2026-11-20,OPEN,PO-1,1"), &[], &refused("V17", &["PO-1 has no line", "brings B"]));
        presell.leaves_out("orders", &orders("S-1,1,A,1,2026-11-20,LOST"), &[], &column("status", refused("V11", &["not a status", "OPEN"])));
        presell.leaves_out("orders", &orders("S-1,1,A,1,,OPEN"), &[], &column("ordered_at", refused("V3", &["empty"])));
        presell.passes("orders", &orders("S-1,1,A,1,2026-11-20,OPEN,PO-1,1"), &[]);
    }
}

journey! {
    fn an_import_can_be_taken_back_until_something_rests_on_it(presell: Presell) {
        let presell = presell.with_stock_and_orders();
        let before = presell.json(&["why", "A"]);
        let changed = presell.takes("purchase-orders", &["PO-1,1,A,3,2026-12-20,WH,N,APPROVED", "PO-9,1,NEW,5,2026-12-15,WH,Y,OPEN"]);
        let id = changed["importId"].to_string();
        presell.json(&["refresh"]);
        assert_eq!(presell.json(&["catalog"]).as_array().unwrap().len(), 2, "the import had its effect");
        let undone = presell.json(&["import", "undo", &id]);
        assert!(undone["removed"].as_i64() > Some(0) && undone["restored"].as_i64() > Some(0), "what was new goes, what was changed comes back: {undone}");
        assert_eq!(presell.json(&["why", "A"])["lines"], before["lines"], "the line is as it was");
        let refreshed = presell.json(&["refresh"]);
        assert_eq!(change_of(&refreshed, "A").unwrap()["change"], "MOVE", "the next refresh follows: {refreshed:#}");
        assert!(listed(&presell.json(&["catalog"]), "NEW").is_none(), "what only that file brought is listed no more");
        assert_eq!(presell.json(&["imports"])[0]["state"], "undone", "the list of imports remembers it");

        let (status, error) = presell.error(&["import", "undo", &id]);
        assert_eq!((status, &error["code"]), (1, &"refused".into()), "it cannot be taken back twice: {error}");
        assert_eq!(presell.error(&["import", "undo", "777"]).0, 1, "nor can one that never was");
        let first = presell.takes("purchase-orders", &["PO-5,1,B,5,2026-12-15,WH,Y,OPEN"])["importId"].to_string();
        presell.takes("purchase-orders", &["PO-5,1,B,6,2026-12-15,WH,Y,OPEN"]);
        let state = presell.state(&["A", "B"]);
        let (status, error) = presell.error(&["import", "undo", &first]);
        assert_eq!((status, &error["code"]), (1, &"refused".into()), "a later change rests on it: {error}");
        assert!(error["message"].as_str().unwrap().contains("cannot be undone any more"), "which is said: {error}");
        assert_eq!(presell.state(&["A", "B"]), state, "and nothing is half undone");
    }
}

journey! {
    fn a_refused_row_leaves_no_new_product_behind(presell: Presell) {
        let presell = presell.with_stock_and_orders();
        let rows = ["PO-9,1,NOBODY,5,2026-12-15,WH,Y,OPEN", "PO-9,2,A,5,2026-12-15,WH,Y,CANCELLED"];
        let file = presell.rows("purchase-orders", &rows);
        let told = presell.json(&["import", "purchase-orders", &file, "--create"]);
        assert_eq!(told["accepted"], 0, "rows that disagree on their order's status are refused");
        assert_eq!(told["importId"], Value::Null, "an import that took nothing is not recorded");
        assert_eq!(presell.run(&["why", "NOBODY"]).status, 1, "a refused row adds no product");
    }
}

journey! {
    fn a_new_line_that_comes_cancelled_among_open_ones_asks(presell: Presell) {
        let header = "po_id,line_no,sku,quantity,arrival_date,facility,is_new,order_status,item_status\n";
        let rows = "PO-9,1,A,5,2026-12-15,WH,Y,OPEN,OPEN\nPO-9,2,B,5,2026-12-15,WH,Y,OPEN,CANCELLED\n";
        let file = presell.file("partly.csv", &format!("{header}{rows}"));
        let told = presell.json(&["import", "purchase-orders", &file]);
        assert_eq!((&told["accepted"], &told["unconfirmed"]), (&1.into(), &1.into()), "the cancelled line waits");
        let asked = told["problems"].as_array().unwrap().iter().any(|p| p["code"] == "V11" && p["row"] == 3);
        assert!(asked, "a partly cancelled order asks: {told}");
        let told = presell.json(&["import", "purchase-orders", &file, "--create", "--confirm"]);
        assert_eq!(told["accepted"], 2, "a confirmation takes it");
    }
}
