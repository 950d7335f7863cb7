//! The database as people ask about it: where, how large, how quick, what is in it, when it was last saved.

use std::time::{Duration, Instant};

use presell_store::{At, Db, SCHEMA_VERSION, on};
use serde::Serialize;
use ts_rs::TS;

use crate::{App, Nothing, Result, list_backups};

/// A ring that is not heard within this is not heard.
const HEARING: Duration = Duration::from_secs(2);

/// The database.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DatabaseView {
    /// `SQLite` or `PostgreSQL`.
    pub kind: &'static str,
    /// Where; never holds a password.
    pub place: String,
    /// Its size in bytes.
    pub bytes: i64,
    /// Version of its schema …
    pub schema: i64,
    /// … and the one this Presell works with.
    pub schema_known: i64,
    /// One question and its answer, in microseconds.
    pub latency_us: u64,
    /// A change on one computer is told to the others at once; if not, they look from time to time.
    pub bell: Bell,
    /// What is in it.
    pub counts: Vec<Count>,
    /// Presell can make backups; if not, the server has its own way.
    pub backups: bool,
    /// When the last backup was made; none: never.
    pub last_backup: Option<At>,
}

/// Whether changes are heard of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Bell {
    /// A ring was heard.
    Heard,
    /// A ring was not heard within two seconds.
    Unheard,
    /// Nobody could listen.
    Broken,
}

/// How many of something there are.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Count {
    /// Of what: `products`, `purchaseOrders`, `lines`, `stock`, `orders`, `listed`, `decisions`, `imports` or `runs`.
    pub of: &'static str,
    /// So many.
    pub count: i64,
}

/// Looks at the database. Counting millions of rows takes a moment, so screens ask for it on purpose.
pub async fn show_database(app: &App, _: Nothing) -> Result<DatabaseView> {
    let asked = Instant::now();
    app.db.now().await?;
    let latency_us = u64::try_from(asked.elapsed().as_micros()).unwrap_or(u64::MAX);
    let sql = match &app.db {
        Db::Sqlite(_) => "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()",
        Db::Postgres(_) => "SELECT pg_database_size(current_database())",
    };
    let (bytes,): (i64,) = on!(&app.db, p => sqlx::query_as(sql).fetch_one(p).await)?;
    let sql = "SELECT COALESCE(max(version), 0) FROM _sqlx_migrations WHERE success";
    let (schema,): (i64,) = on!(&app.db, p => sqlx::query_as(sql).fetch_one(p).await)?;
    let backups = list_backups(app, Nothing {}).await?;
    Ok(DatabaseView {
        kind: app.db.kind(),
        place: app.address.to_string(),
        bytes,
        schema,
        schema_known: SCHEMA_VERSION,
        latency_us,
        bell: bell(&app.db).await,
        counts: counts(&app.db).await?,
        backups: backups.possible,
        last_backup: backups.last,
    })
}

/// Rings and listens. Nobody else hears it: a look that others took for a change would make them look in turn, for ever.
async fn bell(db: &Db) -> Bell {
    match db.try_bell(HEARING).await {
        Ok(true) => Bell::Heard,
        Ok(false) => Bell::Unheard,
        Err(_) => Bell::Broken,
    }
}

async fn counts(db: &Db) -> Result<Vec<Count>> {
    const OF: [&str; 9] =
        ["products", "purchaseOrders", "lines", "stock", "orders", "listed", "decisions", "imports", "runs"];
    let sql = "SELECT (SELECT count(*) FROM product), (SELECT count(*) FROM purchase_order), (SELECT count(*) FROM po_line),
        (SELECT count(*) FROM stock), (SELECT count(*) FROM order_item), (SELECT count(*) FROM member), (SELECT count(*) FROM decision),
        (SELECT count(*) FROM import), (SELECT count(*) FROM run)";
    type Row = (i64, i64, i64, i64, i64, i64, i64, i64, i64);
    let (a, b, c, d, e, f, g, h, i): Row = on!(db, p => sqlx::query_as(sql).fetch_one(p).await)?;
    Ok(OF.into_iter().zip([a, b, c, d, e, f, g, h, i]).map(|(of, count)| Count { of, count }).collect())
}
