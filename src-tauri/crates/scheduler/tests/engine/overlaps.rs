//! What becomes of occurrences that fall due while the one before is still at work.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use presell_scheduler::schedules::Edit;
use presell_scheduler::{Done, Overlap, RunState};
use presell_store::db_test;
use tokio::sync::Notify;

use super::stage::*;
use crate::support::*;

/// The first run waits for the gate, or to be stopped; the others end at once.
fn first_waits(gate: &Arc<Notify>) -> Jobs {
    let (gate, first) = (gate.clone(), Arc::new(AtomicBool::new(true)));
    Jobs::job("A", move |work| {
        let (gate, first) = (gate.clone(), first.clone());
        async move {
            if first.swap(false, Ordering::SeqCst) {
                tokio::select! {
                    () = gate.notified() => {}
                    () = work.token.cancelled() => {}
                }
            }
            Ok(Done::default())
        }
    })
}

db_test! {
    async fn by_default_they_become_one_run_right_after_it_and_a_row_tells_of_the_others(db: Db) {
        let store = store(&db).await;
        every_second(&db, store, "A", Edit::default()).await;
        let gate = Arc::new(Notify::new());
        let mut node = At::work(&db, &first_waits(&gate), options("one")).await;
        node.started("A").await;
        pass(&db, 5_000).await;
        gate.notify_one();
        node.started("A").await;
        let merged = runs(&db).await.into_iter().find(|run| run.reason.as_deref() == Some("MERGED")).expect("merging is visible");
        assert!(merged.covers >= 4, "the row tells of all that were merged, not of {}", merged.covers);
        node.engine.stop().await;
    }
}

db_test! {
    async fn with_skip_they_are_recorded_at_once_and_left_out(db: Db) {
        let store = store(&db).await;
        every_second(&db, store, "A", Edit { overlap: Some(Overlap::Skip), ..Edit::default() }).await;
        let gate = Arc::new(Notify::new());
        let mut node = At::work(&db, &first_waits(&gate), options("one")).await;
        let first = node.started("A").await;
        until(&db, "an occurrence was left out", |rows| rows.iter().any(|run| run.reason.as_deref() == Some("OVERLAP"))).await;
        assert_eq!(run(&db, first).await.state, RunState::Running, "it goes on undisturbed");
        gate.notify_one();
        node.ended("A").await;
        assert_eq!(node.ended("A").await.1, RunState::Finished, "afterwards the job runs again");
        node.engine.stop().await;
    }
}

db_test! {
    async fn with_stop_previous_it_is_stopped_and_the_new_one_runs(db: Db) {
        let store = store(&db).await;
        every_second(&db, store, "A", Edit { overlap: Some(Overlap::StopPrevious), ..Edit::default() }).await;
        let mut node = At::work(&db, &first_waits(&Arc::new(Notify::new())), options("one")).await;
        let first = node.started("A").await;
        let (ended, state) = node.ended("A").await;
        assert_eq!((ended, state), (first, RunState::Cancelled), "what is in the way is stopped");
        assert_eq!(run(&db, first).await.stop_by.as_deref(), Some("schedule"), "and the row says on whose behalf");
        assert_eq!(node.ended("A").await.1, RunState::Finished, "then the new one runs");
        node.engine.stop().await;
    }
}
