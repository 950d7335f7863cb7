//! A fresh database of each kind for every test.
//!
//! ```text
//! presell_store::db_test! {
//!     async fn a_line_is_found_by_its_number(db: Db) { … }
//! }
//! ```
//! makes two tests, `a_line_is_found_by_its_number::sqlite` and `…::postgres`. The server is named by
//! `PRESELL_TEST_POSTGRES`; `cargo xtask test` starts one. Without it the PostgreSQL half fails: it is not skipped.

use std::future::Future;
use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::{AssertSqlSafe, Connection, PgConnection};

use crate::{Address, Db, SCHEMA_VERSION};

/// Which database a test runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A temporary file.
    Sqlite,
    /// A database of its own on the test server.
    Postgres,
}

/// An empty place for a database, removed by [`Place::remove`].
pub struct Place {
    /// Open this.
    pub address: Address,
    folder: Option<tempfile::TempDir>,
    server: Option<(String, String)>,
}

static COUNT: AtomicU32 = AtomicU32::new(0);

impl Place {
    /// A place nobody else uses, without a schema (SQLite) or with the current one (PostgreSQL, from a template).
    pub async fn new(kind: Kind) -> Place {
        match kind {
            Kind::Sqlite => {
                let folder = tempfile::tempdir().expect("a temporary folder for the test's database");
                Place { address: Address::File(folder.path().join("presell.db")), folder: Some(folder), server: None }
            }
            Kind::Postgres => {
                let url = std::env::var("PRESELL_TEST_POSTGRES").expect(
                    "PRESELL_TEST_POSTGRES names no server; run the tests with `cargo xtask test`, which starts one",
                );
                let name = format!("t{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
                let mut admin = PgConnection::connect(&url).await.expect("the test server answers");
                template(&mut admin, &url).await;
                let sql = format!("CREATE DATABASE {name} TEMPLATE {}", template_name());
                sqlx::query(AssertSqlSafe(sql)).execute(&mut admin).await.expect("a fresh database");
                Place { address: Address::Server(database(&url, &name)), folder: None, server: Some((url, name)) }
            }
        }
    }

    /// Removes the database, also while a forgotten connection holds it.
    pub async fn remove(self) {
        if let Some((url, name)) = self.server {
            let mut admin = PgConnection::connect(&url).await.expect("the test server answers");
            let sql = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
            sqlx::query(AssertSqlSafe(sql)).execute(&mut admin).await.expect("the test's database is removed");
        }
        drop(self.folder);
    }
}

fn template_name() -> String {
    format!("presell_template_{SCHEMA_VERSION}")
}

fn database(url: &str, name: &str) -> String {
    let (base, query) = url.split_once('?').map_or((url, String::new()), |(b, q)| (b, format!("?{q}")));
    let (server, _) = base.rsplit_once('/').expect("the server's address ends in a database name");
    format!("{server}/{name}{query}")
}

/// Makes the migrated template once per server; test processes that come together wait for the first.
async fn template(admin: &mut PgConnection, url: &str) {
    let lock = "SELECT pg_advisory_lock(8267391)";
    sqlx::query(lock).execute(&mut *admin).await.expect("the template's lock");
    let name = template_name();
    let (found,): (i64,) = sqlx::query_as("SELECT count(*) FROM pg_database WHERE datname = $1 AND datistemplate")
        .bind(&name)
        .fetch_one(&mut *admin)
        .await
        .expect("the server lists its databases");
    if found == 0 {
        for sql in [format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"), format!("CREATE DATABASE {name}")] {
            sqlx::query(AssertSqlSafe(sql)).execute(&mut *admin).await.expect("an empty template");
        }
        let db = Db::open(&Address::Server(database(url, &name))).await.expect("the schema in the template");
        db.close().await;
        let sql = format!("ALTER DATABASE {name} IS_TEMPLATE true");
        sqlx::query(AssertSqlSafe(sql)).execute(&mut *admin).await.expect("a finished template");
    }
    sqlx::query("SELECT pg_advisory_unlock(8267391)").execute(admin).await.expect("the template's lock is freed");
}

/// Runs one test body on a fresh database of `kind` and removes the database afterwards, also when the body panics.
pub fn run<F>(kind: Kind, body: impl FnOnce(Db) -> F)
where
    F: Future<Output = ()> + Send + 'static,
{
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let place = Place::new(kind).await;
        let db = Db::open(&place.address).await.expect("a fresh database opens");
        let outcome = tokio::spawn(body(db.clone())).await;
        db.close().await;
        place.remove().await;
        if let Err(failure) = outcome {
            std::panic::resume_unwind(failure.into_panic());
        }
    });
}

/// One test body, two tests: see the [module](self).
#[macro_export]
macro_rules! db_test {
    ($(#[$meta:meta])* async fn $name:ident($db:ident: Db) $body:block) => {
        mod $name {
            use super::*;
            async fn body($db: $crate::Db) $body
            $(#[$meta])*
            #[test]
            fn sqlite() {
                $crate::testing::run($crate::testing::Kind::Sqlite, body);
            }
            $(#[$meta])*
            #[test]
            fn postgres() {
                $crate::testing::run($crate::testing::Kind::Postgres, body);
            }
        }
    };
}
