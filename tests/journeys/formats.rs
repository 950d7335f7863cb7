//! Files as they really come: encodings, delimiters, workbooks, JSON, exports of ERPs, and things that are no tables.

use std::io::Write;
use std::time::{Duration, Instant};

use presell_store::testing::Kind;
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};
use serde_json::{Value, json};

use crate::findings::Finding;
use crate::support::{Presell, journey};

fn refused<'a>(code: &'a str, words: &'a [&'a str]) -> Finding<'a> {
    Finding { code, severity: "file", row: None, column: None, words }
}

impl Presell {
    /// Writes a file of any bytes and returns its path.
    fn bytes(&self, name: &str, bytes: &[u8]) -> String {
        let path = self.file(name, "");
        std::fs::write(&path, bytes).unwrap();
        path
    }

    /// Imports a file with new products, every row of which must be taken. Returns its report.
    fn takes_file(&self, kind: &str, file: &str) -> Value {
        let output = self.run(&["import", kind, file, "--create", "--json"]);
        assert_eq!(output.status, 0, "{file} is taken: {} {}", output.stdout, output.stderr);
        serde_json::from_str(&output.stdout).unwrap()
    }
}

journey! {
    fn what_is_no_table_is_refused_with_its_cause(presell: Presell) {
        let presell = presell.with_stock_and_orders();
        let po = "purchase-orders";
        presell.refuses(po, &presell.bytes("empty.csv", b""), &refused("V1", &["empty"]));
        presell.refuses(po, &presell.bytes("picture.csv", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0"), &refused("V1", &["a PNG picture", "XLSX, CSV or JSON"]));
        presell.refuses(po, &presell.bytes("web.xls", b"<html><table><tr><td>PO</td></tr></table>"), &refused("V1", &["web page"]));
        presell.refuses(po, &presell.file("headers.csv", "po_id,sku,quantity,arrival_date,facility\n"), &refused("V1", &["no rows below"]));
        presell.refuses(po, &presell.file("one-column.csv", "po_id\nPO-9\n"), &refused("V1", &["Only one column"]));
        presell.refuses(po, &presell.bytes("damaged.csv", b"po_id,sku,quantity,arrival_date,facility\nPO-9,caf\xc3\xa9,5,2026-12-15,WH\nPO-9,caf\xc3"), &refused("V1", &["damaged", "Export it again as UTF-8"]));
        presell.refuses(po, "nowhere.csv", &refused("V1", &["no file nowhere.csv"]));
        presell.refuses(po, &presell.file("list.json", "{\"orders\": 5}"), &refused("V1", &["no list of objects"]));
    }
}

journey! {
    fn a_file_must_have_every_needed_column_once(presell: Presell) {
        let presell = presell.with_stock_and_orders();
        let po = "purchase-orders";
        let short = presell.file("short.csv", "po_id,sku,arrival_date,facility,Qty open\nPO-9,B,2026-12-15,WH,5\n");
        presell.refuses(po, &short, &refused("V2", &["No column holds the quantity", "Qty open", "--map quantity=Column"]));
        let mapped = presell.passes(po, &short, &["--map", "quantity=Qty open"]);
        assert_eq!((&mapped["accepted"], &mapped["changes"]["new"]), (&1.into(), &1.into()), "named by hand, the column is found");
        let (status, error) = presell.error(&["import", po, &short, "--map", "quantity=Pieces"]);
        assert_eq!((status, &error["problems"][0]["code"]), (1, &"V2".into()), "a column that is not there is refused: {error}");

        let twice = presell.file("twice.csv", "po_id,sku,quantity,qty,arrival_date,facility\nPO-9,B,5,6,2026-12-15,WH\n");
        presell.refuses(po, &twice, &refused("V2", &["Several columns could hold the quantity", "quantity (#3), qty (#4)"]));
        presell.passes(po, &twice, &["--map", "quantity=#4"]);
        presell.passes(po, &presell.rows(po, &["PO-9,1,B,5,2026-12-15,WH,Y,OPEN"]), &[]);
    }
}

journey! {
    fn every_usual_encoding_and_delimiter_is_read(presell: Presell) {
        let text = |sku: &str, d: &str| format!("po_id,sku,quantity,arrival_date,facility\nPO-{sku},Jupe é {sku},5,2026-12-15,Dépôt\n").replace(',', d);
        let utf16: Vec<u8> = [0xfeff].into_iter().chain(text("utf16", "\t").encode_utf16()).flat_map(u16::to_le_bytes).collect();
        let windows: Vec<u8> = text("1252", ";").chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
        let files: [(&str, Vec<u8>, &str, &str); 6] = [
            ("utf8", text("utf8", ",").into_bytes(), "UTF-8", ","),
            ("bom", [b"\xef\xbb\xbf".to_vec(), text("bom", ";").into_bytes()].concat(), "UTF-8", ";"),
            ("tab", text("tab", "\t").into_bytes(), "UTF-8", "\t"),
            ("pipe", text("pipe", "|").into_bytes(), "UTF-8", "|"),
            ("utf16", utf16, "UTF-16LE", "\t"),
            ("1252", windows, "windows-1252", ";"),
        ];
        for (sku, bytes, encoding, delimiter) in files {
            let report = presell.takes_file("purchase-orders", &presell.bytes(&format!("{sku}.csv"), &bytes));
            assert_eq!((&report["file"]["encoding"], &report["file"]["delimiter"]), (&encoding.into(), &delimiter.into()), "{sku}: {report:#}");
            let line = &presell.json(&["why", &format!("Jupe é {sku}")])["lines"][0];
            assert_eq!((&line["facility"], &line["poAtp"]), (&"Dépôt".into(), &5.into()), "{sku}: letters and numbers arrive as written");
        }
    }
}

#[test]
fn a_line_of_200_megabytes_is_refused_quickly_and_with_its_row() {
    let presell = Presell::new(Kind::Sqlite).with_stock_and_orders();
    for (header, row) in [("", 1), ("po_id,sku,quantity,arrival_date,facility\nPO-9,B,5,2026-12-15,WH\n", 3)] {
        let path = presell.file("long.csv", header);
        let mut file = std::fs::OpenOptions::new().append(true).open(&path).unwrap();
        let megabyte = b"PO-9,B,5,2026-12-15,WH;".repeat(45_000);
        (0..200).for_each(|_| file.write_all(&megabyte).unwrap());
        drop(file);
        let started = Instant::now();
        let (status, error) = presell.error(&["import", "purchase-orders", &path]);
        assert!(started.elapsed() < Duration::from_secs(10), "the refusal comes quickly: {:?}", started.elapsed());
        assert_eq!(status, 1, "the file is refused as a whole");
        Finding { row: Some(row), ..refused("V1", &["No line break found", &format!("row {row}")]) }
            .is_told(&error["problems"], "long.csv");
        assert_eq!(presell.run(&["why", "NOBODY"]).status, 1, "and nothing was written");
        std::fs::remove_file(path).unwrap();
    }
}

journey! {
    fn a_workbook_is_read_as_a_person_sees_it(presell: Presell) {
        let presell = presell.with_stock_and_orders();
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        for (column, header) in (0..).zip(["PO Number", "SKU", "Qty", "ETA", "Warehouse", "New style"]) {
            sheet.write(0, column, header).unwrap();
        }
        let day = Format::new().set_num_format("dd/mm/yyyy");
        for row in 1..=5 {
            sheet.write(row, 0, "PO-9").unwrap().write(row, 1, "B").unwrap().write(row, 4, "WH").unwrap().write(row, 5, true).unwrap();
            sheet.write_formula(row, 2, Formula::new("=10*12").set_result("120")).unwrap();
            sheet.write_with_format(row, 3, ExcelDateTime::from_ymd(2026, 12, u8::try_from(row).unwrap()).unwrap(), &day).unwrap();
        }
        sheet.merge_range(2, 1, 3, 1, "B", &Format::new()).unwrap();
        sheet.write_formula(4, 2, Formula::new("=#REF!").set_result("#REF!")).unwrap();
        let path = presell.folder().join("po.xlsx");
        book.save(&path).unwrap();
        let path = path.display().to_string();
        let report = presell.json(&["import", "purchase-orders", &path, "--rejects", "left.csv"]);
        assert_eq!((&report["file"]["format"], &report["accepted"], &report["refused"]), (&"xlsx".into(), &2.into(), &3.into()), "{report:#}");
        let told = |code, row, column, words| Finding { code, severity: "refused", row: Some(row), column: Some(column), words }.is_told(&report["problems"], "po.xlsx");
        told("V1", 3, "SKU", &["merged", "B3:B4"]);
        told("V1", 4, "SKU", &["merged", "B3:B4"]);
        told("V1", 5, "Qty", &["formula"]);
        let lines = presell.json(&["why", "B"])["lines"].clone();
        let taken: Vec<Value> = lines.as_array().unwrap().iter().map(|l| json!([l["promiseDate"], l["poAtp"]])).collect();
        assert_eq!(taken, [json!(["2026-12-01", 120]), json!(["2026-12-05", 120])], "dates and formulas arrive as their values");
    }
}

journey! {
    fn json_purchase_orders_are_taken(presell: Presell) {
        let text = r#"{"purchaseOrders": [{"poId": "PO-9", "productSku": "NEW", "quantity": 5, "arrivalDate": "2026-12-15", "facilityId": "WH", "isNewProduct": true}]}"#;
        let report = presell.takes_file("purchase-orders", &presell.file("po.json", text));
        assert_eq!(report["file"]["format"], "json", "{report:#}");
        presell.json(&["refresh"]);
        assert_eq!(presell.json(&["catalog"])[0]["category"], "PRE_ORDER", "a new style from JSON is a pre-order");
    }
}

/// File, its rows that count, and the first line of it as it must arrive: SKU, order, pieces, date, facility.
type Export = (&'static str, &'static str, i64, [&'static str; 5]);

const EXPORTS: [Export; 6] = [
    (
        "hotwax.csv",
        "poId,externalId,facilityId,externalFacilityId,arrivalDate,quantity,isNewProduct,idValue,idType\n,H-1,F1,,12/15/2026,5,Y,HW-A,SKU\nH-2,,F1,WH,12/16/2026,6,N,HW-B,SKU\n",
        2,
        ["HW-A", "H-1", "5", "2026-12-15", "F1"],
    ),
    (
        "exim.csv",
        "External-Id,Product-Store-Id,Facility-Id,External-Facility-Id,Product-Sku,Quantity,Arrival-Date\nX-1,default,,WH,EX-A,5,2026-12-15\n",
        1,
        ["EX-A", "X-1", "5", "2026-12-15", "WH"],
    ),
    (
        "netsuite.csv",
        "Internal ID,Document Number,Date,Name,Line ID,Item,Quantity,Quantity Fulfilled/Received,Expected Receipt Date,Location,Status,Closed\n\
      812,NS-1,11/1/2026,Acme,,,,,,,Purchase Order : Pending Receipt,No\n\
      812,NS-1,11/1/2026,Acme,1,TEE : NS-M,\"1,250\",0,12/15/2026,East : WH-1,Purchase Order : Pending Receipt,No\n\
      812,NS-1,11/1/2026,Acme,2,TEE : NS-L,40,10,12/15/2026,East : WH-1,Purchase Order : Pending Receipt,Yes\n",
        2,
        ["NS-M", "NS-1", "1250", "2026-12-15", "WH-1"],
    ),
    (
        "sap.csv",
        "DocNum;DocDate;DocDueDate;CANCELED;DocStatus;LineNum;ItemCode;Dscription;Quantity;OpenQty;ShipDate;WhsCode;LineStatus\n\
      1001;01.11.2026;15.12.2026;N;O;0;SAP-M;Tee;1.250,000;1.000,000;14.12.2026;01;O\n\
      1001;01.11.2026;15.12.2026;N;O;1;SAP-L;Tee;40,000;0,000;;01;C\n",
        2,
        ["SAP-M", "1001", "1000", "2026-12-14", "01"],
    ),
    (
        "odoo.csv",
        "Order Reference,Vendor,Deliver To,Status,Order Lines/Product,Order Lines/Quantity,Order Lines/Received Qty,Order Lines/Scheduled Date\n\
      P00012,Acme,San Francisco: Receipts,Purchase Order,[OD-M] Tee (Black),120.0,0.0,2026-12-15 10:00:00\n\
      ,,,,[OD-L] Tee (Black),40.0,10.0,2026-12-16 10:00:00\n",
        2,
        ["OD-M", "P00012", "120", "2026-12-15", "San Francisco"],
    ),
    (
        "business-central.csv",
        "Document Type\tDocument No.\tLine No.\tType\tNo.\tDescription\tLocation Code\tQuantity\tQuantity Received\tOutstanding Quantity\tExpected Receipt Date\n\
      Order\t106001\t10000\tItem\tBC-S\tTee\tEAST\t120\t20\t100\t12/15/2026\n\
      Order\t106001\t20000\t\t\tHandle with care\t\t\t\t\t\n",
        1,
        ["BC-S", "106001", "100", "2026-12-15", "EAST"],
    ),
];

journey! {
    fn exports_of_hotwax_and_of_four_erps_are_taken_without_any_mapping(presell: Presell) {
        for (name, text, rows, [sku, order, pieces, date, facility]) in EXPORTS {
            let report = presell.takes_file("purchase-orders", &presell.file(name, text));
            assert_eq!((&report["rows"], &report["accepted"]), (&rows.into(), &rows.into()), "{name}: {report:#}");
            let lines = presell.json(&["why", sku])["lines"].clone();
            let line = &lines[0];
            let arrived = [&line["purchaseOrder"], &line["promiseDate"], &line["facility"]].map(|v| v.as_str().unwrap());
            assert_eq!(arrived, [order, date, facility], "{name}: {line:#}");
            assert_eq!((&line["poAtp"].to_string(), &line["qualifies"]), (&pieces.to_owned(), &true.into()), "{name}: pieces still to come: {line:#}");
        }
        assert_eq!(presell.json(&["why", "NS-L"])["reasons"][0], "LINE_COMPLETED", "NetSuite: a closed line brings nothing");
    }
}

journey! {
    fn rows_left_out_come_back_as_a_file_to_be_mended(presell: Presell) {
        let presell = presell.with_stock_and_orders();
        let file = presell.rows("purchase-orders", &["PO-9,1,B,5,2026-12-15,WH,Y,OPEN", "PO-9,2,B,ten,2026-12-16,WH,Y,OPEN", "@PO-9,3,=1+1,5,2026-12-17,WH,Y,OPEN"]);
        let tried = presell.json(&["import", "purchase-orders", &file, "--dry-run"]);
        let report = presell.json(&["import", "purchase-orders", &file, "--rejects", "left.csv"]);
        assert_eq!((&report["accepted"], &report["refused"]), (&1.into(), &2.into()), "{report:#}");
        assert_eq!(tried["problems"], report["problems"], "the dry run tells what the import then does");
        let left = std::fs::read_to_string(presell.folder().join("left.csv")).unwrap();
        let lines: Vec<&str> = left.lines().collect();
        assert_eq!(lines.len(), 3, "a header and the two rows: {left}");
        assert!(lines[0].starts_with("po_id,") && lines[0].ends_with(",reason"), "the columns of the file and the reason: {left}");
        assert!(lines[1].contains("not a number of pieces") && lines[2].contains("No product has the SKU"), "each with its reason: {left}");
        assert!(lines[2].starts_with("'@PO-9,3,'=1+1,"), "what a spreadsheet would run is defused: {left}");
        let mended = presell.file("mended.csv", &left.replace(",ten,", ",7,").replace("'=1+1", "00123"));
        let again = presell.json(&["import", "purchase-orders", &mended]);
        assert_eq!((&again["accepted"], &again["refused"]), (&2.into(), &0.into()), "mended, they are taken: {again:#}");
        assert_eq!(presell.json(&["why", "B"])["lines"].as_array().unwrap().len(), 2, "each row came in once");
        assert_eq!(presell.json(&["why", "00123"])["lines"][0]["purchaseOrder"], "@PO-9", "the apostrophe is taken away again");
    }
}
