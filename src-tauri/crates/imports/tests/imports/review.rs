use std::collections::BTreeSet;

use presell_imports::adjusting::{Adjustment, Adjustments, Place};
use presell_imports::headers::{Field, Kind};
use presell_imports::inspect::inspect;
use presell_imports::problem::Check;
use presell_imports::review::{Fate, LineFilter, Review, review};
use presell_imports::{ImportError, Progress, Reading, Request, import};
use presell_store::db_test;

use crate::support::{Desk, ORDERED, changes};

const KNOWN: &str = "PO-1,1,A,10,2026-08-01,EAST,Y,,,\nPO-1,2,B,20,2026-08-01,EAST,N,,,\n";
const NEXT: &str = "PO-1,1,A,12,2026-08-01,EAST,Y,,,\nPO-1,2,B,20,2026-08-01,EAST,N,,,\nPO-2,1,A,5,2026-05-01,EAST,Y,,,\nPO-2,2,ZZ,5,2026-09-01,EAST,Y,,,\nPO-3,1,B,many,2026-09-01,Main,Y,,,\nPO-3,2,A,4,2026-09-01,EAST,Y,,,\n";

async fn desk(db: presell_store::Db) -> Desk {
    let desk = Desk::new(db).await;
    desk.import(Kind::PurchaseOrders, &format!("{ORDERED}{KNOWN}")).await;
    desk
}

async fn looked_at(desk: &Desk, request: &Request) -> Review {
    review(&desk.db, &desk.store, request, desk.now, &Progress::default()).await.unwrap()
}

fn fates(review: &Review) -> Vec<u64> {
    review.fates.iter().map(|(_, count)| *count).collect()
}

db_test! {
    async fn a_review_shows_every_row_with_what_happens_to_it_and_changes_nothing(db: Db) {
        let desk = desk(db).await;
        let before = desk.dump().await;
        let review = looked_at(&desk, &Request::new(Kind::PurchaseOrders, desk.file(&format!("{ORDERED}{NEXT}")))).await;
        assert_eq!(fates(&review), [1, 0, 1, 2, 2, 0], "new, changed, unchanged, asks, refused, left out: {:?}", review.report.problems);
        let all = review.lines(&LineFilter::default(), 10, 0).await.unwrap();
        assert_eq!((all.total, all.lines.iter().map(|l| l.row).collect::<Vec<_>>()), (6, vec![2, 3, 4, 5, 6, 7]), "rows in the order of the file");
        assert_eq!(all.lines[0].differences, [("quantity".to_owned(), "10".to_owned(), "12".to_owned())], "a known line shows old and new");
        assert_eq!((all.lines[0].fate, all.lines[1].fate), (Fate::Asks, Fate::Unchanged), "a change waits for a yes");
        let wrong = review.lines(&LineFilter { fate: Some(Fate::Refused), ..LineFilter::default() }, 10, 0).await.unwrap();
        assert_eq!(wrong.lines.iter().map(|l| l.problems[0].code).collect::<Vec<_>>(), [Check::V6, Check::V5], "each wrong row says why");
        let page = review.lines(&LineFilter { search: "po-2".to_owned(), ..LineFilter::default() }, 1, 1).await.unwrap();
        assert_eq!((page.total, page.lines[0].row), (2, 5), "a page of a search knows the total");
        let past = review.lines(&LineFilter { check: Some(Check::V4), ..LineFilter::default() }, 10, 0).await.unwrap();
        assert_eq!(past.lines.iter().map(|l| l.row).collect::<Vec<_>>(), [4], "rows are found by their check");
        let orders = review.orders("", 10, 0).await.unwrap();
        assert_eq!(orders.orders.iter().map(|o| (o.order.as_str(), o.rows, o.asks, o.refused)).collect::<Vec<_>>(), [("PO-1", 2, 1, 0), ("PO-2", 2, 1, 1), ("PO-3", 2, 0, 1)], "orders are summed up");
        assert!(review.findings.iter().any(|group| group.check == Check::V9 && group.count == 1), "findings are counted by check: {:?}", review.findings);
        assert_eq!(desk.dump().await, before, "a review changes nothing");
    }
}

db_test! {
    async fn what_a_person_changes_is_checked_like_the_file_and_imported_as_reviewed(db: Db) {
        let desk = desk(db).await;
        let path = desk.file(&format!("{ORDERED}{NEXT}"));
        let cell = |field, value: &str, rows| Adjustment { field, value: value.to_owned(), rows };
        let adjustments = Adjustments {
            cells: vec![
                cell(Field::BufferDays, "3", Place::All),
                cell(Field::Facility, "EAST", Place::Saying("Main".to_owned())),
                cell(Field::Quantity, "7", Place::Rows(BTreeSet::from([6]))),
                cell(Field::Sku, "B", Place::Rows(BTreeSet::from([5]))),
                cell(Field::BufferDays, "5", Place::Orders(BTreeSet::from(["PO-3".to_owned()]))),
            ],
            left_out: BTreeSet::from([4]),
            orders_left_out: BTreeSet::from(["PO-1".to_owned()]),
        };
        let mut request = Request { adjustments, ..Request::new(Kind::PurchaseOrders, path) };
        let review = looked_at(&desk, &request).await;
        assert_eq!(fates(&review), [3, 0, 0, 0, 0, 3], "mended rows are new, the others left out: {:?}", review.report.problems);
        assert_eq!((review.report.rows, review.report.left_out), (3, 3), "rows left out do not count");
        let changed = review.lines(&LineFilter { adjusted: true, order: Some("PO-3".to_owned()), ..LineFilter::default() }, 10, 0).await.unwrap();
        assert!(changed.lines[0].was.contains(&(Field::Quantity, "many".to_owned())), "what the file says is shown: {:?}", changed.lines[0]);
        let at = review.fields.iter().position(|field| *field == Field::BufferDays).unwrap();
        assert_eq!(changed.lines[0].cells[at], "5", "the later change wins");
        request.reviewed = Some(review.sha256.clone());
        let report = import(&desk.db, &desk.store, &request, desk.now, &Progress::default()).await.unwrap();
        assert_eq!((changes(&report), report.refused), ((3, 0, 0), 0), "what was reviewed is what is imported");
        assert_eq!(desk.texts("SELECT o.code || ' ' || l.ordered || ' ' || l.buffer_days FROM po_line l JOIN purchase_order o ON o.id = l.po_id WHERE o.code > 'PO-1' ORDER BY o.code, l.line_no").await,
            ["PO-2 5 3", "PO-3 7 5", "PO-3 4 5"], "with the changes of the person");
    }
}

db_test! {
    async fn one_kind_of_question_is_answered_without_answering_the_others(db: Db) {
        let desk = desk(db).await;
        let path = desk.file(&format!("{ORDERED}{NEXT}"));
        let request = Request { confirmed: vec![Check::V9], ..Request::new(Kind::PurchaseOrders, path) };
        let review = looked_at(&desk, &request).await;
        assert_eq!((review.fates[1], review.fates[3]), ((Fate::Changed, 1), (Fate::Asks, 1)), "the change is taken, the past date still asks");
        let report = import(&desk.db, &desk.store, &request, desk.now, &Progress::default()).await.unwrap();
        assert_eq!((changes(&report), report.unconfirmed), ((1, 1, 1), 1), "and so it is imported");
    }
}

db_test! {
    async fn a_file_that_changed_since_its_review_is_not_imported(db: Db) {
        let desk = desk(db).await;
        let path = desk.file(&format!("{ORDERED}{NEXT}"));
        let request = Request::new(Kind::PurchaseOrders, &path);
        let review = looked_at(&desk, &request).await;
        std::fs::write(&path, format!("{ORDERED}PO-1,1,A,999,2026-08-01,EAST,Y,,,\n")).unwrap();
        let request = Request { reviewed: Some(review.sha256), confirm: true, ..request };
        let refused = import(&desk.db, &desk.store, &request, desk.now, &Progress::default()).await;
        assert!(matches!(refused, Err(ImportError::Changed)), "another file is not what was confirmed: {refused:?}");
    }
}

db_test! {
    async fn a_stopped_import_leaves_nothing(db: Db) {
        let desk = desk(db).await;
        let before = desk.dump().await;
        let progress = Progress::default();
        progress.stop();
        let request = Request { confirm: true, ..Request::new(Kind::PurchaseOrders, desk.file(&format!("{ORDERED}{NEXT}"))) };
        let stopped = import(&desk.db, &desk.store, &request, desk.now, &progress).await;
        assert!(matches!(stopped, Err(ImportError::Stopped)), "a stopped import says so: {stopped:?}");
        let stopped = review(&desk.db, &desk.store, &request, desk.now, &progress).await;
        assert!(matches!(stopped, Err(ImportError::Stopped)), "and so does a review");
        assert_eq!(desk.dump().await, before, "nothing is left of it");
    }
}

db_test! {
    async fn a_person_says_how_to_read_what_the_file_leaves_open(db: Db) {
        let desk = desk(db).await;
        let path = desk.file("po;sku;qty;eta;warehouse\nPO-7;A;1,000;03/04/2027;EAST\n");
        let seen = inspect(&path, None, &Reading::default(), &[]).unwrap();
        assert_eq!((seen.kind, seen.file.delimiter, seen.written.day_first), (Kind::PurchaseOrders, Some(';'), None), "the kind is guessed, the dates are open");
        assert_eq!(seen.columns[2].samples, ["1,000"], "columns show samples");
        let strange = inspect(&desk.file("Bestellung;Artikel\nPO-7;A\n"), None, &Reading::default(), &[]).unwrap();
        assert_eq!(strange.kind, Kind::PurchaseOrders, "headers that nobody knows are most likely a supplier's");
        let doubtful = looked_at(&desk, &Request::new(Kind::PurchaseOrders, &path)).await;
        assert!(doubtful.findings.iter().any(|group| group.about_file && group.check == Check::V4), "the file asks about its dates");
        let reading = Reading { day_first: Some(true), comma_is_decimal: Some(false), ..Reading::default() };
        let request = Request { reading, create: Some(true), ..Request::new(Kind::PurchaseOrders, &path) };
        let report = import(&desk.db, &desk.store, &request, desk.now, &Progress::default()).await.unwrap();
        assert_eq!(report.accepted, 1, "nothing is asked any more: {:?}", report.problems);
        assert_eq!(desk.texts("SELECT ordered || ' ' || arrival_date FROM po_line WHERE ordered > 20").await, ["1000 2027-04-03"], "and it is read as said");
    }
}

db_test! {
    async fn a_field_without_a_column_is_filled_for_all_rows(db: Db) {
        let desk = desk(db).await;
        let path = desk.file("po,sku,qty,eta\nPO-7,A,10,2026-08-14\n");
        let seen = inspect(&path, Some(Kind::PurchaseOrders), &Reading::default(), &[]).unwrap();
        assert!(seen.problems[0].message.contains("facility"), "what is missing is said: {:?}", seen.problems);
        let cells = vec![Adjustment { field: Field::Facility, value: "EAST".to_owned(), rows: Place::All }];
        let request = Request { adjustments: Adjustments { cells, ..Adjustments::default() }, ..Request::new(Kind::PurchaseOrders, &path) };
        let report = import(&desk.db, &desk.store, &request, desk.now, &Progress::default()).await.unwrap();
        assert_eq!(report.accepted, 1, "the field needs no column then: {:?}", report.problems);
    }
}
