//! A desk to import files at: a store, a moment, a folder for files, and a look at everything the database holds.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use chrono::{DateTime, Utc};
use presell_catalog::stores::{Store, find_or_create};
use presell_imports::headers::Kind;
use presell_imports::problem::{Check, Severity};
use presell_imports::{ImportError, Progress, Report, Request, Undone, import, undo};
use presell_store::{Db, on};
use sqlx::AssertSqlSafe;

pub(crate) struct Desk {
    pub(crate) db: Db,
    pub(crate) store: Store,
    pub(crate) now: DateTime<Utc>,
    folder: tempfile::TempDir,
    files: AtomicU32,
}

/// Everything that an import may leave behind, table by table, as sorted texts.
pub(crate) type Dump = BTreeMap<String, Vec<String>>;

impl Desk {
    pub(crate) async fn new(db: Db) -> Desk {
        let now: DateTime<Utc> = "2026-06-01T10:00:00Z".parse().unwrap();
        let store = find_or_create(&db, "default", chrono_tz::Europe::Paris, now).await.unwrap();
        Desk { db, store, now, folder: tempfile::tempdir().unwrap(), files: AtomicU32::new(0) }
    }

    /// A file with this text.
    pub(crate) fn file(&self, text: &str) -> PathBuf {
        let path = self.folder.path().join(format!("file{}.csv", self.files.fetch_add(1, Ordering::Relaxed)));
        std::fs::write(&path, text).unwrap();
        path
    }

    /// A plain import of a text.
    pub(crate) async fn import(&self, kind: Kind, text: &str) -> Report {
        self.ask(kind, text, |_| ()).await
    }

    /// An import of a text with some wishes.
    pub(crate) async fn ask(&self, kind: Kind, text: &str, wish: impl FnOnce(&mut Request)) -> Report {
        let mut request = Request::new(kind, self.file(text));
        wish(&mut request);
        let report = import(&self.db, &self.store, &request, self.now, &Progress::default()).await.unwrap();
        assert_eq!(report.accepted + report.refused, report.rows, "every row is taken or not: {report:#?}");
        report
    }

    pub(crate) async fn undo(&self, report: &Report) -> Result<Undone, ImportError> {
        undo(&self.db, report.import_id.expect("the import was recorded"), "tester", self.now).await
    }

    /// One number.
    pub(crate) async fn number(&self, sql: &str) -> i64 {
        let (n,): (i64,) =
            on!(&self.db, p => sqlx::query_as(AssertSqlSafe(sql.to_owned())).fetch_one(p).await).unwrap();
        n
    }

    /// Texts, one a row.
    pub(crate) async fn texts(&self, sql: &str) -> Vec<String> {
        let rows: Vec<(String,)> =
            on!(&self.db, p => sqlx::query_as(AssertSqlSafe(sql.to_owned())).fetch_all(p).await).unwrap();
        rows.into_iter().map(|(text,)| text).collect()
    }

    pub(crate) async fn run(&self, sql: &str) {
        on!(&self.db, p => sqlx::query(AssertSqlSafe(sql.to_owned())).execute(p).await.map(|_| ())).unwrap();
    }

    /// Every row of every table but the records of imports, the audit and the marks.
    pub(crate) async fn dump(&self) -> Dump {
        let all = if self.db.is_postgres() {
            "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'"
        } else {
            "SELECT name FROM sqlite_schema WHERE type = 'table'"
        };
        let mut dump = Dump::new();
        for table in self.texts(all).await {
            let left_out =
                ["import", "audit", "dirty", "sqlite_", "_sqlx"].iter().any(|start| table.starts_with(start));
            if !left_out {
                let mut rows = self.texts(&self.select(&table).await).await;
                rows.sort();
                dump.insert(table, rows);
            }
        }
        dump
    }

    async fn select(&self, table: &str) -> String {
        if self.db.is_postgres() {
            return format!("SELECT row_to_json(t)::text FROM {table} t");
        }
        let columns = self.texts(&format!("SELECT name FROM pragma_table_info('{table}')")).await;
        format!("SELECT json_array({}) FROM {table}", columns.join(", "))
    }
}

/// The findings of a report as "row check severity".
pub(crate) fn findings(report: &Report) -> Vec<String> {
    let severity = |s: Severity| match s {
        Severity::FileRefused => "file",
        Severity::RowRefused => "refused",
        Severity::Asks => "asks",
        Severity::Note => "note",
    };
    let row = |row: Option<u64>| row.map_or_else(|| "-".to_owned(), |row| row.to_string());
    let check = |code: Check| format!("{code:?}");
    report.problems.iter().map(|p| format!("{} {} {}", row(p.row), check(p.code), severity(p.severity))).collect()
}

/// New, changed and unchanged rows.
pub(crate) fn changes(report: &Report) -> (u64, u64, u64) {
    (report.changes.new, report.changes.changed, report.changes.unchanged)
}

pub(crate) const ORDERED: &str = "po_id,line_no,sku,quantity,arrival_date,facility,is_new,buffer,cancelled,status\n";
