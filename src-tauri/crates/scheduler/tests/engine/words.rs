//! What a run says while it is at work.

use std::sync::Arc;

use presell_scheduler::Done;
use presell_scheduler::engine::RunLogLayer;
use presell_scheduler::runs::log;
use presell_store::db_test;
use tokio::sync::Notify;
use tracing_subscriber::layer::SubscriberExt;

use super::stage::*;
use crate::support::*;

fn listen() {
    // Another test of this process may have been first; then it listens already.
    let _ = tracing::subscriber::set_global_default(tracing_subscriber::registry().with(RunLogLayer));
}

db_test! {
    async fn what_a_handler_says_stands_in_the_log_of_its_run_in_order(db: Db) {
        listen();
        let store = store(&db).await;
        let jobs = Jobs::job("A", async |_| {
            tracing::info!(target: "presell_jobs", file = 7, "reading");
            tokio::task::yield_now().await;
            tracing::warn!(target: "presell_jobs", "odd row");
            tracing::info!(target: "sqlx::query", "not the job's own words");
            tracing::debug!(target: "presell_jobs", "for nobody");
            tracing::error!(target: "presell_jobs", "gave up");
            Ok(Done::default())
        });
        let run = asked(&db, store, "A").await;
        let mut node = At::work(&db, &jobs, options("one")).await;
        node.ended("A").await;
        // Quitting writes what is still to be written.
        node.engine.stop().await;
        let lines: Vec<_> = log(&db, run.id, 0).await.unwrap().into_iter().map(|line| (line.seq, line.level, line.text)).collect();
        let expected = [(1, "info", "reading file=7"), (2, "warn", "odd row"), (3, "error", "gave up")];
        assert_eq!(lines, expected.map(|(seq, level, text)| (seq, level.to_owned(), text.to_owned())), "the log has the job's words, in order, and no others");
        assert_eq!(log(&db, run.id, 2).await.unwrap().len(), 1, "a reader can go on where it was");
    }
}

db_test! {
    async fn a_log_is_capped_and_says_so(db: Db) {
        let store = store(&db).await;
        let jobs = Jobs::job("A", async |work| {
            for n in 0..2_500 {
                work.log(presell_scheduler::runs::Level::Info, format!("line {n}"));
            }
            work.log(presell_scheduler::runs::Level::Error, "x".repeat(100_000));
            Ok(Done::default())
        });
        let run = asked(&db, store, "A").await;
        let mut node = At::work(&db, &jobs, options("one")).await;
        node.ended("A").await;
        node.engine.stop().await;
        let lines = log(&db, run.id, 0).await.unwrap();
        assert_eq!(lines.len(), 2_000, "a log does not grow without end");
        assert!(lines[1_999].text.contains("left out"), "its last line says that more was said");
        assert!(lines.iter().enumerate().all(|(n, line)| line.seq == n as i64 + 1), "no line is missing before that");
    }
}

db_test! {
    async fn progress_is_shown_while_the_run_is_at_work(db: Db) {
        let store = store(&db).await;
        let gate = Arc::new(Notify::new());
        let jobs = Jobs::job("A", {
            let gate = gate.clone();
            move |work| {
                let gate = gate.clone();
                async move {
                    for done in 0..=40 {
                        work.progress(done, 100);
                    }
                    gate.notified().await;
                    Ok(Done::default())
                }
            }
        });
        asked(&db, store, "A").await;
        let mut node = At::work(&db, &jobs, options("one")).await;
        until(&db, "40 of 100", |rows| (rows[0].done, rows[0].total) == (Some(40), Some(100))).await;
        gate.notify_one();
        node.ended("A").await;
        node.engine.stop().await;
    }
}
