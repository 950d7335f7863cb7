//! A stop reaches the handler, wherever it is asked for.

use std::time::Duration;

use presell_scheduler::engine::Options;
use presell_scheduler::runs::stop;
use presell_scheduler::{Counts, Done, RunState};
use presell_store::{Db, db_test};

use super::stage::*;
use crate::support::*;

/// Works until it is told to stop, and says how far it came.
fn patient() -> Jobs {
    Jobs::job("A", async |work| {
        work.token.cancelled().await;
        Ok(Done { counts: Counts { examined: 7, unchanged: 7, ..Counts::default() }, result: None })
    })
}

async fn stopped(db: &Db, options: Options, ring: bool) {
    let store = store(db).await;
    let mut node = At::work(db, &patient(), options).await;
    asked(db, store, "A").await;
    node.engine.wake();
    let id = node.started("A").await;
    stop(db, id, "bob").await.unwrap();
    if ring {
        db.ring().await.unwrap();
    }
    assert_eq!(node.ended("A").await.1, RunState::Cancelled, "complaint 20: the stop reached the handler");
    let run = run(db, id).await;
    assert_eq!(
        (run.reason.as_deref(), run.stop_by.as_deref()),
        (Some("BY_USER"), Some("bob")),
        "the row says who wanted it"
    );
    let counts: Counts = serde_json::from_str(run.counts.as_deref().unwrap()).unwrap();
    assert_eq!(counts.examined, 7, "what it counted so far is kept");
    node.engine.stop().await;
}

db_test! {
    /// The lease is so long that no heartbeat could have told it.
    async fn a_stop_from_anywhere_reaches_the_handler_at_once_by_the_bell(db: Db) {
        stopped(&db, Options { lease: Duration::from_secs(600), ..options("one") }, true).await;
    }
}

db_test! {
    async fn a_stop_reaches_the_handler_by_heartbeat_when_no_bell_is_heard(db: Db) {
        stopped(&db, Options { lease: Duration::from_secs(6), ..options("one") }, false).await;
    }
}

db_test! {
    async fn a_stopped_run_commits_nothing_more(db: Db) {
        let store = store(&db).await;
        effects(&db).await;
        let jobs = Jobs::job("A", async |work| {
            work.token.cancelled().await;
            finish_with_effect(&work).await
        });
        let mut node = At::work(&db, &jobs, options("one")).await;
        asked(&db, store, "A").await;
        node.engine.wake();
        let id = node.started("A").await;
        stop(&db, id, "bob").await.unwrap();
        db.ring().await.unwrap();
        assert_eq!(node.ended("A").await.1, RunState::Cancelled, "it ends as it was wanted to");
        assert!(effects_of(&db).await.is_empty(), "complaint 20: what it still wanted to write is refused");
        node.engine.stop().await;
    }
}

db_test! {
    async fn stopping_a_parent_stops_its_parts(db: Db) {
        let store = store(&db).await;
        let jobs = patient().and("PARENT", async move |work| {
            work.child(wish(work.run.store_id, "A")).await?;
            let (_, counts) = work.wait_for_children().await?;
            Ok(Done { counts, result: None })
        });
        let mut node = At::work(&db, &jobs, options("one")).await;
        let parent = asked(&db, store, "PARENT").await;
        node.engine.wake();
        node.started("A").await;
        stop(&db, parent.id, "bob").await.unwrap();
        db.ring().await.unwrap();
        until(&db, "both cancelled", |rows| rows.iter().all(|run| run.state == RunState::Cancelled)).await;
        node.engine.stop().await;
    }
}
