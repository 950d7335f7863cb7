//! The checks of single rows, V3 to V14, and of stock, receipts and orders: one row that fails each, one that passes.

use crate::findings::Finding;
use crate::support::{Presell, journey};

fn refused<'a>(code: &'a str, column: &'a str, words: &'a [&'a str]) -> Finding<'a> {
    Finding { code, severity: "refused", row: Some(2), column: Some(column), words }
}

fn asks<'a>(code: &'a str, column: &'a str, words: &'a [&'a str]) -> Finding<'a> {
    Finding { severity: "asks", ..refused(code, column, words) }
}

/// Each row by itself is left out with its finding.
fn each_is_left_out(presell: &Presell, kind: &str, cases: &[(&str, Finding<'_>)]) {
    for (row, finding) in cases {
        presell.leaves_out(kind, &presell.rows(kind, &[row]), &[], finding);
    }
}

/// Each row by itself passes.
fn each_passes(presell: &Presell, kind: &str, rows: &[&str]) {
    for row in rows {
        presell.passes(kind, &presell.rows(kind, &[row]), &[]);
    }
}

journey! {
    fn a_date_must_be_a_day_that_can_be_meant(presell: Presell) {
        let presell = presell.with_stock_and_orders();
        each_is_left_out(&presell, "purchase-orders", &[
            ("PO-9,1,B,5,,WH,Y,OPEN", refused("V3", "arrival_date", &["date is missing", "2026-08-14"])),
            ("PO-9,1,B,5,soon,WH,Y,OPEN", refused("V3", "arrival_date", &["not a date"])),
            ("PO-9,1,B,5,2027-02-30,WH,Y,OPEN", refused("V3", "arrival_date", &["does not exist in the calendar"])),
            ("PO-9,1,B,5,08/14/85,WH,Y,OPEN", refused("V3", "arrival_date", &["Write the year in full"])),
        ]);
        each_passes(&presell, "purchase-orders", &["PO-9,1,B,5,2026-12-15,WH,Y,OPEN", "PO-9,1,B,5,12/15/26,WH,Y,OPEN", "PO-9,1,B,5,15 Dec 2026,WH,Y,OPEN"]);
    }
}

journey! {
    fn a_surprising_date_asks(presell: Presell) {
        let presell = presell.with_stock_and_orders();
        each_is_left_out(&presell, "purchase-orders", &[
            ("PO-9,1,B,5,2026-11-22,WH,Y,OPEN", asks("V4", "arrival_date", &["has passed", "Confirm"])),
            ("PO-9,1,B,5,2026-11-23,WH,Y,OPEN", asks("V4", "arrival_date", &["is today", "Confirm"])),
            ("PO-9,1,B,5,2028-11-24,WH,Y,OPEN", asks("V4", "arrival_date", &["more than two years ahead"])),
        ]);
        let whole = Finding { row: None, ..asks("V4", "arrival_date", &["day or the month", "03/04/2027 as 4 March 2027"]) };
        presell.leaves_out("purchase-orders", &presell.rows("purchase-orders", &["PO-9,1,B,5,03/04/2027,WH,Y,OPEN"]), &[], &whole);
        each_passes(&presell, "purchase-orders", &["PO-9,1,B,5,2026-11-24,WH,Y,OPEN", "PO-9,1,B,5,2028-11-23,WH,Y,OPEN", "PO-9,1,B,5,2025-01-01,WH,Y,COMPLETED"]);
        let decided = presell.rows("purchase-orders", &["PO-9,1,B,5,03/04/2027,WH,Y,OPEN", "PO-9,2,A,5,25/04/2027,WH,Y,OPEN"]);
        presell.passes("purchase-orders", &decided, &[]);
        presell.json(&["import", "purchase-orders", &decided]);
        assert_eq!(presell.json(&["why", "B"])["lines"][0]["promiseDate"], "2027-04-03", "one day above twelve decides for the column");
    }
}

journey! {
    fn a_quantity_must_be_a_believable_number_of_pieces(presell: Presell) {
        let presell = presell.with_stock_and_orders();
        each_is_left_out(&presell, "purchase-orders", &[
            ("PO-9,1,B,,2026-12-15,WH,Y,OPEN", refused("V5", "quantity", &["quantity is empty", "not read as zero"])),
            ("PO-9,1,B,ten,2026-12-15,WH,Y,OPEN", refused("V5", "quantity", &["not a number of pieces"])),
            ("PO-9,1,B,1.5,2026-12-15,WH,Y,OPEN", refused("V5", "quantity", &["whole number", "fraction"])),
            ("PO-9,1,B,-5,2026-12-15,WH,Y,OPEN", refused("V5", "quantity", &["negative"])),
            ("PO-9,1,B,1000001,2026-12-15,WH,Y,OPEN", refused("V5", "quantity", &["above 1,000,000"])),
            ("PO-9,1,B,0,2026-12-15,WH,Y,OPEN", asks("V5", "quantity", &["quantity is 0", "Confirm"])),
        ]);
        each_passes(&presell, "purchase-orders", &["PO-9,1,B,1000000,2026-12-15,WH,Y,OPEN", "PO-9,1,B,5.0,2026-12-15,WH,Y,OPEN"]);
        presell.json(&["import", "purchase-orders", &presell.rows("purchase-orders", &["PO-9,1,B,\"1,234\",2026-12-15,WH,Y,OPEN"])]);
        assert_eq!(presell.json(&["why", "B"])["lines"][0]["poAtp"], 1234, "thousands marks are understood");
    }
}

journey! {
    fn a_product_must_be_known_and_one(presell: Presell) {
        let presell = presell.with_stock_and_orders();
        let twins = presell.file("twins.csv", "sku,upc\nT1,0400\nT2,0400\n");
        presell.json(&["import", "products", &twins, "--create", "--confirm"]);
        each_is_left_out(&presell, "purchase-orders", &[
            ("PO-9,1,NOBODY,5,2026-12-15,WH,Y,OPEN", refused("V6", "sku", &["No product has the SKU NOBODY", "--create"])),
            ("PO-9,1,0400,5,2026-12-15,WH,Y,OPEN", asks("V6", "sku", &["several products", "T2"])),
        ]);
        each_passes(&presell, "purchase-orders", &["PO-9,1,B,5,2026-12-15,WH,Y,OPEN", "PO-9,1,T1,5,2026-12-15,WH,Y,OPEN"]);
        presell.passes("purchase-orders", &presell.rows("purchase-orders", &["PO-9,1,NOBODY,5,2026-12-15,WH,Y,OPEN"]), &["--create"]);
    }
}

journey! {
    fn a_facility_must_be_known_and_a_stores(presell: Presell) {
        let presell = presell.with_stock_and_orders();
        presell.sql("INSERT INTO facility (code) VALUES ('ATTIC')");
        each_is_left_out(&presell, "purchase-orders", &[
            ("PO-9,1,B,5,2026-12-15,NOWHERE,Y,OPEN", refused("V7", "facility", &["no facility NOWHERE", "--create"])),
            ("PO-9,1,B,5,2026-12-15,ATTIC,Y,OPEN", asks("V7", "facility", &["belongs to no store", "never be listed"])),
            ("PO-9,1,B,5,2026-12-15,WH,Y,OPEN,,,,,elsewhere", refused("V7", "store", &["no store elsewhere"])),
        ]);
        each_passes(&presell, "purchase-orders", &["PO-9,1,B,5,2026-12-15,WH,Y,OPEN", "PO-9,1,B,5,2026-12-15,WH,Y,OPEN,,,,,default"]);
        presell.passes("purchase-orders", &presell.rows("purchase-orders", &["PO-9,1,B,5,2026-12-15,NOWHERE,Y,OPEN"]), &["--create"]);
    }
}

journey! {
    fn a_status_must_be_known_and_the_rows_of_an_order_agree_on_it(presell: Presell) {
        let presell = presell.with_stock_and_orders();
        each_is_left_out(&presell, "purchase-orders", &[
            ("PO-9,1,B,5,2026-12-15,WH,Y,SHIPPED", refused("V11", "status", &["not known", "CREATED, APPROVED"])),
            ("PO-9,1,B,5,2026-12-15,WH,Y,OPEN,SHIPPED", refused("V11", "line_status", &["not known"])),
            ("PO-9,1,B,5,2026-12-15,WH,Y,OPEN\nPO-9,2,A,5,2026-12-15,WH,Y,CANCELLED", Finding { column: None, ..refused("V11", "", &["PO-9", "different values for its status"]) }),
        ]);
        each_passes(&presell, "purchase-orders", &["PO-9,1,B,5,2026-12-15,WH,Y,ORDER_APPROVED,ITEM_CREATED", "PO-9,1,B,5,2026-12-15,WH,Y,canceled"]);
        let blank = presell.passes("purchase-orders", &presell.rows("purchase-orders", &["PO-9,1,B,5,2026-12-15,WH,Y,"]), &[]);
        Finding { code: "V11", severity: "note", row: Some(2), column: None, words: &["status is empty", "CREATED"] }.is_told(&blank["problems"], "a blank status");
    }
}

journey! {
    fn a_new_style_flag_is_yes_or_no_and_missing_is_told(presell: Presell) {
        let presell = presell.with_stock_and_orders();
        each_is_left_out(&presell, "purchase-orders", &[
            ("PO-9,1,B,5,2026-12-15,WH,maybe,OPEN", refused("V12", "is_new", &["neither a yes nor a no"])),
        ]);
        each_passes(&presell, "purchase-orders", &["PO-9,1,B,5,2026-12-15,WH,Preorder,OPEN", "PO-9,1,B,5,2026-12-15,WH,0,OPEN"]);
        for (rows, row, word) in [
            ("PO-9,1,B,5,2026-12-15,WH,,OPEN", 2, "flag is empty"),
            ("PO-9,1,B,5,2026-12-15,WH,Y,OPEN\nPO-9,2,B,5,2026-12-16,WH,N,OPEN", 3, "differs between lines of one product"),
        ] {
            let report = presell.passes("purchase-orders", &presell.rows("purchase-orders", &[rows]), &[]);
            Finding { code: "V12", severity: "note", row: Some(row), column: None, words: &[word] }.is_told(&report["problems"], rows);
            assert_eq!(report["warnings"], 1, "a note is counted as a warning: {report:#}");
        }
    }
}

journey! {
    fn a_buffer_must_leave_something_to_sell(presell: Presell) {
        let presell = presell.with_stock_and_orders();
        each_is_left_out(&presell, "purchase-orders", &[
            ("PO-9,1,B,5,2026-12-15,WH,Y,OPEN,,,,-1", refused("V13", "buffer", &["buffer is negative"])),
            ("PO-9,1,B,5,2026-12-15,WH,Y,OPEN,,,,some", refused("V13", "buffer", &["not a whole number"])),
            ("PO-9,1,B,5,2026-12-15,WH,Y,OPEN,,,,5", asks("V13", "buffer", &["as large as the quantity", "Confirm"])),
        ]);
        each_passes(&presell, "purchase-orders", &["PO-9,1,B,5,2026-12-15,WH,Y,OPEN,,,,4"]);
        presell.takes("purchase-orders", &["PO-9,1,B,5,2026-12-15,WH,Y,OPEN,,,,5"]);
        let terms = presell.json(&["why", "B"])["lines"][0]["terms"].clone();
        assert_eq!((&terms[0]["value"], &terms[3]["value"]), (&5.into(), &(-5).into()), "the ordered quantity is never altered: {terms}");
    }
}

journey! {
    fn an_identifier_mangled_by_a_spreadsheet_is_refused(presell: Presell) {
        let presell = presell.with_stock_and_orders();
        each_is_left_out(&presell, "purchase-orders", &[
            ("PO-9,1,1e12,5,2026-12-15,WH,Y,OPEN", refused("V14", "sku", &["scientific notation", "Format the column as text"])),
            ("PO-9,1,1.23E+12,5,2026-12-15,WH,Y,OPEN", refused("V14", "sku", &["scientific notation"])),
            ("4.5E+09,1,B,5,2026-12-15,WH,Y,OPEN", refused("V14", "po_id", &["scientific notation"])),
            ("PO-9,1,123,5,2026-12-15,WH,Y,OPEN", refused("V14", "sku", &["00123 is known", "leading zeros"])),
            ("PO-9,1,#REF!,5,2026-12-15,WH,Y,OPEN", refused("V14", "sku", &["spreadsheet formula"])),
            (",1,B,5,2026-12-15,WH,Y,OPEN", refused("V14", "po_id", &["empty"])),
            ("PO-9,one,B,5,2026-12-15,WH,Y,OPEN", refused("V14", "line_no", &["line number"])),
        ]);
        presell.leaves_out("purchase-orders", &presell.rows("purchase-orders", &["PO-9,1,123,5,2026-12-15,WH,Y,OPEN"]), &["--create"],
            &refused("V14", "sku", &["00123 is known"]));
        each_passes(&presell, "purchase-orders", &["PO-9,1,00123,5,2026-12-15,WH,Y,OPEN", "PO-9,1,\"=\"\"00123\"\"\",5,2026-12-15,WH,Y,OPEN", "PO-9,00001, B ,5,2026-12-15,WH,Y,OPEN"]);
    }
}

journey! {
    fn stock_is_a_number_and_negative_stock_is_a_fact(presell: Presell) {
        let presell = presell.with_stock_and_orders();
        each_is_left_out(&presell, "inventory", &[
            ("A,,WH", refused("V16", "quantity", &["empty", "not read as zero"])),
            ("A,few,WH", refused("V16", "quantity", &["not a number of pieces"])),
            ("NOBODY,1,WH", refused("V6", "sku", &["No product has the SKU NOBODY"])),
            ("A,1,NOWHERE", refused("V7", "facility", &["no facility NOWHERE"])),
            ("123,1,WH", refused("V14", "sku", &["leading zeros"])),
            ("A,1,WH\nA,2,WH", Finding { column: None, ..asks("V8", "", &["A at WH", "row 3 too"]) }),
        ]);
        let negative = presell.passes("inventory", &presell.rows("inventory", &["A,-3,WH"]), &[]);
        Finding { code: "V16", severity: "note", row: Some(2), column: None, words: &["negative", "taken as it is"] }.is_told(&negative["problems"], "negative stock");
        presell.takes("inventory", &["A,-3,WH"]);
        assert_eq!(presell.json(&["why", "A"])["stock"]["terms"][0]["value"], -3, "negative stock counts as it is");
    }
}

journey! {
    fn a_file_declared_complete_empties_nothing_by_itself(presell: Presell) {
        let presell = presell.with_stock_and_orders();
        let file = presell.rows("inventory", &["A,0,WH"]);
        let left = Finding { code: "V16", severity: "note", row: None, column: None, words: &["2 stock records", "left as they are"] };
        left.is_told(&presell.passes("inventory", &file, &["--complete"])["problems"], "a complete file");
        presell.json(&["import", "inventory", &file, "--complete"]);
        assert_eq!(presell.json(&["why", "B"])["stock"]["onlineAtp"], 5, "what is missing is left unchanged, not zeroed");
        let zeroed = presell.json(&["import", "inventory", &file, "--complete", "--zero-missing", "--confirm"]);
        Finding { words: &["count as 0"], ..left }.is_told(&zeroed["problems"], "a complete file, zeroed by choice");
        assert_eq!(presell.json(&["why", "B"])["stock"]["onlineAtp"], 0, "unless a person chose so");
    }
}
