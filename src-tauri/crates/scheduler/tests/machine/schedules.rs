//! What people do to schedules.

use presell_scheduler::machine::finish;
use presell_scheduler::schedules::{Edit, SwitchError, cancel, enable, list, pause, restore, resume, save, skip};
use presell_scheduler::{RunState, ScheduleState};
use presell_store::{Db, db_test};

use crate::support::*;

use ScheduleState::{Draft, Enabled, Paused};

async fn put(db: &Db, store: i64, state: ScheduleState) {
    let sql = match state {
        Draft => "UPDATE schedule SET state = 'draft', next_due_at = NULL",
        Enabled => "UPDATE schedule SET state = 'enabled', next_due_at = anchor_at + 900000",
        Paused => "UPDATE schedule SET state = 'paused', next_due_at = anchor_at + 900000",
    };
    execute(db, sql).await.unwrap();
    assert_eq!(schedule(db, store, "A").await.state, state, "the scene is set");
}

db_test! {
    async fn a_schedule_goes_from_state_to_state_as_it_may_and_says_by_whom(db: Db) {
        let store = store(&db).await;
        let key = key(store, "A");
        switched_on(&db, store, "A").await;
        // What is done, in which state, what comes of it (none: refused), and what the audit calls it (none: nothing changed).
        let laws = [
            ("enable", Draft, Some(Enabled), Some("switch on schedule")),
            ("enable", Enabled, Some(Enabled), None),
            ("enable", Paused, Some(Enabled), Some("resume schedule")),
            ("pause", Draft, None, None),
            ("pause", Enabled, Some(Paused), Some("pause schedule")),
            ("pause", Paused, Some(Paused), None),
            ("resume", Draft, None, None),
            ("resume", Enabled, Some(Enabled), None),
            ("resume", Paused, Some(Enabled), Some("resume schedule")),
            ("skip", Draft, None, None),
            ("skip", Enabled, Some(Enabled), Some("skip one run")),
            ("skip", Paused, None, None),
            ("cancel", Draft, Some(Draft), None),
            ("cancel", Enabled, Some(Draft), Some("switch off schedule")),
            ("cancel", Paused, Some(Draft), Some("switch off schedule")),
            ("restore", Enabled, None, None),
            ("restore", Paused, None, None),
        ];
        for (action, state, becomes, told) in laws {
            put(&db, store, state).await;
            execute(&db, "DELETE FROM audit").await.unwrap();
            let before = schedule(&db, store, "A").await;
            let outcome = match action {
                "enable" => enable(&db, &key, "bob").await,
                "pause" => pause(&db, &key, "bob").await,
                "resume" => resume(&db, &key, false, "bob").await,
                "skip" => skip(&db, &key, "bob").await.map(|(after, _)| after),
                "cancel" => cancel(&db, &key, "bob").await,
                _ => restore(&db, &key, "bob").await,
            };
            let after = schedule(&db, store, "A").await;
            match (becomes, outcome) {
                (Some(state), Ok(told)) => {
                    assert_eq!((after.state, &told), (state, &after), "{action} in {} must give this", before.state);
                }
                (None, Err(SwitchError::Refused(words))) => assert!(words.contains("switched"), "a refusal says what to do: {words}"),
                (_, outcome) => panic!("{action} in {} must not give {outcome:?}", before.state),
            }
            match told {
                Some(told) => {
                    assert_eq!(audit(&db).await, [("bob".to_owned(), told.to_owned())], "{action} has an actor and one audit row");
                    assert_eq!((after.version, after.updated_by.as_str()), (before.version + 1, "bob"), "{action} raises the version");
                }
                None => {
                    assert!(audit(&db).await.is_empty(), "{action} in {} changes nothing, so the audit says nothing", before.state);
                    assert_eq!(after, before, "{action} in {} changes nothing", before.state);
                }
            }
        }
    }
}

db_test! {
    async fn switching_on_many_times_at_once_leaves_one_schedule(db: Db) {
        let store = store(&db).await;
        let tries = (0..8).map(|n| {
            let db = db.clone();
            tokio::spawn(async move {
                let (key, who) = (key(store, "A"), format!("person {n}"));
                save(&db, &key, &Edit::default(), None, &defaults(), &who).await.unwrap();
                enable(&db, &key, &who).await.unwrap()
            })
        });
        for attempt in tries.collect::<Vec<_>>() {
            assert_eq!(attempt.await.unwrap().state, Enabled, "complaint 10: each of them finds it switched on");
        }
        assert_eq!(list(&db, store).await.unwrap().len(), 1, "complaint 10: there is one schedule of a job, store and shop");
        let switched = audit(&db).await.iter().filter(|(_, action)| action == "switch on schedule").count();
        assert_eq!(switched, 1, "one of them switched it on");
    }
}

db_test! {
    async fn the_database_itself_refuses_a_second_schedule_and_a_second_open_run(db: Db) {
        let store = store(&db).await;
        let node = node(&db).await;
        at_work(&db, store, "A", node).await;
        let copies = [
            ("one schedule of a job, store and shop", "INSERT INTO schedule (job_id, store_id, shop_id, state, zone, frequency, kind, anchor_at, timeout_ms, created_at, created_by, updated_at, updated_by)
                SELECT job_id, store_id, shop_id, 'enabled', zone, frequency, kind, anchor_at, timeout_ms, created_at, created_by, updated_at, updated_by FROM schedule"),
            ("one open recurring run of a schedule", "INSERT INTO run (schedule_id, job_id, store_id, due_at, origin, actor, state, available_at, created_at)
                SELECT schedule_id, job_id, store_id, due_at + 1, 'schedule', 'x', 'pending', 1, 1 FROM run"),
            ("one row for an attempt at an occurrence", "INSERT INTO run (schedule_id, job_id, store_id, due_at, seq, origin, actor, state, available_at, created_at)
                SELECT schedule_id, job_id, store_id, due_at, seq, 'schedule', 'x', 'skipped', 1, 1 FROM run"),
            ("one run of a lane at work", "INSERT INTO run (job_id, store_id, origin, actor, state, lane, available_at, created_at)
                SELECT 'B', store_id, 'manual', 'x', 'stopping', lane, 1, 1 FROM run"),
            ("one of equal runs at work", "INSERT INTO run (job_id, store_id, origin, actor, state, xkey, available_at, created_at)
                SELECT job_id, store_id, 'manual', 'x', 'running', xkey, 1, 1 FROM run"),
        ];
        for (law, sql) in copies {
            assert!(execute(&db, sql).await.is_err(), "the database must insist on {law}");
        }
    }
}

db_test! {
    async fn switching_off_keeps_the_settings_and_cancels_what_waits_but_not_what_is_at_work(db: Db) {
        let store = store(&db).await;
        let node = node(&db).await;
        let key = key(store, "A");
        let at_work = at_work(&db, store, "A", node).await;
        let kept = Edit { priority: Some(7), params: Some("{\"limit\":5}".to_owned()), ..Edit::default() };
        save(&db, &key, &kept, None, &defaults(), "ann").await.unwrap();
        let off = cancel(&db, &key, "bob").await.unwrap();
        assert_eq!((off.priority, off.params.as_str(), off.frequency.as_str()), (7, "{\"limit\":5}", "EVERY_15_MIN"), "settings are kept");
        assert_eq!(run(&db, at_work.id).await.state, RunState::Running, "what is at work ends normally");
        finish(&db, &[ending(&at_work, done())]).await.unwrap();
        assert_eq!(schedule(&db, store, "A").await.next_due_at, None, "and brings nothing back");
        let again = restore(&db, &key, "bob").await.unwrap();
        assert_eq!((again.state, again.priority), (Enabled, 7), "undo brings it back with its settings");
        pass(&db, QUARTER).await;
        tick_all(&db).await;
        cancel(&db, &key, "bob").await.unwrap();
        let waiting = runs(&db).await.pop().unwrap();
        assert_eq!((waiting.state, waiting.stop_by.as_deref()), (RunState::Cancelled, Some("bob")), "what waits is cancelled, and says by whom");
    }
}

db_test! {
    async fn resuming_with_catch_up_treats_the_pause_as_missed(db: Db) {
        let store = store(&db).await;
        let key = key(store, "A");
        switched_on(&db, store, "A").await;
        pause(&db, &key, "ann").await.unwrap();
        pass(&db, 3 * QUARTER).await;
        resume(&db, &key, true, "ann").await.unwrap();
        assert_eq!(tick_all(&db).await, 1, "it is due at once");
        assert_eq!(states(&db).await, [RunState::Skipped, RunState::Queued], "the newest runs, the older ones are recorded");
    }
}
