//! The first start, and sample data in and out again without a trace.

use presell_commands::{
    AddSampleData, ImportFile, Nothing, RefreshCatalog, add_sample_data, finish_first_start, import_file, list_imports,
    refresh_catalog, remove_sample_data, show_first_start, undo_import,
};
use presell_imports::headers::Kind;
use presell_store::db_test;

use crate::support::{REFRESH, app, number, on};

/// Rows that data would leave.
const ROWS: &str = "SELECT (SELECT count(*) FROM product) + (SELECT count(*) FROM product_identifier) + (SELECT count(*) FROM product_rule)
    + (SELECT count(*) FROM facility) + (SELECT count(*) FROM store_facility) + (SELECT count(*) FROM purchase_order)
    + (SELECT count(*) FROM po_line) + (SELECT count(*) FROM receipt) + (SELECT count(*) FROM stock) + (SELECT count(*) FROM order_item)
    + (SELECT count(*) FROM allocation) + (SELECT count(*) FROM member) + (SELECT count(*) FROM decision)";

db_test! {
    async fn sample_data_goes_as_it_came(db: Db) {
        let app = app(&db).await;
        let added = add_sample_data(&app, AddSampleData { refresh: true }).await.unwrap();
        assert_eq!(added.imports.len(), 5, "products, stock, purchase orders, receipts and orders");
        assert!(added.refreshed.is_some_and(|o| o.added > 0), "the lists are filled");
        let again = add_sample_data(&app, AddSampleData::default()).await.unwrap_err().to_string();
        assert!(again.contains("already"), "once is enough: {again}");
        let removed = remove_sample_data(&app, Nothing {}).await.unwrap();
        assert!(removed.unlisted > 0 && removed.imports == 5, "all of it goes, also from the lists: {removed:?}");
        assert_eq!(number(&app, ROWS).await, 0, "not one row of it is left");
        let nothing = remove_sample_data(&app, Nothing {}).await.unwrap_err().to_string();
        assert!(nothing.contains("no sample data"), "what is gone cannot be removed: {nothing}");
        add_sample_data(&app, AddSampleData::default()).await.unwrap();
        refresh_catalog(&app, RefreshCatalog::default()).await.unwrap();
    }
}

db_test! {
    async fn sample_data_stays_away_from_real_data_and_says_what_holds_it(db: Db) {
        let app = app(&db).await;
        let folder = tempfile::tempdir().unwrap();
        add_sample_data(&app, AddSampleData { refresh: true }).await.unwrap();
        let rows = number(&app, ROWS).await;
        let sku = presell_commands::list_catalog(&app, Default::default()).await.unwrap()[0].sku.clone();
        let file = folder.path().join("own.csv");
        std::fs::write(&file, format!("po,line,sku,quantity,arrival date,facility\nMINE-1,1,{sku},10,2027-01-31,MY-HOUSE\n")).unwrap();
        let request = ImportFile { confirm: true, create: Some(true), ..ImportFile::new(Kind::PurchaseOrders, file) };
        let own = import_file(&app, request).await.unwrap().report.import_id.unwrap();
        let held = remove_sample_data(&app, Nothing {}).await.unwrap_err().to_string();
        assert!(held.contains("MINE-1") && held.contains(&sku), "what holds it is named: {held}");
        assert!(number(&app, ROWS).await > rows, "and nothing was taken away");
        undo_import(&app, presell_commands::UndoImport { import_id: own }).await.unwrap();
        remove_sample_data(&app, Nothing {}).await.unwrap();
        assert_eq!(number(&app, ROWS).await, 0, "then it goes");

        let file = folder.path().join("products.csv");
        std::fs::write(&file, "sku,title\nA-1,Jacket\n").unwrap();
        import_file(&app, ImportFile::new(Kind::Products, file)).await.unwrap();
        let refused = add_sample_data(&app, AddSampleData::default()).await.unwrap_err().to_string();
        assert!(refused.contains("1 product,"), "real data is never mixed with samples: {refused}");
    }
}

db_test! {
    async fn an_import_of_the_samples_that_somebody_took_back_by_hand_is_no_hindrance(db: Db) {
        let app = app(&db).await;
        add_sample_data(&app, AddSampleData::default()).await.unwrap();
        let newest = list_imports(&app, Nothing {}).await.unwrap()[0].id;
        undo_import(&app, presell_commands::UndoImport { import_id: newest }).await.unwrap();
        assert_eq!(remove_sample_data(&app, Nothing {}).await.unwrap().imports, 4, "the other four go");
        assert_eq!(number(&app, ROWS).await, 0, "not one row is left");
    }
}

db_test! {
    async fn the_first_steps_are_shown_until_something_is_set_up_or_somebody_has_had_enough(db: Db) {
        let app = app(&db).await;
        let first = show_first_start(&app, Nothing {}).await.unwrap();
        assert!(first.needed && first.empty && !first.samples, "a new house: {first:?}");
        add_sample_data(&app, AddSampleData::default()).await.unwrap();
        let then = show_first_start(&app, Nothing {}).await.unwrap();
        assert!(!then.needed && then.samples && then.imported && !then.empty, "something is in: {then:?}");
        remove_sample_data(&app, Nothing {}).await.unwrap();
        assert!(show_first_start(&app, Nothing {}).await.unwrap().needed, "taken back, it is new again");
        on(&app, REFRESH).await;
        assert!(!show_first_start(&app, Nothing {}).await.unwrap().needed, "a job that is on is set up, too");
        finish_first_start(&app, Nothing {}).await.unwrap();
        let last = finish_first_start(&app, Nothing {}).await.unwrap();
        assert!(last.finished && !last.needed, "finished is finished, also twice: {last:?}");
    }
}
