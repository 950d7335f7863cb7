//! A working day through the public functions.

use presell_scheduler::machine::{Ending, Outcome, claim, finish, finish_in, hold, promote, reap};
use presell_scheduler::schedules::{cancel, enable, find, pause, restore, resume, skip};
use presell_scheduler::{Counts, Done, Failure, RunState, ScheduleState};
use presell_store::db_test;

use crate::support::*;

db_test! {
    async fn a_job_runs_every_quarter_of_an_hour_once_for_each_occurrence(db: Db) {
        let store = store(&db).await;
        let node = node(&db).await;
        let first = switched_on(&db, store, "A").await;
        assert_eq!(first.state, ScheduleState::Enabled, "switching on enables");
        pass(&db, QUARTER).await;
        assert_eq!(tick_all(&db).await, 1, "its time has come");
        assert_eq!(tick_all(&db).await, 0, "an occurrence is ticked once");
        let taken = claim(&db, take(node)).await.unwrap();
        assert_eq!(taken.len(), 1, "the run is there to take");
        assert_eq!((taken[0].state, taken[0].fence), (RunState::Running, 1), "a claim starts it and raises the fence");
        assert!(claim(&db, take(node)).await.unwrap().is_empty(), "nobody takes it again");
        let done = Outcome::Done(Done { counts: Counts { examined: 3, changed: 3, ..Counts::default() }, result: None });
        let ending = Ending { run: taken[0].clone(), outcome: done, draw: 0.5 };
        assert_eq!(finish(&db, std::slice::from_ref(&ending)).await.unwrap(), [taken[0].id], "it ends");
        assert!(finish(&db, &[ending]).await.unwrap().is_empty(), "a run ends once");
        assert_eq!(states(&db).await, [RunState::Finished], "one row for one occurrence");
        let after = find(&db, &key(store, "A")).await.unwrap().unwrap();
        assert!(after.last_until.is_some(), "the schedule remembers when its run was open");
    }
}

db_test! {
    async fn a_failure_that_may_pass_is_tried_again_and_one_that_will_not_is_not(db: Db) {
        let store = store(&db).await;
        let node = node(&db).await;
        switched_on(&db, store, "A").await;
        pass(&db, QUARTER).await;
        tick_all(&db).await;
        let run = claim(&db, take(node)).await.unwrap().remove(0);
        let failed = Outcome::Failed(Failure::transient("AWAY", "The shop did not answer."));
        finish(&db, &[Ending { run, outcome: failed, draw: 0.0 }]).await.unwrap();
        assert_eq!(states(&db).await, [RunState::Failed, RunState::Pending], "a retry waits");
        promote(&db).await.unwrap();
        let retry = claim(&db, take(node)).await.unwrap().remove(0);
        assert_eq!((retry.attempt, retry.seq), (2, 2), "the retry is a row of its own");
        let failed = Outcome::Failed(Failure::permanent("BRAKE", "Too many would go."));
        finish(&db, &[Ending { run: retry, outcome: failed, draw: 0.0 }]).await.unwrap();
        assert_eq!(states(&db).await, [RunState::Failed, RunState::Failed], "what will not pass is not tried again");
    }
}

db_test! {
    async fn a_run_whose_lease_is_over_is_recovered_and_its_first_holder_can_write_nothing(db: Db) {
        let store = store(&db).await;
        let (here, there) = (node(&db).await, node(&db).await);
        switched_on(&db, store, "A").await;
        pass(&db, QUARTER).await;
        tick_all(&db).await;
        let zombie = claim(&db, take(here)).await.unwrap().remove(0);
        assert!(reap(&db, &[]).await.unwrap().is_empty(), "a lease that holds is never touched");
        pass(&db, 31_000).await;
        let reaped = reap(&db, &[]).await.unwrap();
        assert_eq!(reaped[0].from, "daemon on here", "who was at it is told");
        assert_eq!(states(&db).await, [RunState::Crashed, RunState::Pending], "another attempt follows");
        pass(&db, 60_000).await;
        promote(&db).await.unwrap();
        assert_eq!(claim(&db, take(there)).await.unwrap().len(), 1, "another node goes on");
        let mut tx = db.begin().await.unwrap();
        assert!(!hold(&mut tx, &zombie).await.unwrap(), "the first holder cannot begin to write");
        let done = Ending { run: zombie, outcome: Outcome::Done(Done::default()), draw: 0.0 };
        assert!(!finish_in(&mut tx, &done).await.unwrap(), "nor end the run");
        tx.rollback().await.unwrap();
    }
}

db_test! {
    async fn skipping_pausing_resuming_and_switching_off_do_what_they_say(db: Db) {
        let store = store(&db).await;
        let key = key(store, "A");
        let on = switched_on(&db, store, "A").await;
        let due = on.next_due_at.unwrap();
        let (skipped, left_out) = skip(&db, &key, "ann").await.unwrap();
        assert_eq!((left_out, skipped.next_due_at), (due, Some(due + QUARTER)), "skipping leaves out just the next");
        pause(&db, &key, "bob").await.unwrap();
        pass(&db, 3 * QUARTER).await;
        assert_eq!(tick_all(&db).await, 0, "a paused schedule is not due");
        resume(&db, &key, false, "bob").await.unwrap();
        let rows = runs(&db).await;
        assert_eq!(rows.len(), 2, "one row for what was skipped, one for the pause");
        assert_eq!((rows[1].reason.as_deref(), rows[1].covers), (Some("PAUSED"), 2), "what fell due meanwhile is counted");
        assert_eq!(tick_all(&db).await, 0, "a pause is no misfire");
        let before = find(&db, &key).await.unwrap().unwrap();
        assert_eq!(cancel(&db, &key, "bob").await.unwrap().state, ScheduleState::Draft, "switching off makes it a draft");
        let again = restore(&db, &key, "bob").await.unwrap();
        assert_eq!((again.state, again.next_due_at), (ScheduleState::Enabled, before.next_due_at), "undo brings it back as it was");
        let (a, b) = tokio::join!(enable(&db, &key, "ann"), enable(&db, &key, "bob"));
        assert!(a.is_ok() && b.is_ok(), "switching on twice at once is no error");
    }
}
