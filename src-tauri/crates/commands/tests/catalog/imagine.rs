//! What if: the same rules with other facts.

use presell_catalog::what_if::{Aspect, Changes, IMAGINED, Imagined};
use presell_catalog::why::Answer;
use presell_commands::{Error, Explain, WhatIf, explain, what_if};

use crate::desk::{Desk, desk_test};

async fn shop(desk: Desk) -> Desk {
    desk.orders(&["PO-1,1,A,10,2026-12-01,WH,Y,APPROVED", "PO-2,1,A,30,2026-12-20,WH,N,APPROVED"]).await;
    desk.stock(&["A,3,WH", "B,0,WH"]).await;
    desk.refresh().await;
    desk
}

async fn imagine(desk: &Desk, sku: &str, changes: Changes) -> Imagined {
    what_if(&desk.app, WhatIf { sku: sku.to_owned(), changes }).await.unwrap()
}

fn differs(imagined: &Imagined) -> Vec<Aspect> {
    imagined.differences.iter().map(|difference| difference.what).collect()
}

desk_test! {
    async fn less_stock_would_list_it(desk: Desk) {
        let desk = shop(desk).await;
        let imagined = imagine(&desk, "A", Changes { stock: Some(0), ..Changes::default() }).await;
        assert!(matches!(imagined.now.decision, Answer::NotListed), "it is in stock");
        assert!(matches!(imagined.then.decision, Answer::Listed), "sold out it would be listed: {imagined:#?}");
        let what = [Aspect::Decision, Aspect::Category, Aspect::Reason, Aspect::PromiseDate, Aspect::PurchaseOrder, Aspect::Cap, Aspect::Stock];
        assert_eq!(differs(&imagined), what, "and all that differs is named");
        assert_eq!(imagined.differences[6].then.as_deref(), Some("0"), "with its value");
        let now = explain(&desk.app, Explain { sku: "A".to_owned() }).await.unwrap().why;
        assert_eq!(now.stock.online_atp, Some(3), "nothing was written");
    }
}

desk_test! {
    async fn the_line_that_counts_is_changed_unless_another_is_named(desk: Desk) {
        let desk = shop(desk).await;
        let sold_out = Changes { stock: Some(0), ..Changes::default() };
        let day = Changes { promise_date: Some("2027-01-10".parse().unwrap()), ..sold_out.clone() };
        let later = imagine(&desk, "A", day.clone()).await;
        assert_eq!(later.then.purchase_order.as_deref(), Some("PO-2"), "a later line gives way to the next one");
        let named = Changes { purchase_order: Some("PO-2".to_owned()), line: Some(1), ..day };
        let other = imagine(&desk, "A", named).await;
        assert_eq!(other.then.purchase_order.as_deref(), Some("PO-1"), "the named line is not the one that counts");
        let more = imagine(&desk, "A", Changes { quantity: Some(25), ..sold_out.clone() }).await;
        assert_eq!(more.then.cap, Some(25), "more pieces could be sold");
        let none = imagine(&desk, "A", Changes { quantity: Some(0), ..sold_out }).await;
        assert_eq!(none.then.purchase_order.as_deref(), Some("PO-2"), "and none of it leaves the next line");
        let missing = Changes { purchase_order: Some("PO-9".to_owned()), ..Changes::default() };
        let error = what_if(&desk.app, WhatIf { sku: "A".to_owned(), changes: missing }).await.unwrap_err();
        assert!(matches!(&error, Error::NotFound { message } if message.contains("PO-9")), "a line that is not there is named: {error}");
    }
}

desk_test! {
    async fn a_product_that_nothing_brings_gets_an_imagined_line(desk: Desk) {
        let desk = shop(desk).await;
        let order = Changes { quantity: Some(50), promise_date: Some("2027-02-01".parse().unwrap()), ..Changes::default() };
        let imagined = imagine(&desk, "B", order).await;
        assert_eq!(imagined.then.purchase_order.as_deref(), Some(IMAGINED), "what an order would do: {imagined:#?}");
        assert_eq!(imagined.then.cap, Some(50), "with its pieces");
        let passed = Changes { today: Some("2027-02-02".parse().unwrap()), quantity: Some(50), promise_date: Some("2027-02-01".parse().unwrap()), ..Changes::default() };
        let passed = imagine(&desk, "B", passed).await;
        assert!(matches!(passed.then.decision, Answer::NotListed), "until its day has passed");
        let nothing = imagine(&desk, "B", Changes::default()).await;
        assert_eq!(nothing.differences, [], "no change makes no difference");
    }
}

desk_test! {
    async fn numbers_that_cannot_be_are_refused_by_name(desk: Desk) {
        let desk = shop(desk).await;
        let changes = Changes { quantity: Some(-1), stock: Some(2_000_000), ..Changes::default() };
        let error = what_if(&desk.app, WhatIf { sku: "A".to_owned(), changes }).await.unwrap_err();
        let Error::FieldsRefused { fields, .. } = error else { panic!("each field is named: {error}") };
        let names: Vec<&str> = fields.iter().map(|field| field.name.as_str()).collect();
        assert_eq!(names, ["quantity", "stock"], "each field is named");
        let error = what_if(&desk.app, WhatIf { sku: "NONE".to_owned(), changes: Changes::default() }).await.unwrap_err();
        assert!(matches!(error, Error::NotFound { .. }), "so is an unknown product: {error}");
    }
}
