//! What nodes do all day.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use presell_scheduler::engine::{Engine, Event};
use presell_scheduler::runs::{Request, request};
use presell_scheduler::{Done, RunState};
use presell_store::db_test;
use tokio::time::timeout;

use super::stage::*;
use crate::support::*;

/// A node with nothing to do looks every thirty seconds; what comes sooner did not wait for that.
const SOONER: Duration = Duration::from_secs(20);

db_test! {
    async fn a_run_starts_when_it_is_due_and_not_when_somebody_looks(db: Db) {
        let store = store(&db).await;
        switched_on(&db, store, "A").await;
        pass(&db, QUARTER - 1_500).await;
        let mut node = At::work(&db, &Jobs::job("A", async |_| Ok(Done::default())), options("one")).await;
        let started = timeout(SOONER, node.started("A")).await.expect("it must not wait for the next look");
        let run = run(&db, started).await;
        assert!(run.started_at >= run.due_at, "complaint 23: no run starts early");
        assert_eq!(node.ended("A").await.1, RunState::Finished, "and ends");
        node.engine.stop().await;
    }
}

db_test! {
    async fn whoever_listens_first_hears_what_the_node_did_before(db: Db) {
        let store = store(&db).await;
        let first = asked(&db, store, "A").await;
        let jobs = Arc::new(Jobs::job("A", async |_| Ok(Done::default())));
        let engine = Engine::start(db.clone(), jobs, options("one")).await.unwrap();
        until(&db, "it ended before anybody listened", |rows| rows[0].state.is_ended()).await;
        let mut events = engine.events();
        let started = async {
            loop {
                if let Event::Started { run, .. } = events.recv().await.unwrap() {
                    return run;
                }
            }
        };
        assert_eq!(timeout(SOONER, started).await.expect("what was told before is not lost"), first.id, "it tells of the run it began with");
        engine.stop().await;
    }
}

db_test! {
    async fn a_run_that_is_asked_for_elsewhere_is_heard_by_the_bell(db: Db) {
        let store = store(&db).await;
        let mut node = At::work(&db, &Jobs::job("A", async |_| Ok(Done::default())), options("one")).await;
        // After that nothing in the database will wake it.
        node.rests(&db, store).await;
        let second = asked(&db, store, "A").await;
        db.ring().await.unwrap();
        let started = timeout(SOONER, node.started("A")).await.expect("the bell must wake a node that rests");
        assert_eq!(started, second.id, "it starts what was asked for");
        node.engine.stop().await;
    }
}

db_test! {
    /// Beside a transaction that stays open all the while.
    async fn two_nodes_drain_three_hundred_runs_each_once(db: Db) {
        let store = store(&db).await;
        effects(&db).await;
        for n in 0..300 {
            request(&db, &Request { shop_id: format!("shop {n}"), ..wish(store, "A") }).await.unwrap();
        }
        let mut reader = db.begin_read().await.unwrap();
        reader.run("SELECT count(*) FROM run").await.unwrap();
        let jobs = Jobs::job("A", async |work| finish_with_effect(&work).await);
        let (one, two) = (At::work(&db, &jobs, options("one")).await, At::work(&db, &jobs, options("two")).await);
        let rows = until(&db, "all ended", |rows| rows.iter().all(|run| run.state.is_ended())).await;
        reader.rollback().await.unwrap();
        assert!(rows.iter().all(|run| run.state == RunState::Finished && run.fence == 1), "complaint 10: each was taken once, and finished");
        let effects = effects_of(&db).await;
        let distinct: HashSet<i64> = effects.iter().map(|(run, _)| *run).collect();
        assert_eq!((effects.len(), distinct.len()), (300, 300), "complaint 13: each left its effect once, also beside a transaction that stays open");
        one.engine.stop().await;
        two.engine.stop().await;
    }
}

db_test! {
    async fn a_node_never_works_on_more_than_it_has_slots_for(db: Db) {
        let store = store(&db).await;
        for n in 0..20 {
            request(&db, &Request { shop_id: format!("shop {n}"), ..wish(store, "A") }).await.unwrap();
        }
        let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let jobs = Jobs::job("A", {
            let (now, most) = (now.clone(), most.clone());
            move |_| {
                let (now, most) = (now.clone(), most.clone());
                async move {
                    most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                    for _ in 0..50 {
                        tokio::task::yield_now().await;
                    }
                    now.fetch_sub(1, Ordering::SeqCst);
                    Ok(Done::default())
                }
            }
        });
        let node = At::work(&db, &jobs, options("one")).await;
        until(&db, "all ended", |rows| rows.iter().all(|run| run.state.is_ended())).await;
        assert!(most.load(Ordering::SeqCst) <= 4, "{} runs at once are more than four slots", most.load(Ordering::SeqCst));
        node.engine.stop().await;
    }
}
