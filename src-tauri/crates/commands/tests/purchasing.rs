//! The commands behind the pages Purchase orders and Import, as a window calls them.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]

use std::path::PathBuf;

use presell_catalog::rules::Status;
use presell_commands::*;
use presell_imports::headers::Kind;
use presell_imports::problem::Check;
use presell_imports::purchasing::LineChange;
use presell_imports::review::{Fate, LineFilter};
use presell_store::{Address, Db, db_test};
use serde_json::json;

const NOW: &str = "2026-06-01T10:00:00Z";
const HEADER: &str = "po_id,line_no,sku,quantity,arrival_date,facility,is_new\n";

/// A window on a database of its own, and a folder for files.
struct Window {
    app: App,
    folder: tempfile::TempDir,
}

impl Window {
    async fn on(db: &Db) -> Window {
        let address: Address = match db {
            Db::Sqlite(pool) => Address::File(pool.connect_options().get_filename().to_path_buf()),
            Db::Postgres(_) => {
                let (name,): (String,) =
                    presell_store::on!(db, p => sqlx::query_as("SELECT current_database()::text").fetch_one(p).await)
                        .unwrap();
                let server = std::env::var("PRESELL_TEST_POSTGRES").unwrap();
                format!("{}/{name}", server.rsplit_once('/').unwrap().0).parse().unwrap()
            }
        };
        let clock = Clock::Fixed(NOW.parse().unwrap());
        let app = App::open(address, "default", chrono_tz::Europe::Paris, clock, "mara").await.unwrap();
        Window { app, folder: tempfile::tempdir().unwrap() }
    }

    fn file(&self, name: &str, lines: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, format!("{HEADER}{lines}")).unwrap();
        path
    }

    async fn ordered(&self) {
        let path = self.file("first.csv", "PO-1,1,A,10,2026-08-01,EAST,Y\nPO-1,2,B,20,2026-06-03,EAST,N\n");
        let imported = import_file(&self.app, ImportFile::new(Kind::PurchaseOrders, path)).await.unwrap();
        assert_eq!(imported.report.accepted, 2, "the orders to work with are there");
    }

    async fn change(&self, change: LineChange, version: Option<String>, confirm: bool) -> Result<LineChanged> {
        change_line(&self.app, ChangeLine { order: "PO-1".to_owned(), line: 1, change, version, confirm }).await
    }
}

fn code(error: &Error) -> String {
    serde_json::to_value(error).unwrap()["code"].as_str().unwrap_or_default().to_owned()
}

db_test! {
    async fn an_order_is_found_changed_received_and_taken_back(db: Db) {
        let window = Window::on(&db).await;
        window.ordered().await;
        let list = list_purchase_orders(&window.app, serde_json::from_value(json!({ "search": "po-1", "limit": 10 })).unwrap()).await.unwrap();
        assert_eq!((list.total, list.due.this_week), (1, 1), "it is due within the week of the store");
        let shown = show_purchase_order(&window.app, serde_json::from_value(json!({ "code": "PO-1", "limit": 10 })).unwrap()).await.unwrap();
        let version = Some(shown.lines[0].version.clone());
        let changed = window.change(LineChange { quantity: Some(12), ..LineChange::default() }, version.clone(), false).await.unwrap();
        assert_eq!((changed.line.ordered, changed.change.fields.len()), (12, 1), "the answer shows the line as it is now");
        let late = window.change(LineChange { quantity: Some(13), ..LineChange::default() }, version, false).await.unwrap_err();
        assert!(matches!(&late, Error::LineConflict { current, .. } if current.ordered == 12), "who comes late sees what is there: {late}");
        assert_eq!(code(&late), "lineConflict", "a window tells it from other failures");
        let asks = window.change(LineChange { arrival_date: Some("2026-05-01".parse().unwrap()), ..LineChange::default() }, None, false).await.unwrap_err();
        assert!(matches!(&asks, Error::Questions { questions, .. } if questions[0].column.as_deref() == Some("arrivalDate")), "a question names its field: {asks}");
        let refused = window.change(LineChange { quantity: Some(-3), ..LineChange::default() }, None, true).await.unwrap_err();
        assert!(matches!(&refused, Error::FieldsRefused { fields, .. } if fields[0].name == "quantity"), "a refusal names its field: {refused}");
        let receipt = ReceiveGoods { order: "PO-1".to_owned(), line: 1, quantity: 12, confirm: false };
        let received = receive_goods(&window.app, receipt).await.unwrap();
        assert!(received.line.closed, "a line that has all its goods is closed");
        take_back_change(&window.app, TakeBackChange { change_id: received.change.id.unwrap() }).await.unwrap();
        let closed = ChangePurchaseOrder { order: "PO-1".to_owned(), status: Status::Cancelled, confirm: false };
        change_purchase_order(&window.app, closed).await.unwrap();
        let told = purchase_order_history(&window.app, PurchaseOrderHistory { order: "PO-1".to_owned(), line: None, limit: 10 }).await.unwrap();
        assert_eq!(told.len(), 5, "everything is told: {told:?}");
        assert!(told[0].actor == "mara" && told[4].import_id.is_some(), "with who did it, back to the import: {told:?}");
        let gone = show_purchase_order(&window.app, serde_json::from_value(json!({ "code": "PO-9" })).unwrap()).await.unwrap_err();
        assert_eq!(code(&gone), "notFound", "an unknown order is said to be unknown");
        window.app.db.close().await;
    }
}

db_test! {
    async fn a_file_is_inspected_reviewed_and_imported_as_reviewed(db: Db) {
        let window = Window::on(&db).await;
        window.ordered().await;
        let path = window.file("next.csv", "PO-1,1,A,15,2026-08-01,EAST,Y\nPO-2,1,A,5,2026-09-01,EAST,Y\nPO-2,2,NOPE,5,2026-09-01,EAST,Y\n");
        let seen = inspect_file(&window.app, serde_json::from_value(json!({ "path": path })).unwrap()).await.unwrap();
        assert_eq!((seen.kind, seen.problems.len()), (Kind::PurchaseOrders, 0), "the kind is known by its columns");
        let file = ImportFile { work: Some("w".to_owned()), ..ImportFile::new(Kind::PurchaseOrders, &path) };
        let reviewed = review_import(&window.app, file.clone()).await.unwrap();
        let count = |fate| reviewed.fates.iter().find(|(of, _)| *of == fate).unwrap().1;
        assert_eq!((count(Fate::New), count(Fate::Asks), count(Fate::Refused)), (1, 1, 1), "every row has its fate");
        assert!(show_work(&window.app, ShowWork { work: "w".to_owned() }).await.unwrap().is_none(), "work that has ended is not shown");
        let page = ListReviewLines { review: reviewed.review.clone(), filter: LineFilter::default(), limit: 2, offset: 1 };
        let lines = list_review_lines(&window.app, page).await.unwrap();
        assert_eq!((lines.total, lines.lines.len()), (3, 2), "pages know the total");
        let orders = ListReviewOrders { review: reviewed.review.clone(), search: String::new(), limit: 10, offset: 0 };
        assert_eq!(list_review_orders(&window.app, orders).await.unwrap().total, 2, "orders are counted");
        let rejects = export_rejects(&window.app, ExportRejects { review: reviewed.review.clone(), path: None }).await.unwrap();
        assert!(rejects.rows == 2 && rejects.csv.contains("No product has the SKU NOPE"), "rows left out come with their reasons: {}", rejects.csv);
        let file = ImportFile { confirmed: vec![Check::V9], reviewed: Some(reviewed.sha256), ..file };
        let imported = import_file(&window.app, file.clone()).await.unwrap();
        assert_eq!((imported.report.changes.new, imported.report.changes.changed), (1, 1), "what was confirmed is taken");
        let problems = ListImportProblems { import_id: imported.report.import_id.unwrap(), limit: 10, offset: 0 };
        assert!(list_import_problems(&window.app, problems).await.unwrap().problems.iter().any(|p| p.code == Check::V6), "what was refused is kept");
        std::fs::write(&path, "other").unwrap();
        let other = import_file(&window.app, file).await.unwrap_err();
        assert!(matches!(other, Error::FileRefused { .. } | Error::Refused { .. }), "another file of that name is not imported: {other}");
        let gone = list_review_orders(&window.app, ListReviewOrders { review: "review-99".to_owned(), search: String::new(), limit: 1, offset: 0 }).await.unwrap_err();
        assert_eq!(code(&gone), "notFound", "a review that is gone says so");
        stop_work(&window.app, ShowWork { work: "nothing".to_owned() }).await.unwrap();
        window.app.db.close().await;
    }
}

db_test! {
    async fn mappings_are_kept_by_name(db: Db) {
        let window = Window::on(&db).await;
        let mapping = |column: &str| SavedMapping {
            kind: Kind::PurchaseOrders,
            name: " Atelier ".to_owned(),
            columns: vec![("quantity".to_owned(), column.to_owned())],
            reading: presell_imports::Reading { day_first: Some(true), ..presell_imports::Reading::default() },
        };
        save_mapping(&window.app, mapping("Menge")).await.unwrap();
        save_mapping(&window.app, mapping("Stück")).await.unwrap();
        let kept = list_mappings(&window.app, ListMappings { kind: Kind::PurchaseOrders }).await.unwrap();
        assert_eq!(kept, [SavedMapping { name: "Atelier".to_owned(), ..mapping("Stück") }], "the last one of a name counts");
        let lacking = window.file("lacking.csv", "PO-1,1,A,1,2026-08-01,EAST,Y\n");
        let request = json!({ "path": lacking, "kind": "purchase-orders", "columns": kept[0].columns });
        let seen = inspect_file(&window.app, serde_json::from_value(request).unwrap()).await.unwrap();
        assert!(seen.problems[0].message.contains("Stück"), "a mapping that lacks a column says which: {:?}", seen.problems);
        assert!(save_mapping(&window.app, SavedMapping { name: " ".to_owned(), ..mapping("x") }).await.is_err(), "a mapping has a name");
        forget_mapping(&window.app, ForgetMapping { kind: Kind::PurchaseOrders, name: "Atelier".to_owned() }).await.unwrap();
        assert!(list_mappings(&window.app, ListMappings { kind: Kind::PurchaseOrders }).await.unwrap().is_empty(), "and can be forgotten");
        window.app.db.close().await;
    }
}
