//! An open Presell on the database of a test, and rows that tell a past.

use chrono_tz::Tz;
use presell_commands::{App, Clock, EnableJob, Machine, enable_job};
use presell_store::{Address, Db, on};

pub(crate) const REFRESH: &str = "JOB_REL_PREODR_CAT";
pub(crate) const PURGE: &str = "PS_PURGE";

/// Presell on this database, by somebody called ann at the computer `desk-1`.
pub(crate) async fn app(db: &Db) -> App {
    let address = match db {
        Db::Sqlite(pool) => Address::File(pool.connect_options().get_filename().to_path_buf()),
        Db::Postgres(pool) => {
            let (name,): (String,) = sqlx::query_as("SELECT current_database()::text").fetch_one(pool).await.unwrap();
            let url = std::env::var("PRESELL_TEST_POSTGRES").unwrap();
            Address::Server(format!("{}/{name}", url.rsplit_once('/').unwrap().0))
        }
    };
    let app = App::open(address, "default", Tz::UTC, Clock::Database, "ann").await.unwrap();
    app.on(Machine { host: "desk-1".to_owned(), locks: None })
}

/// Switches a job on.
pub(crate) async fn on(app: &App, id: &str) {
    enable_job(app, EnableJob { id: id.to_owned(), ..EnableJob::default() }).await.unwrap();
}

/// A run of the past: it started so many milliseconds ago and took so long; without, it is still at work.
pub(crate) async fn past(app: &App, job: &str, state: &str, started: i64, took: Option<i64>, lease: i64) -> i64 {
    let store = app.store().await.unwrap().id;
    let now = app.db.now().await.unwrap().timestamp_millis();
    let at = now - started;
    let sql = "INSERT INTO run (job_id, store_id, origin, actor, state, available_at, created_at, started_at, finished_at, lease_until, fence, error)
        VALUES ($1, $2, 'manual', 'ann', $3, $4, $4, $4, $5, $6, 1, $7) RETURNING id";
    let error = (state == "failed").then_some("The shop said no.");
    let lease = took.is_none().then_some(now + lease);
    let (id,): (i64,) =
        on!(&app.db, p => sqlx::query_as(sql).bind(job).bind(store).bind(state).bind(at).bind(took.map(|t| at + t))
        .bind(lease).bind(error).fetch_one(p).await)
        .unwrap();
    id
}

/// A machine that was heard of so many milliseconds ago.
pub(crate) async fn machine(app: &App, host: &str, seen: i64) {
    let at = app.db.now().await.unwrap().timestamp_millis() - seen;
    let sql = "INSERT INTO node (host, kind, version, tzdata, slots, started_at, seen_at) VALUES ($1, 'daemon', '0', '0', 4, $2, $2)";
    on!(&app.db, p => sqlx::query(sql).bind(host).bind(at).execute(p).await.map(|_| ())).unwrap();
}

/// One whole number from the database.
pub(crate) async fn number(app: &App, sql: &'static str) -> i64 {
    on!(&app.db, p => sqlx::query_as::<_, (i64,)>(sql).fetch_one(p).await).unwrap().0
}

/// Changes the database behind Presell's back, for what no command can bring about.
pub(crate) async fn change(app: &App, sql: &'static str) {
    let mut tx = app.db.begin().await.unwrap();
    tx.run(sql).await.unwrap();
    tx.commit().await.unwrap();
}
