//! How runs end, and what follows from their end.

use presell_scheduler::machine::{Outcome, at_work as held, claim, finish, finish_in, hand_back, hold, promote, reap};
use presell_scheduler::runs::{Request, Stopped, request, stop};
use presell_scheduler::schedules::{cancel, enable, pause};
use presell_scheduler::{Counts, Done, Failure, Origin, Run, RunState, reason};
use presell_store::{Db, db_test};

use crate::support::*;

db_test! {
    async fn each_outcome_ends_in_its_state_with_what_it_reports(db: Db) {
        let store = store(&db).await;
        let node = node(&db).await;
        let counts = Counts { examined: 3, changed: 2, failed: 1, ..Counts::default() };
        let result = Some(serde_json::json!({"file": "a.csv"}));
        let cases = [
            (Outcome::Done(Done { counts: Counts { examined: 1, changed: 1, ..Counts::default() }, result }), RunState::Finished, None),
            (Outcome::Done(Done { counts, result: None }), RunState::Partial, None),
            (Outcome::Failed(Failure::permanent("BRAKE", "Too many would go.")), RunState::Failed, Some("BRAKE")),
            (Outcome::Stopped(counts), RunState::Cancelled, Some(reason::BY_USER)),
            (Outcome::Crashed(reason::CLAIM_LOST), RunState::Crashed, Some(reason::CLAIM_LOST)),
        ];
        for (outcome, state, why) in cases {
            let asked = asked(&db, store, "A").await;
            claim(&db, take(node)).await.unwrap();
            finish(&db, &[ending(&run(&db, asked.id).await, outcome.clone())]).await.unwrap();
            let after = run(&db, asked.id).await;
            assert_eq!((after.state, after.reason.as_deref()), (state, why), "{outcome:?} ends so");
            assert!(after.lease_until.is_none() && after.finished_at.is_some(), "an ended run has an end and no lease");
            match outcome {
                Outcome::Done(Done { counts, .. }) | Outcome::Stopped(counts) => {
                    let kept: Counts = serde_json::from_str(after.counts.as_deref().unwrap()).unwrap();
                    assert_eq!(kept, counts, "what it counted is kept, also of a run that was stopped");
                }
                Outcome::Failed(failure) => assert_eq!(after.error.as_deref(), Some(failure.message.as_str()), "the whole error is kept"),
                Outcome::Crashed(_) => {}
            }
        }
        assert!(runs(&db).await.iter().any(|run| run.result.is_some()), "what a handler reports is kept");
    }
}

db_test! {
    async fn a_retry_is_a_row_of_its_own_until_no_attempt_remains(db: Db) {
        let store = store(&db).await;
        let node = node(&db).await;
        let mut run = at_work(&db, store, "A", node).await;
        for attempt in 1..=3 {
            assert_eq!((run.attempt, run.seq), (attempt, attempt), "seq and attempt count on");
            assert_eq!(run.due_at, runs(&db).await[0].due_at, "a retry belongs to the occurrence that failed");
            finish(&db, &[ending(&run, unlucky())]).await.unwrap();
            promote(&db).await.unwrap();
            let next = claim(&db, take(node)).await.unwrap();
            assert_eq!(next.len(), usize::from(attempt < 3), "three attempts in all, after attempt {attempt}");
            run = next.into_iter().next().unwrap_or(run);
        }
    }
}

db_test! {
    async fn a_run_that_crashes_again_and_again_is_given_up(db: Db) {
        let store = store(&db).await;
        let node = node(&db).await;
        at_work(&db, store, "A", node).await;
        for attempt in 1..=3 {
            execute(&db, "UPDATE run SET lease_until = 1 WHERE state = 'running'").await.unwrap();
            let reaped = reap(&db, &[]).await.unwrap();
            assert_eq!(reaped[0].successor.is_some(), attempt < 3, "complaint 24: a crash counts as an attempt");
            execute(&db, "UPDATE run SET available_at = created_at WHERE state = 'pending'").await.unwrap();
            promote(&db).await.unwrap();
            claim(&db, take(node)).await.unwrap();
        }
        assert_eq!(states(&db).await, [RunState::Crashed; 3], "complaint 24: after the last attempt nothing follows");
    }
}

db_test! {
    async fn a_retry_that_would_start_after_the_next_occurrence_is_left_to_that(db: Db) {
        let store = store(&db).await;
        let node = node(&db).await;
        let run = at_work(&db, store, "A", node).await;
        execute(&db, "UPDATE schedule SET next_due_at = next_due_at - 890000").await.unwrap();
        let mut late = ending(&run, unlucky());
        late.draw = 1.0;
        finish(&db, &[late]).await.unwrap();
        assert_eq!(states(&db).await, [RunState::Failed], "a retry never delays the next occurrence");
    }
}

db_test! {
    async fn stopping_cancels_what_waits_and_asks_what_is_at_work(db: Db) {
        let store = store(&db).await;
        let node = node(&db).await;
        let run = at_work(&db, store, "A", node).await;
        let (queued, pending) = (asked(&db, store, "A").await, asked(&db, store, "A").await);
        assert_eq!((queued.state, pending.state), (RunState::Queued, RunState::Pending), "equal runs wait for each other");
        for waiting in [queued, pending] {
            assert_eq!(stop(&db, waiting.id, "bob").await.unwrap(), Stopped::Cancelled, "what waits is cancelled at once");
            let after = crate::support::run(&db, waiting.id).await;
            assert_eq!((after.reason.as_deref(), after.stop_by.as_deref()), (Some("BY_USER"), Some("bob")), "and says by whom");
            assert_eq!(stop(&db, waiting.id, "bob").await.unwrap(), Stopped::TooLate, "an ended run is not stopped");
        }
        assert_eq!(stop(&db, run.id, "bob").await.unwrap(), Stopped::Asked, "what is at work is asked");
        assert_eq!(stop(&db, run.id, "eve").await.unwrap(), Stopped::Asked, "asking twice is no error");
        let mut tx = db.begin().await.unwrap();
        assert!(!hold(&mut tx, &run).await.unwrap(), "complaint 20: a run that was asked to stop commits nothing more");
        assert!(!finish_in(&mut tx, &ending(&run, done())).await.unwrap(), "nor does it end as if nothing were");
        tx.rollback().await.unwrap();
        finish(&db, &[ending(&run, Outcome::Stopped(Counts::default()))]).await.unwrap();
        let after = crate::support::run(&db, run.id).await;
        assert_eq!((after.state, after.stop_by.as_deref()), (RunState::Cancelled, Some("bob")), "who asked first is remembered");
        assert_eq!(stop(&db, 4711, "bob").await.unwrap(), Stopped::Unknown, "what does not exist is not stopped");
    }
}

db_test! {
    async fn a_run_that_was_being_stopped_when_its_node_died_is_cancelled_and_not_tried_again(db: Db) {
        let store = store(&db).await;
        let node = node(&db).await;
        let run = at_work(&db, store, "A", node).await;
        stop(&db, run.id, "bob").await.unwrap();
        pass(&db, 31_000).await;
        assert_eq!(reap(&db, &[]).await.unwrap()[0].successor, None, "nobody wants another attempt of it");
        assert_eq!(states(&db).await, [RunState::Cancelled], "it ends as it was wanted to end");
    }
}

db_test! {
    async fn what_is_handed_back_goes_on_elsewhere_with_the_same_attempt(db: Db) {
        let store = store(&db).await;
        let (here, there) = (node(&db).await, node(&db).await);
        let run = at_work(&db, store, "A", here).await;
        let held = held(&db, here).await.unwrap();
        assert_eq!(hand_back(&db, &held).await.unwrap(), 1, "what is at work is handed back");
        let rows = runs(&db).await;
        assert_eq!((rows[0].state, rows[0].reason.as_deref()), (RunState::Cancelled, Some("APP_QUIT")), "the row says why it ended");
        assert_eq!((rows[1].origin, rows[1].attempt, rows[1].seq), (Origin::Resume, run.attempt, run.seq + 1), "quitting costs no attempt");
        assert_eq!(tick_all(&db).await, 0, "the schedule waits for it as for the first");
        promote(&db).await.unwrap();
        assert_eq!(claim(&db, take(there)).await.unwrap().len(), 1, "another node goes on");
    }
}

/// A run outside the recurrence that has its schedule's attempts.
async fn asked_with_attempts(db: &Db, store: i64, job: &str) -> Run {
    let schedule = switched_on(db, store, job).await;
    request(db, &Request { schedule: Some(schedule), ..wish(store, job) }).await.unwrap().run
}

db_test! {
    async fn handing_back_twice_makes_one_continuation(db: Db) {
        let store = store(&db).await;
        let node = node(&db).await;
        asked(&db, store, "A").await;
        let held = claim(&db, take(node)).await.unwrap();
        assert_eq!(hand_back(&db, &held).await.unwrap(), 1, "the first hands it back");
        assert_eq!(hand_back(&db, &held).await.unwrap(), 0, "what was handed back is not this node's any more");
        assert_eq!(states(&db).await, [RunState::Cancelled, RunState::Pending], "one continuation, however often it is said");
    }
}

db_test! {
    /// The first holder of a reaped run reports its failure together with the end of another run.
    async fn a_stale_end_among_others_leaves_no_second_retry(db: Db) {
        let store = store(&db).await;
        let node = node(&db).await;
        let stale = asked_with_attempts(&db, store, "A").await;
        let stale = { claim(&db, take(node)).await.unwrap(); run(&db, stale.id).await };
        execute(&db, "UPDATE run SET lease_until = 1").await.unwrap();
        reap(&db, &[]).await.unwrap();
        let fresh = asked_with_attempts(&db, store, "B").await;
        claim(&db, take(node)).await.unwrap();
        let fresh = run(&db, fresh.id).await;
        let ended = finish(&db, &[ending(&stale, unlucky()), ending(&fresh, unlucky())]).await.unwrap();
        assert_eq!(ended, [fresh.id], "only what is still this node's is ended");
        let retries = runs(&db).await.into_iter().filter(|run| run.job_id == "A" && run.origin == Origin::Retry).count();
        assert_eq!(retries, 1, "complaint 4: the stale end made a second retry");
    }
}

db_test! {
    async fn the_end_of_a_recurring_run_tells_its_schedule_from_when_to_when_it_was_open(db: Db) {
        let store = store(&db).await;
        let node = node(&db).await;
        let run = at_work(&db, store, "A", node).await;
        assert!(schedule(&db, store, "A").await.last_from.is_none(), "a run that is open is remembered only when it ends");
        finish(&db, &[ending(&run, done())]).await.unwrap();
        let (row, after) = (crate::support::run(&db, run.id).await, schedule(&db, store, "A").await);
        assert_eq!((after.last_from, after.last_until), (Some(row.created_at), row.finished_at), "what fell due between the two is merged");
        assert_eq!(after.version, schedule(&db, store, "A").await.version, "that is no edit");
        let manual = asked(&db, store, "A").await;
        claim(&db, take(node)).await.unwrap();
        finish(&db, &[ending(&crate::support::run(&db, manual.id).await, done())]).await.unwrap();
        assert_eq!(schedule(&db, store, "A").await.last_until, after.last_until, "a run that was asked for leaves the schedule alone");
    }
}

db_test! {
    async fn a_failure_after_switching_off_or_pausing_is_not_tried_again(db: Db) {
        let store = store(&db).await;
        let node = node(&db).await;
        let off = at_work(&db, store, "A", node).await;
        cancel(&db, &key(store, "A"), "ann").await.unwrap();
        finish(&db, &[ending(&off, unlucky())]).await.unwrap();
        assert_eq!(states(&db).await, [RunState::Failed], "who switched a job off wants no other attempt");
        enable(&db, &key(store, "A"), "ann").await.unwrap();
        pass(&db, QUARTER).await;
        tick_all(&db).await;
        let paused = claim(&db, take(node)).await.unwrap().remove(0);
        pause(&db, &key(store, "A"), "ann").await.unwrap();
        finish(&db, &[ending(&paused, unlucky())]).await.unwrap();
        assert_eq!(states(&db).await, [RunState::Failed, RunState::Failed], "nor who paused it");
    }
}
