use chrono::NaiveDate;
use presell_imports::headers::Kind::{Orders, PurchaseOrders, Receipts};
use presell_imports::purchasing::{
    Asking, Due, HandChange, HandError, LineChange, ListOrders, OrderChange, OrderSort, Origin, Receipt, ShowOrder,
    change_line, change_order, history, list_orders, receive, show_line, show_order, take_back,
};
use presell_store::db_test;

use crate::support::{Desk, ORDERED};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn yes() -> Asking {
    Asking { confirm: true, actor: "mara".to_owned() }
}

fn ask() -> Asking {
    Asking { confirm: false, actor: "mara".to_owned() }
}

async fn desk(db: presell_store::Db) -> Desk {
    let desk = Desk::new(db).await;
    let lines = "PO-1,1,A,10,2026-08-01,EAST,Y,,,\nPO-1,2,B,20,2026-06-03,WEST,N,5,,\nPO-2,1,A,7,2026-05-01,EAST,N,,,APPROVED\n";
    desk.ask(PurchaseOrders, &format!("{ORDERED}{lines}"), |r| r.confirm = true).await;
    desk
}

async fn change(desk: &Desk, line: i64, change: LineChange, asking: &Asking) -> Result<HandChange, HandError> {
    change_line(&desk.db, &desk.store, ("PO-1", line), &change, None, asking, desk.now).await
}

db_test! {
    async fn orders_are_found_counted_and_sorted_by_what_is_due_next(db: Db) {
        let desk = desk(db).await;
        let today = day("2026-06-01");
        let list = |wanted: ListOrders| { let db = desk.db.clone(); async move { list_orders(&db, &wanted, today).await.unwrap() } };
        let all = list(ListOrders { limit: 10, ..ListOrders::default() }).await;
        let codes = |orders: &presell_imports::purchasing::Orders| orders.orders.iter().map(|o| o.code.clone()).collect::<Vec<_>>();
        assert_eq!((all.total, codes(&all)), (2, vec!["PO-2".to_owned(), "PO-1".to_owned()]), "what was due first stands first");
        assert_eq!((all.due.overdue, all.due.this_week, all.due.later), (1, 1, 0), "orders are counted by their next date");
        let one = &all.orders[1];
        assert_eq!((one.lines, one.open_lines, one.ordered, one.left, one.facilities), (2, 2, 30, 25, 2), "lines are summed up: {one:?}");
        assert_eq!(one.next_date, Some(day("2026-06-03")), "the next date is that of the earliest open line");
        assert!(one.file_name.as_deref().is_some_and(|name| name.ends_with(".csv")), "the import it came with is named");
        let found = list(ListOrders { search: "b".to_owned(), limit: 10, ..ListOrders::default() }).await;
        assert_eq!(codes(&found), ["PO-1"], "an order is found by a SKU of its lines, in any case");
        let due = list(ListOrders { due: Some(Due::Overdue), limit: 10, ..ListOrders::default() }).await;
        assert_eq!((due.total, codes(&due)), (1, vec!["PO-2".to_owned()]), "only what is overdue");
        let page = list(ListOrders { sort: OrderSort::Code, limit: 1, offset: 1, ..ListOrders::default() }).await;
        assert_eq!((page.total, codes(&page)), (2, vec!["PO-2".to_owned()]), "a page knows the total");
        let odd = list(ListOrders { search: "%".to_owned(), limit: 10, ..ListOrders::default() }).await;
        assert_eq!(odd.total, 0, "a percent sign is looked for as such");
        let shown = show_order(&desk.db, &desk.store, &ShowOrder { code: "PO-1".to_owned(), search: "B".to_owned(), limit: 10, ..ShowOrder::default() }, today).await.unwrap();
        assert_eq!((shown.total, shown.lines[0].left, shown.lines[0].facility.as_str()), (1, 15, "WEST"), "a line shows what it can still sell");
        let gone = show_order(&desk.db, &desk.store, &ShowOrder { code: "PO-9".to_owned(), ..ShowOrder::default() }, today).await;
        assert!(matches!(gone, Err(HandError::NoOrder(_))), "an unknown order is said to be unknown");
    }
}

db_test! {
    async fn a_change_by_hand_is_kept_with_old_and_new_and_marks_the_product(db: Db) {
        let desk = desk(db).await;
        desk.run("DELETE FROM dirty").await;
        let done = change(&desk, 1, LineChange { arrival_date: Some(day("2026-08-09")), quantity: Some(12), ..LineChange::default() }, &ask()).await.unwrap();
        assert_eq!(done.fields, [("quantity", "10".to_owned(), "12".to_owned()), ("arrival_date", "2026-08-01".to_owned(), "2026-08-09".to_owned())], "old and new are said");
        assert_eq!(desk.texts("SELECT ordered || ' ' || arrival_date || ' ' || promise_date FROM po_line WHERE line_no = 1 AND ordered = 12").await, ["12 2026-08-09 2026-08-09"], "the promise follows the date");
        assert_eq!(desk.number("SELECT count(*) FROM dirty").await, 1, "the product is looked at again");
        let told = history(&desk.db, "PO-1", Some(1), 10).await.unwrap();
        assert_eq!(told.iter().map(|e| (e.origin, e.actor.as_str())).collect::<Vec<_>>(), [(Origin::Hand, "mara"), (Origin::Created, "system")], "history begins with the import");
        assert_eq!((told[0].fields.clone(), told[0].change_id), (done.fields, done.id), "history shows the change, ready to be taken back");
        let nothing = change(&desk, 1, LineChange { quantity: Some(12), ..LineChange::default() }, &ask()).await.unwrap();
        assert_eq!(nothing.id, None, "a change that changes nothing leaves no trace");
    }
}

db_test! {
    async fn dangerous_changes_ask_and_impossible_ones_are_refused(db: Db) {
        let desk = desk(db).await;
        desk.ask(Orders, "order_id,item_seq,sku,quantity,ordered_at,status,po_id,po_line\nO1,1,A,8,2026-05-01,,PO-1,1\n", |r| r.confirm = true).await;
        let before = desk.dump().await;
        for (wish, check) in [
            (LineChange { quantity: Some(5), ..LineChange::default() }, "V10"),
            (LineChange { quantity: Some(0), ..LineChange::default() }, "V5"),
            (LineChange { arrival_date: Some(day("2026-05-31")), ..LineChange::default() }, "V4"),
            (LineChange { arrival_date: Some(day("2029-05-31")), ..LineChange::default() }, "V4"),
            (LineChange { buffer: Some(10), ..LineChange::default() }, "V13"),
            (LineChange { status: Some(presell_catalog::rules::Status::Cancelled), ..LineChange::default() }, "V10"),
        ] {
            let error = change(&desk, 1, wish.clone(), &ask()).await.unwrap_err();
            let HandError::Asks(questions) = error else { panic!("{wish:?} must ask: {error}") };
            assert!(questions.iter().any(|q| format!("{:?}", q.code) == check), "{wish:?} asks because of {check}: {questions:?}");
        }
        let refused = change(&desk, 1, LineChange { quantity: Some(-1), buffer_days: Some(400), ..LineChange::default() }, &yes()).await;
        assert!(matches!(&refused, Err(HandError::Fields(fields)) if fields.len() == 2), "all that is wrong is said at once: {refused:?}");
        assert!(matches!(change(&desk, 9, LineChange::default(), &yes()).await, Err(HandError::NoLine(..))), "an unknown line is said to be unknown");
        assert_eq!(desk.dump().await, before, "what asks or is refused changes nothing");
        change(&desk, 1, LineChange { quantity: Some(5), ..LineChange::default() }, &yes()).await.unwrap();
        let line = show_line(&desk.db, &desk.store, "PO-1", 1, day("2026-06-01")).await.unwrap().unwrap();
        assert_eq!((line.ordered, line.left, line.oversold), (5, 0, 3), "confirmed, the rest shows as oversold");
    }
}

db_test! {
    async fn two_people_never_overwrite_each_other(db: Db) {
        let desk = desk(db).await;
        let seen = show_line(&desk.db, &desk.store, "PO-1", 1, day("2026-06-01")).await.unwrap().unwrap().version;
        let wish = |pieces| LineChange { quantity: Some(pieces), ..LineChange::default() };
        change_line(&desk.db, &desk.store, ("PO-1", 1), &wish(11), Some(&seen), &ask(), desk.now).await.unwrap();
        let late = change_line(&desk.db, &desk.store, ("PO-1", 1), &wish(12), Some(&seen), &ask(), desk.now).await;
        assert!(matches!(late, Err(HandError::Conflict(..))), "who looked at older values is told: {late:?}");
    }
}

db_test! {
    async fn changes_and_receipts_by_hand_are_taken_back_without_a_trace(db: Db) {
        let desk = desk(db).await;
        let import = desk.number("SELECT max(id) FROM import").await;
        let before = desk.dump().await;
        let changed = change(&desk, 2, LineChange { buffer_days: Some(3), ..LineChange::default() }, &ask()).await.unwrap();
        let refused = presell_imports::undo(&desk.db, import, "mara", desk.now).await;
        assert!(refused.is_err_and(|e| e.to_string().contains("by a person")), "an import is not undone over a change by hand");
        let received = receive(&desk.db, Receipt { order: "PO-1", line: 2, quantity: 20 }, &ask(), desk.now).await.unwrap();
        let line = show_line(&desk.db, &desk.store, "PO-1", 2, day("2026-06-01")).await.unwrap().unwrap();
        assert_eq!((line.received, line.closed, line.left), (20, true, 0), "what is received whole is closed and sells no more");
        let more = receive(&desk.db, Receipt { order: "PO-1", line: 2, quantity: 1 }, &ask(), desk.now).await;
        assert!(matches!(more, Err(HandError::Asks(_))), "more than ordered asks");
        let early = take_back(&desk.db, changed.id.unwrap(), &ask(), desk.now).await;
        assert!(matches!(early, Err(HandError::Touched(_))), "an older change waits for the newer: {early:?}");
        let back = take_back(&desk.db, received.id.unwrap(), &ask(), desk.now).await.unwrap();
        assert_eq!(desk.number("SELECT count(*) FROM receipt").await, 0, "the receipt is gone");
        take_back(&desk.db, back.id.unwrap(), &ask(), desk.now).await.unwrap();
        assert_eq!(desk.number("SELECT CAST(sum(quantity) AS BIGINT) FROM receipt").await, 20, "taking back can be taken back");
        let newest = history(&desk.db, "PO-1", Some(2), 1).await.unwrap()[0].change_id.unwrap();
        take_back(&desk.db, newest, &ask(), desk.now).await.unwrap();
        take_back(&desk.db, changed.id.unwrap(), &ask(), desk.now).await.unwrap();
        let after = desk.dump().await;
        for table in before.keys() {
            assert_eq!(after[table], before[table], "{table} is as it was");
        }
        presell_imports::undo(&desk.db, import, "mara", desk.now).await.unwrap();
    }
}

db_test! {
    async fn an_order_is_closed_by_hand_for_all_its_lines_and_opened_again(db: Db) {
        let desk = desk(db).await;
        desk.run("DELETE FROM dirty").await;
        let cancelled = OrderChange { status: presell_catalog::rules::Status::Cancelled };
        let done = change_order(&desk.db, "PO-1", cancelled, &ask(), desk.now).await.unwrap();
        assert_eq!(desk.number("SELECT count(*) FROM dirty").await, 2, "every product of the order is looked at again");
        let list = list_orders(&desk.db, &ListOrders { status: Some(cancelled.status), limit: 5, ..ListOrders::default() }, day("2026-06-01")).await.unwrap();
        assert_eq!((list.orders[0].left, list.orders[0].next_date), (0, None), "a cancelled order brings nothing");
        assert_eq!(list.due.no_date, 1, "and is not due");
        let again = change_order(&desk.db, "PO-1", OrderChange { status: presell_catalog::rules::Status::Approved }, &ask(), desk.now).await;
        assert!(matches!(again, Err(HandError::Asks(_))), "a closed order changes only after a yes");
        take_back(&desk.db, done.id.unwrap(), &ask(), desk.now).await.unwrap();
        let told = history(&desk.db, "PO-1", None, 10).await.unwrap();
        assert_eq!(told.iter().map(|e| e.origin).collect::<Vec<_>>(), [Origin::TakenBack, Origin::Hand, Origin::Created], "history tells all of it");
    }
}

db_test! {
    async fn history_tells_what_imports_changed(db: Db) {
        let desk = desk(db).await;
        let text = format!("{ORDERED}PO-1,1,A,15,2026-08-01,EAST,Y,,,\n");
        let second = desk.ask(PurchaseOrders, &text, |r| r.confirm = true).await;
        let third = desk.ask(PurchaseOrders, &text.replace(",15,", ",16,"), |r| r.confirm = true).await;
        desk.ask(Receipts, "po_id,line_no,quantity\nPO-1,1,4\n", |r| r.confirm = true).await;
        let told = history(&desk.db, "PO-1", Some(1), 10).await.unwrap();
        let quantity = |old: &str, new: &str| vec![("quantity", old.to_owned(), new.to_owned())];
        assert_eq!(told[0].fields, [("received", "0".to_owned(), "4".to_owned())], "goods of a file are told");
        assert_eq!((told[1].fields.clone(), told[1].import_id), (quantity("15", "16"), third.import_id), "the newer import");
        assert_eq!((told[2].fields.clone(), told[2].import_id), (quantity("10", "15"), second.import_id), "the older import");
        assert_eq!(told[3].origin, Origin::Created, "and how the line came in");
    }
}
