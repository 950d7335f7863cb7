//! What nodes ask all the time never reads whole tables: twenty thousand runs and schedules, counted, and looked at through the
//! statements that are really sent.

use std::sync::{Arc, Mutex};

use presell_scheduler::machine::{Claim, claim, due, heartbeat, look, promote, reap, stop_previous};
use presell_store::testing::{Kind, run as on_kind};
use presell_store::{Cell, Db};
use sqlx::AssertSqlSafe;
use sqlx::postgres::PgPoolOptions;
use tracing::field::{Field, Visit};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};

use crate::support::*;

const ROWS: i64 = 20_000;

/// Twenty thousand schedules that are not due; as many runs, most of them ended, a few hundred of them open.
async fn load(db: &Db) {
    let store = store(db).await;
    let now = db.now().await.unwrap().timestamp_millis();
    let shops: Vec<(String, String, String)> =
        (0..ROWS).map(|n| (format!("s{n}"), format!("A|1|s{n}"), format!("1/s{n}"))).collect();
    let columns = [
        "job_id",
        "store_id",
        "shop_id",
        "state",
        "zone",
        "frequency",
        "kind",
        "every_ms",
        "anchor_at",
        "timeout_ms",
        "next_due_at",
        "created_at",
        "created_by",
        "updated_at",
        "updated_by",
    ];
    let mut cells: Vec<Cell<'_>> = Vec::new();
    for (n, (shop, ..)) in (0..).zip(&shops) {
        cells.extend::<[Cell<'_>; 15]>([
            "A".into(),
            store.into(),
            shop.as_str().into(),
            "enabled".into(),
            "UTC".into(),
            "HOURLY".into(),
            "every".into(),
            3_600_000.into(),
            now.into(),
            60_000.into(),
            (now + 3_600_000 + n).into(),
            now.into(),
            "ann".into(),
            now.into(),
            "ann".into(),
        ]);
    }
    let mut tx = db.begin().await.unwrap();
    tx.insert_many("schedule", &columns, &cells).await.unwrap();
    let columns = [
        "job_id",
        "store_id",
        "shop_id",
        "origin",
        "actor",
        "state",
        "xkey",
        "lane",
        "lane_up",
        "available_at",
        "created_at",
        "finished_at",
        "lease_until",
        "node_id",
        "schedule_id",
        "due_at",
    ];
    let mut cells: Vec<Cell<'_>> = Vec::new();
    for (n, (shop, xkey, lane)) in (0..).zip(&shops) {
        let state = match n % 200 {
            0 => "queued",
            1 => "pending",
            2 => "running",
            _ => "finished",
        };
        let at = if state == "pending" { now + 3_600_000 } else { now - ROWS + n };
        cells.extend::<[Cell<'_>; 16]>([
            "A".into(),
            store.into(),
            shop.as_str().into(),
            "manual".into(),
            "ann".into(),
            state.into(),
            xkey.as_str().into(),
            lane.as_str().into(),
            "1/".into(),
            at.into(),
            at.into(),
            (state == "finished").then_some(at).into(),
            (state == "running").then_some(now + 3_600_000).into(),
            (state == "running").then_some(n % 7).into(),
            (n + 1).into(),
            at.into(),
        ]);
    }
    tx.insert_many("run", &columns, &cells).await.unwrap();
    tx.commit().await.unwrap();
    execute(db, "ANALYZE").await.unwrap();
}

/// All that a node asks, again and again.
async fn ask(db: &Db, what: &str) {
    match what {
        "look" => drop(look(db).await.unwrap()),
        "due" => drop(due(db, 100).await.unwrap()),
        "stop previous" => drop(stop_previous(db).await.unwrap()),
        "promote" => drop(promote(db).await.unwrap()),
        "claim" => {
            assert_eq!(claim(db, Claim { limit: 10, ..take(3) }).await.unwrap().len(), 10, "there is enough to take");
        }
        "heartbeat" => assert!(!heartbeat(db, 5, 3_600_000).await.unwrap().is_empty(), "there is something to renew"),
        "reap" => assert!(reap(db, &[]).await.unwrap().is_empty(), "every lease holds"),
        other => panic!("no such question: {other}"),
    }
}

const QUESTIONS: [&str; 7] = ["look", "due", "stop previous", "promote", "claim", "heartbeat", "reap"];

/// The server counts what it reads: whole tables, and rows.
#[test]
fn a_server_reads_no_whole_table_and_few_rows() {
    on_kind(Kind::Postgres, |db: Db| async move {
        load(&db).await;
        let Db::Postgres(pool) = &db else { panic!("this is about a server") };
        // A connection of its own, since each counts for itself at first.
        let one = PgPoolOptions::new()
            .max_connections(1)
            .connect_with(pool.connect_options().as_ref().clone())
            .await
            .unwrap();
        let counted = async || {
            sqlx::query("SELECT pg_stat_force_next_flush()").execute(&one).await.unwrap();
            let sql = "SELECT sum(seq_scan)::bigint, sum(seq_tup_read + idx_tup_fetch)::bigint FROM pg_stat_user_tables WHERE relname IN ('run', 'schedule')";
            let counts: (i64, i64) = sqlx::query_as(sql).fetch_one(&one).await.unwrap();
            counts
        };
        let db = Db::Postgres(one.clone());
        for question in QUESTIONS {
            let (scans, rows) = counted().await;
            ask(&db, question).await;
            let (scans_after, rows_after) = counted().await;
            assert_eq!(scans_after - scans, 0, "{question} reads a whole table");
            assert!(rows_after - rows < ROWS / 10, "{question} reads {} rows", rows_after - rows);
        }
        db.close().await;
    });
}

/// The statements that are sent, as the driver tells them.
#[derive(Clone, Default)]
struct Sent(Arc<Mutex<Vec<String>>>);

impl<S: tracing::Subscriber> Layer<S> for Sent {
    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        if event.metadata().target() == "sqlx::query" {
            let mut told = Told::default();
            event.record(&mut told);
            // A short statement is told as its summary only.
            let text = if told.statement.trim().is_empty() { told.summary } else { told.statement };
            self.0.lock().unwrap().push(text);
        }
    }
}

#[derive(Default)]
struct Told {
    summary: String,
    statement: String,
}

impl Visit for Told {
    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "summary" => value.clone_into(&mut self.summary),
            "db.statement" => value.clone_into(&mut self.statement),
            _ => {}
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn std::fmt::Debug) {}
}

/// Indexes that hold open runs only, or enabled schedules; reading one of them from end to end reads no history.
const OF_WHAT_IS_OPEN: [&str; 9] = [
    "run_one_open",
    "run_one_queued",
    "run_one_running",
    "run_lane",
    "run_claim",
    "run_ahead",
    "run_lease",
    "run_node",
    "run_wait",
];

/// The file's planner tells how it reads; it must not read a table, nor an index that holds all of it.
#[test]
fn a_file_is_read_by_its_indexes_and_never_whole() {
    on_kind(Kind::Sqlite, |db: Db| async move {
        load(&db).await;
        let Db::Sqlite(pool) = &db else { panic!("this is about a file") };
        let sent = Sent::default();
        tracing::subscriber::set_global_default(tracing_subscriber::registry().with(sent.clone())).unwrap();
        for question in QUESTIONS {
            sent.0.lock().unwrap().clear();
            ask(&db, question).await;
            let texts = sent.0.lock().unwrap().clone();
            assert!(
                texts.iter().any(|text| text.contains("run") || text.contains("schedule")),
                "{question} asked nothing: {texts:?}"
            );
            for text in texts.iter().filter(|text| text.contains("SELECT") || text.contains("UPDATE")) {
                let explain = format!("EXPLAIN QUERY PLAN {text}");
                let plan: Vec<(i64, i64, i64, String)> =
                    sqlx::query_as(AssertSqlSafe(explain)).fetch_all(pool).await.unwrap();
                for (.., line) in plan {
                    let whole = ["run", "schedule", "q", "r", "s", "x"]
                        .iter()
                        .any(|name| line.starts_with(&format!("SCAN {name} ")) || line == format!("SCAN {name}"));
                    let open = OF_WHAT_IS_OPEN.iter().any(|index| line.ends_with(index));
                    assert!(!whole || open, "{question} reads all of it: {line}");
                }
            }
        }
    });
}
