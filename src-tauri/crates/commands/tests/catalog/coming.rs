//! The picture of what is coming.

use presell_catalog::coming::Incoming;
use presell_commands::{ShowComing, coming};
use presell_imports::headers::Kind;

use crate::desk::{Desk, desk_test};

fn incoming(pieces: i64, presold: i64, left: i64, products: i64, purchase_orders: i64) -> Incoming {
    Incoming { pieces, presold, left, products, purchase_orders }
}

desk_test! {
    async fn pieces_are_counted_in_the_week_they_are_promised_for(desk: Desk) {
        let header = "po_id,line_no,sku,quantity,arrival_date,facility,is_new,status,received,buffer";
        desk.takes(Kind::PurchaseOrders, header, &[
            "PO-1,1,A,10,2026-11-22,WH,Y,APPROVED,0,0",
            "PO-1,2,B,20,2026-11-23,WH,Y,APPROVED,5,2",
            "PO-2,1,B,30,2026-11-29,WH,Y,CREATED,0,0",
            "PO-2,2,C,40,2026-11-30,WH,Y,CREATED,0,0",
            "PO-3,1,C,50,2026-12-07,WH,Y,APPROVED,0,0",
            "PO-4,1,C,60,2026-12-01,WH,Y,CANCELLED,0,0",
            "PO-5,1,C,70,2026-12-01,WH,Y,APPROVED,70,0",
        ]).await;
        desk.takes(Kind::Orders, "order_id,item_seq,sku,quantity,ordered_at,status,po_id",
            &["SO-1,1,C,4,2026-11-20T10:00:00Z,APPROVED,PO-2"]).await;
        let coming = coming(&desk.app, ShowComing { weeks: 2 }).await.unwrap();
        assert_eq!(coming.overdue, incoming(10, 0, 10, 1, 1), "what should have come is told apart");
        assert_eq!(coming.weeks.len(), 2, "as many weeks as asked for");
        assert_eq!(coming.weeks[0].monday.to_string(), "2026-11-23", "from this week's Monday");
        assert_eq!(coming.weeks[0].incoming, incoming(45, 0, 43, 1, 2), "received pieces come no more, a buffer is not for sale");
        assert_eq!(coming.weeks[1].incoming, incoming(40, 4, 36, 1, 1), "what is cancelled or received does not come");
        assert_eq!(coming.later, incoming(50, 0, 50, 1, 1), "and what comes after the picture");
        assert_eq!(coming.undated, Incoming::default(), "nothing is without a day");
    }
}
