//! A store with schedules whose time comes when a test says so.

use presell_scheduler::machine::{Due, Node, NodeKind, Tick, due, join, tick};
use presell_scheduler::planning::{Timing, plan};
use presell_scheduler::runs::Filter;
use presell_scheduler::schedules::{Defaults, Edit, Key, enable, save};
use presell_scheduler::{Run, RunState, Schedule};
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
    Tick { plan, step: 40, due }
}

pub(crate) async fn runs(db: &Db) -> Vec<Run> {
    let mut runs = presell_scheduler::runs::list(db, &Filter { limit: 10_000, ..Filter::default() }).await.unwrap();
    runs.reverse();
    runs
}

pub(crate) async fn states(db: &Db) -> Vec<RunState> {
    runs(db).await.into_iter().map(|run| run.state).collect()
}
