//! Exports of HotWax and of four ERPs, as they come: each must be understood without any mapping.

#![expect(clippy::unwrap_used, reason = "a test that cannot prepare its files has failed")]

use presell_imports::fields::status::Status;
use presell_imports::fields::{date, quantity};
use presell_imports::headers::{CellReader, Field, Kind, Mapping, map};
use presell_imports::reading::open;
use std::ops::ControlFlow;

struct Line {
    po: String,
    sku: String,
    quantity: i64,
    arrival: String,
    facility: String,
    status: Option<Status>,
    line_status: Option<Status>,
    received: String,
}

/// Reads an export as the import does: evidence first, then values.
fn lines(text: &str) -> (Mapping, Vec<Line>) {
    let desk = tempfile::TempDir::new().unwrap();
    let path = desk.path().join("export.csv");
    std::fs::write(&path, text).unwrap();
    let mut source = open(&path).unwrap();
    let mapping = map(Kind::PurchaseOrders, source.headers(), &[]).unwrap_or_else(|problems| panic!("{problems:#?}"));
    let (mut format, mut order) = (quantity::NumberFormat::default(), date::DateOrder::default());
    let mut lines = Vec::new();
    for pass in 0..2 {
        let mut reader = CellReader::new(&mapping);
        source
            .for_each_row(&mut |row| {
                assert!(row.problems.is_empty(), "{:?}", row.problems);
                let Some(cells) = reader.read(row.cells) else { return ControlFlow::Continue(()) };
                if pass == 0 {
                    format.observe(cells.get(Field::Quantity));
                    order.observe(cells.get(Field::ArrivalDate));
                } else {
                    lines.push(Line {
                        po: cells.get(Field::PoId).into(),
                        sku: cells.get(Field::Sku).into(),
                        quantity: format.quantity(cells.get(Field::Quantity)).unwrap(),
                        arrival: date::parse(cells.get(Field::ArrivalDate), &order).unwrap().to_string(),
                        facility: cells.get(Field::Facility).into(),
                        status: mapping.status(cells.get(Field::Status)).unwrap(),
                        line_status: mapping.status(cells.get(Field::LineStatus)).unwrap(),
                        received: cells.get(Field::Received).into(),
                    });
                }
                ControlFlow::Continue(())
            })
            .unwrap();
    }
    (mapping, lines)
}

fn preset(mapping: &Mapping) -> &str {
    mapping.preset().map_or("", |preset| preset.name.as_str())
}

#[test]
fn our_own_example_needs_no_preset() {
    let (mapping, lines) =
        lines("po_id,sku,arrival_date,quantity,facility,is_new\nPO-1001,SKU-BLK-M,2026-08-15,120,WH-EAST,Y\n");
    assert!(mapping.preset().is_none());
    assert_eq!((lines[0].po.as_str(), lines[0].quantity, lines[0].arrival.as_str()), ("PO-1001", 120, "2026-08-15"));
}

#[test]
fn hotwax_import_and_exim_files_are_understood() {
    let (mapping, found) = lines(
        "poId,externalId,facilityId,externalFacilityId,arrivalDate,quantity,isNewProduct,idValue,idType\n,PO-1,F1,,08/15/2026,5,Y,A,SKU\nPO-2,,F1,WH,08/16/2026,6,N,B,SKU\n",
    );
    assert_eq!(preset(&mapping), "HotWax import");
    assert_eq!(
        (found[0].po.as_str(), found[0].facility.as_str()),
        ("PO-1", "F1"),
        "the filled one of two columns counts"
    );
    assert_eq!((found[1].po.as_str(), found[1].facility.as_str()), ("PO-2", "WH"));
    let (mapping, found) = lines(
        "External-Id,Product-Store-Id,Facility-Id,External-Facility-Id,Product-Sku,Quantity,Arrival-Date\nPO-1,STORE,,WH,A,5,2026-08-15\n",
    );
    assert_eq!(preset(&mapping), "HotWax EXIM");
    assert_eq!((found[0].sku.as_str(), found[0].facility.as_str()), ("A", "WH"));
    assert_eq!(mapping.column(Field::Store), Some(1));
}

#[test]
fn a_netsuite_export_is_understood() {
    let (mapping, lines) = lines(
        "Internal ID,Document Number,Date,Name,Line ID,Item,Quantity,Quantity Fulfilled/Received,Expected Receipt Date,Location,Status,Closed\n\
         812,PO1001,7/1/2026,Acme,,,,,,,Purchase Order : Pending Receipt,No\n\
         812,PO1001,7/1/2026,Acme,1,TEE : TEE-BLK-M,\"1,250\",0,8/15/2026,East : WH-1,Purchase Order : Pending Receipt,No\n\
         812,PO1001,7/1/2026,Acme,2,TEE : TEE-BLK-L,40,10,8/15/2026,East : WH-1,Purchase Order : Partially Received,Yes\n\
         813,PO1002,7/1/2026,Acme,1,SOCK,10,10,8/20/2026,WH-1,Fully Billed,No\n",
    );
    assert_eq!(preset(&mapping), "NetSuite");
    assert_eq!(lines.len(), 3, "the main line of a transaction is no purchase-order line");
    assert_eq!((lines[0].sku.as_str(), lines[0].quantity, lines[0].facility.as_str()), ("TEE-BLK-M", 1250, "WH-1"));
    assert_eq!((lines[0].status, lines[0].line_status), (Some(Status::Approved), None));
    assert_eq!((lines[1].line_status, lines[1].received.as_str()), (Some(Status::Completed), "10"));
    assert_eq!(lines[2].status, Some(Status::Completed));
}

#[test]
fn a_sap_business_one_export_is_understood() {
    let (mapping, lines) = lines(
        "DocNum;DocDate;DocDueDate;CANCELED;DocStatus;LineNum;ItemCode;Dscription;Quantity;OpenQty;ShipDate;WhsCode;LineStatus\n\
         1001;01.07.2026;15.08.2026;N;O;0;TEE-M;Tee;1.250,000;1.000,000;14.08.2026;01;O\n\
         1001;01.07.2026;15.08.2026;N;O;1;TEE-L;Tee;40,000;0,000;;01;C\n\
         1002;01.07.2026;15.08.2026;Y;C;0;SOCK;Sock;10,000;0,000;20.08.2026;02;bost_Close\n",
    );
    assert_eq!(preset(&mapping), "SAP Business One");
    assert_eq!(
        (lines[0].quantity, lines[0].arrival.as_str(), lines[0].status),
        (1250, "2026-08-14", Some(Status::Approved))
    );
    assert_eq!(lines[1].arrival, "2026-08-15", "a line without its own date has the date of the document");
    assert_eq!(lines[1].line_status, Some(Status::Completed));
    assert_eq!(lines[2].status, Some(Status::Cancelled), "CANCELED = Y outweighs the status");
    assert!(mapping.column(Field::Open).is_some());
}

#[test]
fn an_odoo_export_is_understood() {
    let (mapping, lines) = lines(
        "Order Reference,Vendor,Deliver To,Status,Order Lines/Product,Order Lines/Quantity,Order Lines/Received Qty,Order Lines/Scheduled Date\n\
         P00012,Acme,San Francisco: Receipts,Purchase Order,[TEE-M] Tee (Black),120.0,0.0,2026-08-15 10:00:00\n\
         ,,,,[TEE-L] Tee (Black),40.0,10.0,2026-08-16 10:00:00\n\
         ,,,,,,,\n\
         P00013,Acme,,RFQ,[SOCK] Sock,10.0,0.0,2026-08-20 10:00:00\n\
         ,,,,[CAP] Cap,10.0,0.0,2026-08-20 10:00:00\n\
         P00014,Acme,Chicago: Receipts,Locked,[SOCK] Sock,7.0,0.0,2026-08-20 10:00:00\n\
         P00015,Acme,,Purchase Order,[SOCK] Sock,8.0,0.0,2026-08-20 10:00:00\n",
    );
    assert_eq!(preset(&mapping), "Odoo");
    let seen: Vec<(&str, &str, &str, i64)> =
        lines.iter().map(|line| (line.po.as_str(), line.sku.as_str(), line.facility.as_str(), line.quantity)).collect();
    assert_eq!(
        seen,
        [
            ("P00012", "TEE-M", "San Francisco", 120),
            ("P00012", "TEE-L", "San Francisco", 40),
            ("P00014", "SOCK", "Chicago", 7),
            ("P00015", "SOCK", "", 8)
        ],
        "the order's values are carried to its other lines, never to the next order, and a request for quotation is none"
    );
    assert!(lines.iter().all(|line| line.status == Some(Status::Approved)));
}

#[test]
fn a_business_central_export_is_understood() {
    let (mapping, lines) = lines(
        "Document Type\tDocument No.\tLine No.\tType\tNo.\tDescription\tLocation Code\tQuantity\tQuantity Received\tOutstanding Quantity\tExpected Receipt Date\n\
         Order\t106001\t10000\tItem\t1896-S\tTee\tEAST\t120\t20\t100\t8/15/2026\n\
         Order\t106001\t20000\t\t\tHandle with care\t\t\t\t\t\n\
         Order\t106001\t30000\tG/L Account\t6110\tFreight\t\t1\t0\t1\t8/15/2026\n\
         Quote\t106002\t10000\tItem\t1896-S\tTee\tEAST\t5\t0\t5\t8/15/2026\n",
    );
    assert_eq!(preset(&mapping), "Dynamics 365 Business Central");
    assert_eq!(lines.len(), 1, "comments, accounts and quotes are no lines of a purchase order");
    assert_eq!((lines[0].sku.as_str(), lines[0].quantity, lines[0].received.as_str()), ("1896-S", 120, "20"));
}
