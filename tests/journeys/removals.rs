//! Every way out of the catalog: the event, the next refresh, and the reason everywhere it is told. And who stays.
//!
//! Each journey lists the same three products from PO-1. ALONE has nothing else; OTHER and SAME have a later line on
//! PO-2, in the other list and in the same one.

use serde_json::{Value, json};

use crate::files::{change_of, listed};
use crate::support::{Presell, journey};

const LINES: [&str; 5] = [
    "PO-1,1,ALONE,10,2026-11-24,WH,Y,APPROVED",
    "PO-1,2,OTHER,10,2026-11-24,WH,Y,APPROVED",
    "PO-1,3,SAME,10,2026-11-24,WH,Y,APPROVED",
    "PO-2,1,OTHER,7,2026-12-20,WH,N,APPROVED",
    "PO-2,2,SAME,7,2026-12-20,WH,Y,APPROVED",
];

/// Brings the products in and lists them, all from PO-1.
fn list(presell: &Presell) {
    presell.json(&["settings", "set", "zone", "America/New_York"]);
    presell.takes("purchase-orders", &LINES);
    presell.takes("inventory", &["ALONE,0,WH", "OTHER,0,WH", "SAME,0,WH"]);
    assert_eq!(presell.json(&["refresh"])["added"], 3, "the products are listed before anything happens");
    for listed in presell.json(&["catalog"]).as_array().unwrap() {
        assert_eq!(
            (&listed["purchaseOrder"], &listed["category"]),
            (&"PO-1".into(), &"PRE_ORDER".into()),
            "from the first purchase order"
        );
    }
}

/// The line of PO-1 with another ending, for each of its three lines.
fn lines_with(ending: &str) -> Vec<String> {
    LINES.iter().filter(|line| line.starts_with("PO-1,")).map(|line| line.replace(",APPROVED", ending)).collect()
}

/// After the event, the next refresh takes this product off, and the reason is told in every place.
fn leaves(presell: &Presell, refreshed: &Value, sku: &str, reason: &str) {
    let change = change_of(refreshed, sku).unwrap_or_else(|| panic!("{sku} changes: {refreshed:#}"));
    assert_eq!(change["change"], "REMOVE", "{sku} leaves the list: {change:#}");
    assert_eq!(change["reasons"][0], reason, "the refresh names the reason: {change:#}");
    assert!(listed(&presell.json(&["catalog"]), sku).is_none(), "{sku} is in neither list any more");
    let why = presell.json(&["why", sku]);
    assert_eq!(
        (&why["decision"], &why["reasons"][0]),
        (&"NOT_LISTED".into(), &reason.into()),
        "why names the reason: {why:#}"
    );
    assert_eq!(why["listedNow"], Value::Null, "why knows that it is not listed");
    let last = &why["history"][0];
    assert_eq!(
        (&last["change"], &last["reasons"][0]),
        (&"REMOVE".into(), &reason.into()),
        "the history names the reason: {why:#}"
    );
    assert_eq!(last["purchaseOrder"], "PO-1", "and the purchase order that it was listed from");
    assert_eq!(why["history"][1]["change"], "ADD", "and remembers the listing");
}

/// The products with another line stay, in its list, with its date and its purchase order.
fn the_next_line_takes_over(presell: &Presell, refreshed: &Value) {
    for (sku, change, category, line) in [("OTHER", "MOVE", "BACKORDER", 1), ("SAME", "UPDATE", "PRE_ORDER", 2)] {
        let told = change_of(refreshed, sku).unwrap_or_else(|| panic!("{sku} changes: {refreshed:#}"));
        assert_eq!(told["change"], change, "{sku} stays, with the next line: {told:#}");
        let expected = json!({"category": category, "promiseDate": "2026-12-20", "purchaseOrder": "PO-2"});
        for (field, value) in expected.as_object().unwrap() {
            assert_eq!(&told[field], value, "{sku}: {field} in the refresh follows the next line");
        }
        let catalog = presell.json(&["catalog"]);
        let shown = listed(&catalog, sku).unwrap_or_else(|| panic!("{sku} stays in the catalog"));
        for (field, value) in expected.as_object().unwrap() {
            assert_eq!(&shown[field], value, "{sku}: {field} in the catalog follows the next line");
        }
        assert_eq!((&shown["line"], &shown["cap"]), (&line.into(), &7.into()), "{sku}: so do line and quantity");
        let why = presell.json(&["why", sku]);
        assert_eq!(why["history"][0]["change"], change, "{sku}: the history tells it: {why:#}");
        assert_eq!(why["nextChange"], "KEEP", "{sku}: and there is nothing left to do");
    }
}

/// The whole journey of a reason that lies in the purchase order.
fn goes(presell: &Presell, reason: &str, event: impl Fn()) {
    list(presell);
    event();
    let tried = presell.json(&["refresh", "--dry-run"]);
    assert_eq!(presell.json(&["catalog"]).as_array().unwrap().len(), 3, "a dry run changes nothing");
    let refreshed = presell.json(&["refresh"]);
    assert_eq!(tried["changes"], refreshed["changes"], "the dry run tells what the refresh then does");
    leaves(presell, &refreshed, "ALONE", reason);
    the_next_line_takes_over(presell, &refreshed);
    let nothing = presell.json(&["refresh"]);
    assert_eq!(
        (&nothing["examined"], &nothing["changes"]),
        (&0.into(), &json!([])),
        "afterwards there is nothing to look at"
    );
}

journey! {
    fn what_has_arrived_in_full_leaves(presell: Presell) {
        goes(&presell, "FULLY_RECEIVED", || {
            presell.takes("receipts", &["PO-1,1,10", "PO-1,2,10", "PO-1,3,10"]);
        });
    }
}

journey! {
    fn what_customers_have_bought_in_full_leaves(presell: Presell) {
        goes(&presell, "FULLY_PRESOLD", || {
            presell.takes("orders", &["S-1,1,ALONE,10,2026-11-23,OPEN", "S-1,2,OTHER,10,2026-11-23,OPEN", "S-1,3,SAME,10,2026-11-23,OPEN"]);
        });
    }
}

journey! {
    fn what_a_cancelled_purchase_order_would_bring_leaves(presell: Presell) {
        goes(&presell, "PO_CANCELLED", || { presell.takes("purchase-orders", &lines_with(",CANCELLED")); });
    }
}

journey! {
    fn what_a_completed_purchase_order_would_bring_leaves(presell: Presell) {
        goes(&presell, "PO_COMPLETED", || { presell.takes("purchase-orders", &lines_with(",COMPLETED")); });
    }
}

journey! {
    fn what_a_cancelled_line_would_bring_leaves(presell: Presell) {
        goes(&presell, "LINE_CANCELLED", || { presell.takes("purchase-orders", &lines_with(",APPROVED,CANCELLED")); });
    }
}

journey! {
    fn what_a_completed_line_would_bring_leaves(presell: Presell) {
        goes(&presell, "LINE_COMPLETED", || { presell.takes("purchase-orders", &lines_with(",APPROVED,COMPLETED")); });
    }
}

journey! {
    fn what_is_cancelled_piece_by_piece_leaves(presell: Presell) {
        goes(&presell, "LINE_CANCELLED", || { presell.takes("purchase-orders", &lines_with(",APPROVED,,,10")); });
    }
}

journey! {
    fn what_is_all_kept_back_leaves(presell: Presell) {
        goes(&presell, "BUFFER_ONLY", || { presell.takes("purchase-orders", &lines_with(",APPROVED,,,,10")); });
    }
}

journey! {
    fn what_another_store_gets_leaves(presell: Presell) {
        goes(&presell, "OUT_OF_SCOPE", || {
            presell.sql("INSERT INTO store (code, zone, created_at) VALUES ('outlet', 'UTC', 0)");
            presell.takes("purchase-orders", &lines_with(",APPROVED,,,,,outlet"));
        });
    }
}

journey! {
    fn what_did_not_come_by_its_date_leaves_at_midnight_of_the_store(presell: Presell) {
        goes(&presell, "DATE_PASSED", || {
            presell.at("2026-11-25T04:59:59Z");
            assert_eq!(presell.json(&["refresh"])["changes"], json!([]), "in New York it is the promised day until midnight");
            assert_eq!(presell.json(&["why", "ALONE"])["decision"], "LISTED", "a second before midnight the promise stands");
            presell.at("2026-11-25T05:00:00Z");
        });
    }
}

journey! {
    fn the_day_itself_is_too_late_where_the_store_says_so(presell: Presell) {
        goes(&presell, "DATE_PASSED", || {
            presell.json(&["settings", "set", "today_counts_as_future", "false"]);
            presell.at("2026-11-24T04:59:59Z");
            assert_eq!(presell.json(&["refresh"])["changes"], json!([]), "the day before, the promise stands");
            presell.at("2026-11-24T05:00:00Z");
        });
    }
}

journey! {
    fn what_is_in_stock_leaves_whatever_else_is_to_come(presell: Presell) {
        list(&presell);
        presell.takes("inventory", &["ALONE,1,WH", "OTHER,1,WH", "SAME,0,WH"]);
        let refreshed = presell.json(&["refresh"]);
        for sku in ["ALONE", "OTHER"] {
            leaves(&presell, &refreshed, sku, "IN_STOCK");
        }
        assert!(change_of(&refreshed, "SAME").is_none(), "what is still sold out stays as it is");
        presell.takes("inventory", &["ALONE,0,WH"]);
        assert_eq!(change_of(&presell.json(&["refresh"]), "ALONE").unwrap()["change"], "ADD", "sold out again, it comes back");
    }
}

journey! {
    fn what_a_person_excludes_leaves_whatever_else_is_to_come(presell: Presell) {
        list(&presell);
        presell.json(&["exclude", "ALONE", "OTHER"]);
        let refreshed = presell.json(&["refresh"]);
        for sku in ["ALONE", "OTHER"] {
            leaves(&presell, &refreshed, sku, "EXCLUDED");
        }
        assert!(change_of(&refreshed, "SAME").is_none(), "nobody excluded the third");
        presell.json(&["exclude", "ALONE", "--undo"]);
        assert_eq!(change_of(&presell.json(&["refresh"]), "ALONE").unwrap()["change"], "ADD", "let in again, it comes back");
    }
}

journey! {
    fn goods_for_a_place_that_belongs_to_no_store_are_nobodys_to_promise(presell: Presell) {
        list(&presell);
        presell.sql("DELETE FROM store_facility");
        let refreshed = presell.json(&["refresh", "--full"]);
        assert_eq!(refreshed["removed"], 3, "no line supplies the store any more: {refreshed:#}");
        leaves(&presell, &refreshed, "ALONE", "OUT_OF_SCOPE");
        leaves(&presell, &refreshed, "OTHER", "OUT_OF_SCOPE");
    }
}
