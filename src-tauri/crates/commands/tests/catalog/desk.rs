//! A desk in a shop on 23 November 2026, a Monday: files go in, the catalog comes out.

use std::path::PathBuf;

use presell_catalog::browse::CatalogPage;
use presell_commands::{
    App, BrowseCatalog, Clock, ImportFile, RefreshCatalog, Refreshed, WorkOutReasons, browse_catalog, import_file,
    refresh_catalog, work_out_reasons,
};
use presell_imports::headers::Kind as File;
use presell_store::testing::{Kind, Place};

pub(crate) struct Desk {
    pub(crate) app: App,
    folder: tempfile::TempDir,
}

impl Desk {
    /// Runs one test body on a fresh database of `kind`, which goes away afterwards, also when the body panics.
    pub(crate) fn run<F>(kind: Kind, body: impl FnOnce(Desk) -> F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        runtime.block_on(async {
            let place = Place::new(kind).await;
            let clock = Clock::Fixed("2026-11-23T09:00:00Z".parse().unwrap());
            let app = App::open(place.address.clone(), "default", chrono_tz::Tz::UTC, clock, "ann").await.unwrap();
            let desk = Desk { app: app.clone(), folder: tempfile::tempdir().unwrap() };
            let outcome = tokio::spawn(body(desk)).await;
            app.db.close().await;
            place.remove().await;
            if let Err(failure) = outcome {
                std::panic::resume_unwind(failure.into_panic());
            }
        });
    }

    /// The desk with the sample files imported.
    pub(crate) async fn with_samples(self) -> Desk {
        let files = [
            (File::Products, "products.csv"),
            (File::PurchaseOrders, "purchase-orders.csv"),
            (File::Inventory, "inventory.csv"),
            (File::Orders, "orders.csv"),
            (File::Receipts, "receipts.csv"),
        ];
        for (kind, name) in files {
            let path: PathBuf = [env!("CARGO_MANIFEST_DIR"), "../../../tests/samples", name].iter().collect();
            let file = ImportFile { confirm: true, create: Some(true), ..ImportFile::new(kind, path) };
            import_file(&self.app, file).await.unwrap();
        }
        self
    }

    /// Imports lines below a header.
    pub(crate) async fn takes(&self, kind: File, header: &str, lines: &[&str]) {
        let path = self.folder.path().join("file.csv");
        std::fs::write(&path, format!("{header}\n{}\n", lines.join("\n"))).unwrap();
        let file = ImportFile { confirm: true, create: Some(true), ..ImportFile::new(kind, path) };
        let report = import_file(&self.app, file).await.unwrap().report;
        assert_eq!(report.refused, 0, "the file of a test is taken whole: {:?}", report.problems);
    }

    pub(crate) async fn orders(&self, lines: &[&str]) {
        self.takes(File::PurchaseOrders, "po_id,line_no,sku,quantity,arrival_date,facility,is_new,status", lines).await;
    }

    pub(crate) async fn stock(&self, lines: &[&str]) {
        self.takes(File::Inventory, "sku,quantity,facility", lines).await;
    }

    pub(crate) async fn refresh(&self) -> Refreshed {
        refresh_catalog(&self.app, RefreshCatalog::default()).await.unwrap()
    }

    pub(crate) async fn browse(&self, args: BrowseCatalog) -> CatalogPage {
        browse_catalog(&self.app, args).await.unwrap().page
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

/// One body, two tests: `name::sqlite` and `name::postgres`.
macro_rules! desk_test {
    (async fn $name:ident($desk:ident: Desk) $body:block) => {
        mod $name {
            use super::*;
            async fn body($desk: Desk) $body
            #[test]
            fn sqlite() {
                Desk::run(presell_store::testing::Kind::Sqlite, body);
            }
            #[test]
            fn postgres() {
                Desk::run(presell_store::testing::Kind::Postgres, body);
            }
        }
    };
}
pub(crate) use desk_test;
