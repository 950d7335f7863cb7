//! A store with schedules whose time comes when a test says so.

use std::future::Future;
use std::time::Duration;

use presell_scheduler::machine::{Claim, Due, Ending, Node, NodeKind, Outcome, Tick, claim, due, join, tick};
use presell_scheduler::planning::{Timing, plan};
use presell_scheduler::runs::{Filter, Request, request};
use presell_scheduler::schedules::{Defaults, Edit, Key, enable, find, save};
use presell_scheduler::{Done, Failure, Origin, Run, RunState, Schedule};
use presell_store::{Db, on, within};

pub(crate) const QUARTER: i64 = 900_000;

pub(crate) async fn store(db: &Db) -> i64 {
    let mut tx = db.begin().await.unwrap();
    let sql = "INSERT INTO store (code, zone, created_at) VALUES ('default', 'UTC', 0) RETURNING id";
    let (id,): (i64,) = within!(&mut tx, c => sqlx::query_as(sql).fetch_one(c).await).unwrap();
    tx.commit().await.unwrap();
    id
}

pub(crate) fn key(store: i64, job: &str) -> Key {
    Key { job_id: job.to_owned(), store_id: store, shop_id: String::new() }
}

pub(crate) fn defaults() -> Defaults {
    Defaults { frequency: "EVERY_15_MIN", zone: "UTC".to_owned(), timeout_ms: 60_000 }
}

/// A job that is switched on, every 15 minutes.
pub(crate) async fn switched_on(db: &Db, store: i64, job: &str) -> Schedule {
    let key = key(store, job);
    save(db, &key, &Edit::default(), None, &defaults(), "ann").await.unwrap();
    enable(db, &key, "ann").await.unwrap()
}

pub(crate) async fn node(db: &Db) -> i64 {
    let node = Node { host: "here".to_owned(), kind: NodeKind::Daemon, version: "0".to_owned(), slots: 4 };
    join(db, &node, db.now().await.unwrap().timestamp_millis()).await.unwrap()
}

/// Time passes: everything that was stored is so much older.
pub(crate) async fn pass(db: &Db, ms: i64) {
    for sql in [
        "UPDATE schedule SET next_due_at = next_due_at - $1, anchor_at = anchor_at - $1, last_from = last_from - $1, last_until = last_until - $1",
        "UPDATE run SET due_at = due_at - $1, available_at = available_at - $1, lease_until = lease_until - $1, created_at = created_at - $1,
           started_at = started_at - $1, finished_at = finished_at - $1",
        "UPDATE node SET seen_at = seen_at - $1",
    ] {
        on!(db, p => sqlx::query(sql).bind(ms).execute(p).await.map(|_| ())).unwrap();
    }
}

/// What a node does first in each round; returns how many ticks were its own.
pub(crate) async fn tick_all(db: &Db) -> usize {
    let ticks = ticks(db).await;
    tick(db, &ticks).await.unwrap().into_iter().filter(|won| *won).count()
}

pub(crate) async fn ticks(db: &Db) -> Vec<Tick> {
    let (now, found) = due(db, 1_000).await.unwrap();
    found.into_iter().map(|due| planned(due, now)).collect()
}

pub(crate) fn planned(due: Due, now: i64) -> Tick {
    let timing = Timing::of(&due.schedule).unwrap();
    let plan = plan(&due.schedule, &timing, now, due.busy);
    Tick { plan, step: 40, outside: false, due }
}

pub(crate) async fn runs(db: &Db) -> Vec<Run> {
    let mut runs = presell_scheduler::runs::list(db, &Filter { limit: 10_000, ..Filter::default() }).await.unwrap();
    runs.reverse();
    runs
}

pub(crate) async fn states(db: &Db) -> Vec<RunState> {
    runs(db).await.into_iter().map(|run| run.state).collect()
}

pub(crate) async fn schedule(db: &Db, store: i64, job: &str) -> Schedule {
    find(db, &key(store, job)).await.unwrap().unwrap()
}

pub(crate) async fn run(db: &Db, id: i64) -> Run {
    presell_scheduler::runs::find(db, id).await.unwrap().unwrap()
}

/// Everything there is to take, by this node.
pub(crate) fn take(node: i64) -> Claim {
    Claim { node, lease: 30_000, limit: 50, only: None }
}

/// A recurring run at work: its job is switched on, fell due, and was claimed.
pub(crate) async fn at_work(db: &Db, store: i64, job: &str, node: i64) -> Run {
    switched_on(db, store, job).await;
    pass(db, QUARTER).await;
    tick_all(db).await;
    claim(db, take(node)).await.unwrap().into_iter().find(|run| run.job_id == job).unwrap()
}

pub(crate) fn ending(run: &Run, outcome: Outcome) -> Ending {
    Ending { run: run.clone(), outcome, draw: 0.0 }
}

pub(crate) fn done() -> Outcome {
    Outcome::Done(Done::default())
}

/// A failure that may pass.
pub(crate) fn unlucky() -> Outcome {
    Outcome::Failed(Failure::transient("AWAY", "The shop did not answer."))
}

/// What somebody asks for who wants a run now.
pub(crate) fn wish(store: i64, job: &str) -> Request {
    Request {
        outside: false,
        job_id: job.to_owned(),
        store_id: store,
        shop_id: String::new(),
        origin: Origin::Manual,
        actor: "ann".to_owned(),
        params: "{}".to_owned(),
        step: 40,
        schedule: None,
        parent_id: None,
        beside: false,
        for_node: None,
        timeout_ms: 60_000,
    }
}

pub(crate) async fn asked(db: &Db, store: i64, job: &str) -> Run {
    request(db, &wish(store, job)).await.unwrap().run
}

/// A statement of the test's own.
pub(crate) async fn execute(db: &Db, sql: &'static str) -> presell_store::Result<u64> {
    on!(db, p => sqlx::query(sql).execute(p).await.map(|done| done.rows_affected()))
}

/// Who did what to schedules, oldest first.
pub(crate) async fn audit(db: &Db) -> Vec<(String, String)> {
    let sql = "SELECT actor, action FROM audit ORDER BY id";
    on!(db, p => sqlx::query_as(sql).fetch_all(p).await).unwrap()
}

/// Something that meets a change by somebody else half-way: `change` is written but not committed when `act` begins, and
/// committed once `act` waits for it.
pub(crate) async fn meeting<T: Send + 'static>(
    db: &Db,
    change: &'static str,
    act: impl Future<Output = T> + Send + 'static,
) -> T {
    let mut other = db.begin().await.unwrap();
    assert!(other.run(change).await.unwrap() > 0, "the other change must change something: {change}");
    let acting = tokio::spawn(act);
    if db.is_postgres() {
        until_somebody_waits(db).await;
    }
    // On SQLite one writer waits for the other before it reads.
    other.commit().await.unwrap();
    acting.await.unwrap()
}

/// Waits until a statement waits for a lock, which no server announces.
pub(crate) async fn until_somebody_waits(db: &Db) {
    let Db::Postgres(pool) = db else { panic!("SQLite has no list of those who wait") };
    let sql = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
    for _ in 0..3_000 {
        let (waiting,): (i64,) = sqlx::query_as(sql).fetch_one(pool).await.unwrap();
        if waiting > 0 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("nobody came to wait for the lock");
}
