//! Each compare-and-swap lost once: somebody else's change is committed while ours waits for it.

use presell_scheduler::machine::{claim, finish, heartbeat, promote, reap, tick};
use presell_scheduler::schedules::{Edit, SaveError, SwitchError, cancel, enable, pause, restore, resume, save, skip};
use presell_scheduler::{RunState, ScheduleState};
use presell_store::testing::{Kind, run as on_kind};
use presell_store::{Db, db_test};

use crate::support::*;

const EDITED: &str = "UPDATE schedule SET version = version + 1, updated_by = 'eve', priority = 9";
const PAUSED: &str = "UPDATE schedule SET version = version + 1, updated_by = 'eve', state = 'paused'";
const MOVED: &str = "UPDATE schedule SET next_due_at = next_due_at + 900000";

db_test! {
    async fn an_edit_of_an_older_version_is_refused_with_the_newer_values(db: Db) {
        let store = store(&db).await;
        let seen = switched_on(&db, store, "A").await;
        let act = { let db = db.clone(); async move {
            let edit = Edit { max_attempts: Some(5), ..Edit::default() };
            save(&db, &key(store, "A"), &edit, Some(seen.version), &defaults(), "bob").await
        }};
        match meeting(&db, EDITED, act).await {
            Err(SaveError::Conflict(newer)) => {
                assert_eq!((newer.updated_by.as_str(), newer.priority), ("eve", 9), "the second editor sees who was first and what is there now");
            }
            other => panic!("an edit of an older version must be refused, not {other:?}"),
        }
        assert_eq!(schedule(&db, store, "A").await.max_attempts, 3, "nothing of the refused edit is kept");
        assert!(!audit(&db).await.iter().any(|(actor, _)| actor == "bob"), "nor is it said to have happened");
    }
}

db_test! {
    async fn an_edit_without_a_version_keeps_what_another_changed_meanwhile(db: Db) {
        let store = store(&db).await;
        switched_on(&db, store, "A").await;
        let act = { let db = db.clone(); async move {
            let edit = Edit { max_attempts: Some(5), ..Edit::default() };
            save(&db, &key(store, "A"), &edit, None, &defaults(), "bob").await
        }};
        let saved = meeting(&db, EDITED, act).await.unwrap();
        assert_eq!((saved.max_attempts, saved.priority), (5, 9), "both changes are there");
    }
}

db_test! {
    async fn an_edit_of_a_schedule_that_somebody_makes_at_the_same_moment_does_not_undo_it(db: Db) {
        let store = store(&db).await;
        assert_eq!(store, 1, "the statement below names the first store");
        let made = "INSERT INTO schedule (job_id, store_id, state, zone, frequency, kind, every_ms, anchor_at, timeout_ms, priority, next_due_at,
            version, created_at, created_by, updated_at, updated_by)
            VALUES ('A', 1, 'enabled', 'UTC', 'HOURLY', 'every', 3600000, 5, 1000, 9, 5, 3, 1, 'eve', 1, 'eve')";
        let act = { let db = db.clone(); async move {
            let edit = Edit { max_attempts: Some(5), ..Edit::default() };
            save(&db, &key(store, "A"), &edit, None, &defaults(), "bob").await
        }};
        let saved = meeting(&db, made, act).await.unwrap();
        assert_eq!((saved.state, saved.frequency.as_str(), saved.priority), (ScheduleState::Enabled, "HOURLY", 9), "the first one's values stay");
        assert_eq!(saved.max_attempts, 5, "the second one's edit is there, too");
    }
}

db_test! {
    async fn a_tick_that_meets_an_edit_is_lost_and_holds_nobody_up(db: Db) {
        let store = store(&db).await;
        switched_on(&db, store, "A").await;
        pass(&db, QUARTER).await;
        for change in [MOVED, EDITED, PAUSED] {
            let read = ticks(&db).await;
            assert!(!read.is_empty(), "it is due before the change");
            let mut other = db.begin().await.unwrap();
            other.run(change).await.unwrap();
            if db.is_postgres() {
                // Who holds the schedule may have frozen; on SQLite there is one writer, and others wait for it.
                assert_eq!(tick(&db, &read).await.unwrap(), [false], "a tick steps around a schedule that somebody holds");
            }
            other.commit().await.unwrap();
            assert_eq!(tick(&db, &read).await.unwrap(), [false], "complaint 19: the change was first, so the tick inserts nothing");
            execute(&db, "UPDATE schedule SET state = 'enabled', next_due_at = anchor_at").await.unwrap();
        }
        assert!(runs(&db).await.is_empty(), "no row came of it");
    }
}

db_test! {
    async fn every_switch_that_waited_for_another_change_looks_again(db: Db) {
        let store = store(&db).await;
        switched_on(&db, store, "A").await;
        let own = || { let db = db.clone(); (db, key(store, "A")) };

        let (other, key) = own();
        let paused = meeting(&db, EDITED, async move { pause(&other, &key, "bob").await }).await.unwrap();
        assert_eq!((paused.state, paused.priority), (ScheduleState::Paused, 9), "a pause keeps what was edited meanwhile");
        let (other, key) = own();
        let resumed = meeting(&db, MOVED, async move { resume(&other, &key, false, "bob").await }).await.unwrap();
        assert_eq!(resumed.state, ScheduleState::Enabled, "a resume that lost looks again");
        let (other, key) = own();
        let before = schedule(&db, store, "A").await.next_due_at.unwrap();
        let (_, left_out) = meeting(&db, MOVED, async move { skip(&other, &key, "bob").await }).await.unwrap();
        assert_eq!(left_out, before + QUARTER, "a skip leaves out the occurrence that is next by now");
        let (other, key) = own();
        let off = meeting(&db, PAUSED, async move { cancel(&other, &key, "bob").await }).await.unwrap();
        assert_eq!(off.state, ScheduleState::Draft, "a cancel that lost looks again");
        let (other, key) = own();
        let on = meeting(&db, EDITED, async move { enable(&other, &key, "bob").await }).await.unwrap();
        assert_eq!(on.state, ScheduleState::Enabled, "so does switching on");
        let (other, key) = own();
        let refused = meeting(&db, PAUSED, async move { skip(&other, &key, "bob").await }).await;
        assert!(matches!(refused, Err(SwitchError::Refused(_))), "what is paused by now is not skipped");
    }
}

db_test! {
    async fn only_the_last_change_can_be_undone(db: Db) {
        let store = store(&db).await;
        let key = key(store, "A");
        switched_on(&db, store, "A").await;
        cancel(&db, &key, "ann").await.unwrap();
        save(&db, &key, &Edit { priority: Some(3), ..Edit::default() }, None, &defaults(), "bob").await.unwrap();
        assert!(matches!(restore(&db, &key, "ann").await, Err(SwitchError::Refused(_))), "somebody changed it since");
        assert_eq!(schedule(&db, store, "A").await.state, ScheduleState::Draft, "nothing was switched on");
        enable(&db, &key, "ann").await.unwrap();
        cancel(&db, &key, "ann").await.unwrap();
        restore(&db, &key, "ann").await.unwrap();
        assert!(matches!(restore(&db, &key, "ann").await, Err(SwitchError::Refused(_))), "an undo is not undone by itself");
    }
}

db_test! {
    async fn an_end_that_waited_for_a_stop_ends_cancelled(db: Db) {
        let store = store(&db).await;
        let node = node(&db).await;
        let run = at_work(&db, store, "A", node).await;
        let act = { let (db, run) = (db.clone(), run.clone()); async move { finish(&db, &[ending(&run, done())]).await } };
        meeting(&db, "UPDATE run SET state = 'stopping', stop_by = 'eve'", act).await.unwrap();
        assert_eq!(crate::support::run(&db, run.id).await.state, RunState::Cancelled, "the stop was first");
    }
}

db_test! {
    async fn an_end_that_waited_for_a_reap_is_stale(db: Db) {
        let store = store(&db).await;
        let node = node(&db).await;
        let run = at_work(&db, store, "A", node).await;
        let act = { let (db, run) = (db.clone(), run.clone()); async move { finish(&db, &[ending(&run, done())]).await } };
        let reaped = "UPDATE run SET state = 'crashed', reason = 'LEASE_LOST', finished_at = 1, lease_until = NULL";
        assert!(meeting(&db, reaped, act).await.unwrap().is_empty(), "complaint 4: a zombie ends nothing");
        assert_eq!(crate::support::run(&db, run.id).await.state, RunState::Crashed, "the row stays as it ended");
    }
}

/// On SQLite nobody comes between, since there is one writer.
#[test]
fn a_lease_that_was_renewed_while_it_was_about_to_be_reaped_holds() {
    on_kind(Kind::Postgres, |db: Db| async move {
        let store = store(&db).await;
        let node = node(&db).await;
        let run = at_work(&db, store, "A", node).await;
        execute(&db, "UPDATE run SET lease_until = 1").await.unwrap();
        let mut other = db.begin().await.unwrap();
        other.run("SELECT id FROM schedule FOR UPDATE").await.unwrap();
        let reaping = tokio::spawn({
            let db = db.clone();
            async move { reap(&db, &[]).await }
        });
        until_somebody_waits(&db).await;
        heartbeat(&db, node, 30_000).await.unwrap();
        other.commit().await.unwrap();
        assert!(reaping.await.unwrap().unwrap().is_empty(), "a lease that was renewed meanwhile is not over");
        assert_eq!(crate::support::run(&db, run.id).await.state, RunState::Running, "its run goes on");
    });
}

/// The row that another node has just taken looks queued until that is committed.
#[test]
fn a_claim_or_promotion_that_meets_another_in_an_index_has_lost_and_is_no_error() {
    on_kind(Kind::Postgres, |db: Db| async move {
        let store = store(&db).await;
        let node = node(&db).await;
        let (early, _late) = (asked(&db, store, "A").await, asked(&db, store, "B").await);
        let act = {
            let db = db.clone();
            async move { claim(&db, take(node)).await }
        };
        let taken = "UPDATE run SET state = 'running', fence = 1 WHERE job_id = 'B'";
        assert!(
            meeting(&db, taken, act).await.unwrap().is_empty(),
            "its lane was taken meanwhile, so there is nothing to take"
        );
        assert_eq!(run(&db, early.id).await.state, RunState::Queued, "it waits for its turn");

        let waiting = asked(&db, store, "A").await;
        assert_eq!(waiting.state, RunState::Pending, "an equal run is queued");
        execute(&db, "DELETE FROM run WHERE job_id = 'A' AND state = 'queued'").await.unwrap();
        let act = {
            let db = db.clone();
            async move { promote(&db).await }
        };
        let queued = "INSERT INTO run (job_id, store_id, origin, actor, state, xkey, available_at, created_at)
            VALUES ('A', 1, 'manual', 'eve', 'queued', 'A|1|', 1, 1)";
        assert_eq!(meeting(&db, queued, act).await.unwrap(), 0, "an equal run was queued meanwhile, so this one waits");
    });
}
