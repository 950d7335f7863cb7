//! The two numbers everything rests on: pieces left of a purchase order line, and pieces the web shop can sell.

use serde_json::Value;

use crate::files::sum;
use crate::support::{Presell, journey};

/// Ordered, received, cancelled, buffer, pieces that customers ordered; PO ATP, oversold, reason.
const PO_ATP: [(&str, [i64; 5], i64, i64, &str); 7] = [
    ("FREE", [100, 0, 0, 0, 0], 100, 0, ""),
    ("PARTLY", [100, 40, 5, 10, 60], 25, 0, ""),
    ("SOLD", [50, 0, 0, 5, 45], 0, 0, "FULLY_PRESOLD"),
    ("ARRIVED", [50, 50, 0, 0, 0], 0, 0, "FULLY_RECEIVED"),
    ("KEPT", [10, 0, 0, 10, 0], 0, 0, "BUFFER_ONLY"),
    ("CALLED-OFF", [30, 0, 30, 0, 0], 0, 0, "LINE_CANCELLED"),
    ("OVERSOLD", [100, 0, 0, 0, 104], 0, 4, "FULLY_PRESOLD"),
];

fn term(terms: &Value, name: &str) -> i64 {
    let found = terms.as_array().unwrap().iter().find(|term| term["name"] == name);
    found.unwrap_or_else(|| panic!("there is a term {name}: {terms}"))["value"].as_i64().unwrap()
}

journey! {
    fn a_line_has_left_what_no_one_received_cancelled_kept_back_or_bought(presell: Presell) {
        let lines: Vec<String> = PO_ATP.iter().enumerate().map(|(i, (sku, [o, r, c, b, _], ..))| {
            format!("PO-{i},1,{sku},{o},2026-12-15,WH,Y,APPROVED,,{r},{c},{b}")
        }).collect();
        presell.takes("purchase-orders", &lines);
        presell.takes("inventory", &PO_ATP.map(|(sku, ..)| format!("{sku},0,WH")));
        let orders: Vec<String> = PO_ATP.iter().enumerate().filter(|(_, case)| case.1[4] > 0).map(|(i, (sku, n, ..))| {
            format!("S-{i},1,{sku},{},2026-11-02,OPEN,PO-{i},1", n[4])
        }).collect();
        presell.takes("orders", &orders);
        presell.json(&["refresh"]);
        for (sku, [ordered, received, cancelled, buffer, sold], atp, oversold, code) in PO_ATP {
            let why = presell.json(&["why", sku]);
            let line = &why["lines"][0];
            assert_eq!(line["poAtp"], atp, "{sku}: the PO ATP: {line:#}");
            assert_eq!(line["oversold"], oversold, "{sku}: pieces promised beyond what comes: {line:#}");
            let uncovered = sold - received.min(sold);
            for (name, value) in [("ORDERED", ordered), ("RECEIVED", -received), ("CANCELLED", -cancelled), ("BUFFER", -buffer), ("ALLOCATED", -uncovered)] {
                assert_eq!(term(&line["terms"], name), value, "{sku}: the term {name}: {line:#}");
            }
            assert_eq!(sum(&line["terms"]), atp, "{sku}: the terms add up: {line:#}");
            assert_eq!(line["qualifies"], code.is_empty(), "{sku}: a line with nothing left carries no promise");
            assert_eq!(why["reasons"].get(0).and_then(Value::as_str).unwrap_or(""), code, "{sku}: the reason: {why:#}");
            assert_eq!(why["decision"], if code.is_empty() { "LISTED" } else { "NOT_LISTED" }, "{sku}: the decision follows");
        }
        let oversold = presell.run(&["why", "OVERSOLD"]).stdout;
        assert!(oversold.contains("oversold") || oversold.contains("more than"), "a person is told of oversold pieces: {oversold}");
    }
}

/// Checks the online stock of a product.
fn online(presell: &Presell, sku: &str, expected: i64, rule: &str) -> Value {
    let stock = presell.json(&["why", sku])["stock"].clone();
    assert_eq!(stock["onlineAtp"], expected, "{sku}: {rule}: {stock:#}");
    assert_eq!(stock["known"], true, "{sku}: with a record, stock is known");
    assert_eq!(sum(&stock["terms"]), expected, "{sku}: {rule}; the terms add up: {stock:#}");
    stock
}

journey! {
    fn online_stock_is_what_all_facilities_have_less_what_is_kept_and_queued(presell: Presell) {
        let skus = ["QUEUED", "MINIMUM", "MINUS", "SMALL", "FORBIDDEN", "NOTHING"];
        presell.takes("purchase-orders", &skus.map(|sku| format!("PO-{sku},1,{sku},200,2026-12-15,W1,N,APPROVED")));
        presell.takes("products", &["MINIMUM,10,", "SMALL,10,", "FORBIDDEN,,N"]);
        presell.takes("inventory", &["QUEUED,100,W1", "MINIMUM,100,W1", "MINUS,1,W1", "MINUS,-1,W2", "SMALL,5,W1", "FORBIDDEN,50,W1"]);
        presell.takes("orders", &["S-1,1,QUEUED,80,2026-11-02,OPEN,PO-QUEUED,1", "S-2,1,MINIMUM,80,2026-11-02,OPEN,PO-MINIMUM,1"]);

        let stock = online(&presell, "QUEUED", 20, "100 less 80 queued");
        assert_eq!((term(&stock["terms"], "STOCK"), term(&stock["terms"], "QUEUED")), (100, -80), "both terms are shown");
        let stock = online(&presell, "MINIMUM", 10, "100 less a minimum stock of 10, less 80 queued");
        assert_eq!(term(&stock["terms"], "THRESHOLD"), -10, "the minimum stock is shown");
        online(&presell, "MINUS", 0, "a missing piece in one facility outweighs a piece in the other");
        let stock = online(&presell, "SMALL", 0, "5 less a minimum stock of 10 is nothing");
        assert_eq!(term(&stock["terms"], "FLOOR"), 5, "what lifts −5 to 0 is shown");
        assert!(stock["facilities"].to_string().contains("NO_RECORD"), "a facility without record is named: {stock:#}");
        let stock = online(&presell, "FORBIDDEN", 0, "what may not be sent from stock is not sold from stock");
        assert_eq!(term(&stock["terms"], "BROKERING_OFF"), -50, "and it is shown why");

        let nothing = &presell.json(&["why", "NOTHING"])["stock"];
        assert_eq!((&nothing["known"], &nothing["onlineAtp"]), (&false.into(), &Value::Null), "no record is unknown, which is not zero");
        assert_eq!(nothing["terms"], serde_json::json!([]), "an unknown number has no terms");
    }
}

journey! {
    fn the_settings_of_the_store_decide_whether_the_queue_weighs_on_stock(presell: Presell) {
        presell.takes("purchase-orders", &["PO-1,1,QUEUED,200,2026-12-15,W1,N,APPROVED"]);
        presell.takes("inventory", &["QUEUED,100,W1"]);
        presell.takes("orders", &["S-1,1,QUEUED,80,2026-11-02,OPEN,PO-1,1"]);
        online(&presell, "QUEUED", 20, "by default the queue is taken off and nothing is held");

        presell.json(&["settings", "set", "reserve_inventory", "false"]);
        online(&presell, "QUEUED", 100, "a stock file that is net of the queue is not lowered again");
        presell.json(&["settings", "set", "reserve_inventory", "true"]);

        presell.json(&["settings", "set", "hold", "true"]);
        let stock = online(&presell, "QUEUED", 0, "received stock is held while pre-sales are parked");
        assert_eq!(term(&stock["terms"], "HOLD"), -20, "and it is shown that it is held");
        presell.takes("orders", &["S-1,1,QUEUED,80,2026-11-02,COMPLETED,PO-1,1"]);
        online(&presell, "QUEUED", 100, "when the queue is empty, the hold ends");

        presell.json(&["settings", "set", "threshold", "30"]);
        online(&presell, "QUEUED", 70, "the store's own minimum counts for every product");
        presell.takes("products", &["QUEUED,40,"]);
        online(&presell, "QUEUED", 60, "the larger minimum counts");
    }
}

journey! {
    fn an_order_frees_its_pieces_when_it_is_cancelled_and_weighs_less_when_it_is_covered(presell: Presell) {
        presell.takes("purchase-orders", &["PO-1,1,A,100,2026-12-15,W1,Y,APPROVED"]);
        let left = || presell.json(&["why", "A"])["lines"][0]["poAtp"].clone();
        presell.takes("orders", &["S-1,1,A,30,2026-11-02,OPEN,PO-1,1", "S-2,1,A,20,2026-11-03,OPEN,PO-1,1"]);
        assert_eq!(left(), 50, "an order counts from the moment it is known");
        presell.takes("receipts", &["PO-1,1,40"]);
        assert_eq!(left(), 50, "60 are still to come; 40 came for the oldest orders, so only 10 weigh on the line");
        presell.takes("orders", &["S-2,1,A,20,2026-11-03,CANCELLED,PO-1,1"]);
        assert_eq!(left(), 60, "a cancelled order frees its pieces at once");
        presell.takes("orders", &["S-1,1,A,30,2026-11-02,COMPLETED,PO-1,1"]);
        assert_eq!(left(), 60, "covered pieces were served from stock and weigh no more");
    }
}
