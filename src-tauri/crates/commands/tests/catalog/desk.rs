//! A desk in a shop on 23 November 2026, a Monday: files go in, the catalog comes out.

use std::path::PathBuf;

use presell_catalog::browse::CatalogPage;
use presell_commands::{
    App, BrowseCatalog, Clock, ImportFile, Machine, RefreshCatalog, Refreshed, WorkOutReasons, browse_catalog,
    import_file, refresh_catalog, work_out_reasons,
};
use presell_imports::headers::Kind;
use presell_store::{Address, Db};

pub(crate) struct Desk {
    pub(crate) app: App,
    folder: tempfile::TempDir,
}

impl Desk {
    pub(crate) async fn new(db: Db) -> Desk {
        let now = "2026-11-23T09:00:00Z".parse().unwrap();
        presell_catalog::stores::find_or_create(&db, "default", chrono_tz::Tz::UTC, now).await.unwrap();
        let app = App {
            db,
            // Commands that open the database anew would need it; those of the catalog do not.
            address: Address::File(PathBuf::new()),
            store: "default".to_owned(),
            clock: Clock::Fixed(now),
            actor: "ann".to_owned(),
            machine: Machine::default(),
        };
        Desk { app, folder: tempfile::tempdir().unwrap() }
    }

    /// A desk with the sample files imported.
    pub(crate) async fn with_samples(db: Db) -> Desk {
        let desk = Desk::new(db).await;
        let files = [
            (Kind::Products, "products.csv"),
            (Kind::PurchaseOrders, "purchase-orders.csv"),
            (Kind::Inventory, "inventory.csv"),
            (Kind::Orders, "orders.csv"),
            (Kind::Receipts, "receipts.csv"),
        ];
        for (kind, name) in files {
            let path: PathBuf = [env!("CARGO_MANIFEST_DIR"), "../../../tests/samples", name].iter().collect();
            let file = ImportFile { confirm: true, create: Some(true), ..ImportFile::new(kind, path) };
            import_file(&desk.app, file).await.unwrap();
        }
        desk
    }

    /// Imports lines below a header.
    pub(crate) async fn takes(&self, kind: Kind, header: &str, lines: &[&str]) {
        let path = self.folder.path().join("file.csv");
        std::fs::write(&path, format!("{header}\n{}\n", lines.join("\n"))).unwrap();
        let file = ImportFile { confirm: true, create: Some(true), ..ImportFile::new(kind, path) };
        let report = import_file(&self.app, file).await.unwrap().report;
        assert_eq!(report.refused, 0, "the file of a test is taken whole: {:?}", report.problems);
    }

    pub(crate) async fn orders(&self, lines: &[&str]) {
        self.takes(Kind::PurchaseOrders, "po_id,line_no,sku,quantity,arrival_date,facility,is_new,status", lines).await;
    }

    pub(crate) async fn stock(&self, lines: &[&str]) {
        self.takes(Kind::Inventory, "sku,quantity,facility", lines).await;
    }

    pub(crate) async fn refresh(&self) -> Refreshed {
        refresh_catalog(&self.app, RefreshCatalog::default()).await.unwrap()
    }

    pub(crate) async fn browse(&self, args: BrowseCatalog) -> CatalogPage {
        browse_catalog(&self.app, args).await.unwrap()
    }

    /// Works out every reason that is due; how many.
    pub(crate) async fn work_out(&self) -> u64 {
        let (mut after, mut done) = (Some(0), 0);
        while let Some(from) = after {
            let progress = work_out_reasons(&self.app, WorkOutReasons { after: from }).await.unwrap();
            (after, done) = (progress.after, done + progress.done);
        }
        done
    }
}

/// The SKUs of a page, in its order.
pub(crate) fn skus(page: &CatalogPage) -> Vec<&str> {
    page.rows.iter().map(|row| row.sku.as_str()).collect()
}
