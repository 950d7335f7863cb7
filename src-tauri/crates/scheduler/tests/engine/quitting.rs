//! Quitting hands back what is at work, and never takes long.

use std::future::pending;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use presell_scheduler::{Done, Origin, RunState};
use presell_store::db_test;
use tokio::time::timeout;

use super::stage::*;
use crate::support::*;

db_test! {
    async fn a_node_that_quits_hands_its_run_back_and_another_goes_on_with_the_same_attempt(db: Db) {
        let store = store(&db).await;
        switched_on(&db, store, "A").await;
        pass(&db, QUARTER).await;
        let patient = Jobs::job("A", async |work| {
            work.token.cancelled().await;
            Ok(Done::default())
        });
        let mut one = At::work(&db, &patient, options("one")).await;
        one.started("A").await;
        assert_eq!(one.engine.stop().await.handed_back, 1, "what is at work is handed back");
        let rows = runs(&db).await;
        assert_eq!((rows[0].state, rows[0].reason.as_deref()), (RunState::Cancelled, Some("APP_QUIT")), "the row says that the node quit");
        let mut two = At::work(&db, &Jobs::job("A", async |_| Ok(Done::default())), options("two")).await;
        let (id, state) = two.ended("A").await;
        let resumed = run(&db, id).await;
        assert_eq!((state, resumed.origin, resumed.attempt), (RunState::Finished, Origin::Resume, 1), "quitting costs no attempt");
        two.engine.stop().await;
    }
}

db_test! {
    async fn a_run_that_ends_within_the_grace_is_not_handed_back(db: Db) {
        let store = store(&db).await;
        asked(&db, store, "A").await;
        let brief = Jobs::job("A", async |_| {
            tokio::time::sleep(Duration::from_millis(300)).await;
            Ok(Done::default())
        });
        let mut node = At::work(&db, &brief, presell_scheduler::engine::Options { grace: Duration::from_secs(30), ..options("one") }).await;
        node.started("A").await;
        let stopped = node.engine.stop().await;
        assert_eq!((stopped.ended, stopped.handed_back), (1, 0), "it was let to its end");
        assert_eq!(states(&db).await, [RunState::Finished], "and ended well");
    }
}

db_test! {
    async fn stopping_takes_no_longer_than_ten_seconds_whatever_a_handler_does(db: Db) {
        let store = store(&db).await;
        static OVER: AtomicBool = AtomicBool::new(false);
        let jobs = Jobs::job("DEAF", async |_| pending().await).and("BUSY", async |_| {
            // Computes and never awaits: it cannot even be dropped.
            tokio::task::block_in_place(|| {
                while !OVER.load(Ordering::SeqCst) {
                    std::thread::sleep(Duration::from_millis(5));
                }
            });
            Ok(Done::default())
        });
        let shop = |shop: &str, job: &str| presell_scheduler::runs::Request { shop_id: shop.to_owned(), ..wish(store, job) };
        presell_scheduler::runs::request(&db, &shop("a", "DEAF")).await.unwrap();
        presell_scheduler::runs::request(&db, &shop("b", "BUSY")).await.unwrap();
        let mut node = At::work(&db, &jobs, options("one")).await;
        let mut started = 0;
        node.told("both started", |event| {
            started += usize::from(matches!(event, presell_scheduler::engine::Event::Started { .. }));
            (started == 2).then_some(())
        }).await;
        let stopped = timeout(Duration::from_secs(10), node.engine.stop()).await.expect("an app that quits must not hang");
        OVER.store(true, Ordering::SeqCst);
        assert_eq!(stopped.handed_back, 2, "both are handed back although neither ended");
        let back = runs(&db).await.iter().filter(|run| run.state == RunState::Pending).count();
        assert_eq!(back, 2, "others can go on with them");
    }
}
