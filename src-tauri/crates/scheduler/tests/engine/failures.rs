//! Handlers that fail, panic, are missing, or never come to an end.

use std::future::pending;
use std::sync::atomic::{AtomicBool, Ordering};

use presell_scheduler::runs::{Request, request};
use presell_scheduler::schedules::{Edit, save};
use presell_scheduler::{Done, Failure, RunState};
use presell_store::db_test;

use super::stage::*;
use crate::support::*;

db_test! {
    async fn a_panic_a_missing_handler_and_a_lasting_failure_are_told_and_not_tried_again(db: Db) {
        let store = store(&db).await;
        let jobs = Jobs::job("PANICS", async |_| panic!("the file {} is odd", 7))
            .and("FAILS", async |_| Err(Failure::permanent("BRAKE", "Too many would go.")));
        let mut node = At::work(&db, &jobs, options("one")).await;
        for (job, code, words) in [("PANICS", "PANICKED", "the file 7 is odd"), ("MISSING", "NO_HANDLER", "cannot run MISSING"), ("FAILS", "BRAKE", "Too many")] {
            let schedule = switched_on(&db, store, job).await;
            request(&db, &Request { schedule: Some(schedule), ..wish(store, job) }).await.unwrap();
            node.engine.wake();
            let (id, state) = node.ended(job).await;
            let run = run(&db, id).await;
            assert_eq!((state, run.reason.as_deref()), (RunState::Failed, Some(code)), "{job} says why it failed");
            assert!(run.error.as_deref().is_some_and(|error| error.contains(words)), "{job} says it in full: {:?}", run.error);
        }
        assert_eq!(runs(&db).await.len(), 3, "none of them is tried again");
        node.engine.stop().await;
    }
}

db_test! {
    async fn a_failure_that_may_pass_is_tried_again(db: Db) {
        let store = store(&db).await;
        let jobs = Jobs::job("A", async |work| match work.run.attempt {
            1 => Err(Failure::transient("AWAY", "The shop did not answer.")),
            _ => Ok(Done::default()),
        });
        let schedule = switched_on(&db, store, "A").await;
        request(&db, &Request { schedule: Some(schedule), ..wish(store, "A") }).await.unwrap();
        let mut node = At::work(&db, &jobs, options("one")).await;
        assert_eq!(node.ended("A").await.1, RunState::Failed, "the first attempt fails");
        // Its retry waits up to a minute.
        execute(&db, "UPDATE run SET available_at = created_at WHERE state = 'pending'").await.unwrap();
        node.engine.wake();
        assert_eq!(node.ended("A").await.1, RunState::Finished, "the second goes through");
        node.engine.stop().await;
    }
}

db_test! {
    async fn a_handler_that_hears_its_token_ends_when_its_time_is_up(db: Db) {
        let store = store(&db).await;
        let jobs = Jobs::job("A", async |work| {
            work.token.cancelled().await;
            Ok(Done::default())
        });
        request(&db, &Request { timeout_ms: 300, ..wish(store, "A") }).await.unwrap();
        let mut node = At::work(&db, &jobs, options("one")).await;
        let (id, state) = node.ended("A").await;
        assert_eq!((state, run(&db, id).await.reason.as_deref()), (RunState::Failed, Some("TIMEOUT")), "it did not come to its end in time");
        node.engine.stop().await;
    }
}

db_test! {
    /// Complaint 5: a job that is stuck must not block its schedule.
    async fn a_handler_that_ignores_its_token_is_ended_and_the_next_occurrence_runs(db: Db) {
        let store = store(&db).await;
        every_second(&db, store, "A", Edit { timeout_ms: Some(1_000), ..Edit::default() }).await;
        static STUCK: AtomicBool = AtomicBool::new(false);
        let jobs = Jobs::job("A", async |_| {
            if !STUCK.swap(true, Ordering::SeqCst) {
                pending::<()>().await;
            }
            Ok(Done::default())
        });
        let mut node = At::work(&db, &jobs, options("one")).await;
        let (id, state) = node.ended("A").await;
        assert_eq!((state, run(&db, id).await.reason.as_deref()), (RunState::Failed, Some("TIMEOUT")), "complaint 5: a handler that never returns is given up");
        assert_eq!(node.ended("A").await.1, RunState::Finished, "complaint 5: the next occurrence runs");
        node.engine.stop().await;
    }
}

db_test! {
    async fn a_schedule_that_cannot_be_read_is_told_and_holds_nobody_up(db: Db) {
        let store = store(&db).await;
        switched_on(&db, store, "ODD").await;
        switched_on(&db, store, "A").await;
        save(&db, &key(store, "A"), &Edit { priority: Some(1), ..Edit::default() }, None, &defaults(), "ann").await.unwrap();
        execute(&db, "UPDATE schedule SET zone = 'Mars/Olympus' WHERE job_id = 'ODD'").await.unwrap();
        pass(&db, QUARTER).await;
        let mut node = At::work(&db, &Jobs::job("A", async |_| Ok(Done::default())), options("one")).await;
        let cause = node.told("a schedule cannot be read", |event| match event {
            presell_scheduler::engine::Event::Unreadable { job_id, cause } if job_id == "ODD" => Some(cause),
            _ => None,
        }).await;
        assert!(cause.contains("Mars/Olympus"), "it says what is wrong: {cause}");
        assert_eq!(node.ended("A").await.1, RunState::Finished, "the others go on");
        node.engine.stop().await;
    }
}
