//! What people do to schedules.

use presell_scheduler::machine::{claim, finish};
use presell_scheduler::planning::RunTime;
use presell_scheduler::schedules::{
    Edit, SaveError, SwitchError, cancel, enable, find, list, pause, restore, resume, save, skip,
};
use presell_scheduler::{CatchUp, RunState, ScheduleState};
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

db_test! {
    async fn a_hundred_edits_while_due_and_while_running_double_no_occurrence_and_lose_none(db: Db) {
        let store = store(&db).await;
        let key = key(store, "A");
        switched_on(&db, store, "A").await;
        // One-second steps, so that occurrences fall due among the edits.
        let quick = Edit { every_ms: Some(1_000), catch_up: Some(CatchUp::RunOnce), ..Edit::default() };
        save(&db, &key, &quick, None, &defaults(), "ann").await.unwrap();
        pass(&db, 5_000).await;
        let nodes = [node(&db).await, node(&db).await];
        let editing = tokio::spawn({
            let (db, key) = (db.clone(), key.clone());
            async move {
                for n in 0..100 {
                    let edit = Edit { priority: Some(n % 100), ..Edit::default() };
                    match save(&db, &key, &edit, None, &defaults(), "bob").await {
                        Ok(_) | Err(SaveError::Conflict(_)) => {}
                        Err(error) => panic!("an edit failed: {error}"),
                    }
                }
            }
        });
        while !editing.is_finished() {
            for node in nodes {
                tick_all(&db).await;
                for run in claim(&db, take(node)).await.unwrap() {
                    finish(&db, &[ending(&run, done())]).await.unwrap();
                }
                pass(&db, 400).await;
            }
        }
        editing.await.unwrap();
        let rows = runs(&db).await;
        let (first, last) = (rows[0].due_at.unwrap(), rows[rows.len() - 1].due_at.unwrap());
        let mut dues: Vec<i64> = rows.iter().map(|run| run.due_at.unwrap()).collect();
        dues.dedup();
        assert_eq!(dues.len(), rows.len(), "complaint 11: an occurrence has one run however often its schedule is edited");
        let covered: i64 = rows.iter().map(|run| run.covers).sum();
        assert_eq!(covered, (last - first) / 1_000 + rows[0].covers, "complaint 21: no occurrence is lost to an edit");
        let edits = audit(&db).await.iter().filter(|(actor, _)| actor == "bob").count();
        assert!(edits > 90, "edits go through beside ticks: {edits} of 100");
    }
}

db_test! {
    async fn changing_the_frequency_of_a_job_that_is_due_or_at_work_doubles_nothing_and_keeps_its_phase(db: Db) {
        let store = store(&db).await;
        let node = node(&db).await;
        let key = key(store, "A");
        let frequency = |id: &str| Edit { frequency: Some(id.to_owned()), ..Edit::default() };
        let run = at_work(&db, store, "A", node).await;
        let changed = save(&db, &key, &frequency("EVERY_5_MIN"), None, &defaults(), "bob").await.unwrap();
        let now = db.now().await.unwrap().timestamp_millis();
        assert!(changed.next_due_at.is_some_and(|at| at > now), "what has a row by now is not due again");
        assert_eq!((changed.next_due_at.unwrap() - changed.anchor_at) % (QUARTER / 3), 0, "the new step keeps the old anchor");
        finish(&db, &[ending(&run, done())]).await.unwrap();
        pass(&db, QUARTER).await;
        let changed = save(&db, &key, &frequency("HOURLY"), None, &defaults(), "bob").await.unwrap();
        assert!(changed.next_due_at > Some(now), "a job whose time had come waits for its first time by the new step");
        assert_eq!(tick_all(&db).await, 0, "complaint 21: the change itself runs nothing");
        assert_eq!(runs(&db).await.len(), 1, "one run for one occurrence");
    }
}

db_test! {
    async fn an_edit_from_another_zone_changes_neither_zone_nor_next_time(db: Db) {
        let store = store(&db).await;
        let key = key(store, "A");
        let daily = Edit { frequency: Some("EVERYDAY".to_owned()), zone: Some("Europe/Paris".to_owned()), run_time: Some(RunTime::Tomorrow), ..Edit::default() };
        save(&db, &key, &daily, None, &defaults(), "ann").await.unwrap();
        let before = enable(&db, &key, "ann").await.unwrap();
        let elsewhere = presell_scheduler::schedules::Defaults { zone: "America/New_York".to_owned(), ..defaults() };
        let after = save(&db, &key, &Edit { priority: Some(1), ..Edit::default() }, None, &elsewhere, "bob").await.unwrap();
        assert_eq!((after.zone.as_str(), after.next_due_at), ("Europe/Paris", before.next_due_at), "nobody's edit moves it silently");
    }
}

db_test! {
    async fn what_is_refused_is_named_and_changes_nothing(db: Db) {
        let store = store(&db).await;
        let key = key(store, "A");
        let e = Edit::default;
        let text = |text: &str| Some(text.to_owned());
        let now = db.now().await.unwrap().timestamp_millis();
        let wrong: Vec<(&str, Edit)> = vec![
            ("zone", Edit { zone: text("Mars/Olympus"), ..e() }),
            ("cron", Edit { cron: text("0 0 30 2 *"), ..e() }),
            ("cron", Edit { cron: text("every now and then"), ..e() }),
            ("at", Edit { run_time: Some(RunTime::At(now - 60_000)), ..e() }),
            ("frequency", Edit { frequency: text("EVERY_BLUE_MOON"), ..e() }),
            ("frequency", Edit { every_ms: Some(60_000), cron: text("*/5 * * * *"), ..e() }),
            ("frequency", Edit { frequency: text("HOURLY"), cron: text("*/5 * * * *"), ..e() }),
            ("frequency", Edit { frequency: text("CUSTOM"), ..e() }),
            ("every", Edit { every_ms: Some(0), ..e() }),
            ("every", Edit { every_ms: Some(i64::MAX), ..e() }),
            ("every", Edit { every_days: Some(0), ..e() }),
            ("jitter", Edit { jitter_ms: Some(-1), ..e() }),
            ("jitter", Edit { jitter_ms: Some(QUARTER), ..e() }),
            ("startDeadline", Edit { start_deadline_ms: Some(-1), ..e() }),
            ("maxAttempts", Edit { max_attempts: Some(0), ..e() }),
            ("maxAttempts", Edit { max_attempts: Some(11), ..e() }),
            ("timeout", Edit { timeout_ms: Some(999), ..e() }),
            ("timeout", Edit { timeout_ms: Some(i64::MAX), ..e() }),
            ("priority", Edit { priority: Some(101), ..e() }),
            ("keepRuns", Edit { keep_runs: Some(0), ..e() }),
            ("keepDays", Edit { keep_days: Some(-3), ..e() }),
        ];
        let refused = async |edit: &Edit| match save(&db, &key, edit, None, &defaults(), "bob").await {
            Err(SaveError::Bad(bad)) => bad.iter().map(|b| b.field).collect::<Vec<_>>(),
            other => panic!("{edit:?} must be refused, not {other:?}"),
        };
        for (field, edit) in &wrong {
            assert_eq!(refused(edit).await, [*field], "the refusal of {edit:?} names the field");
        }
        assert!(find(&db, &key).await.unwrap().is_none(), "a refused edit makes no schedule");
        let before = switched_on(&db, store, "A").await;
        for (_, edit) in &wrong {
            refused(edit).await;
        }
        let both = Edit { zone: text("Mars/Olympus"), priority: Some(101), ..e() };
        assert_eq!(refused(&both).await, ["zone", "priority"], "all that is wrong is named at once");
        assert_eq!(schedule(&db, store, "A").await, before, "a refused edit changes nothing");
        assert!(!audit(&db).await.iter().any(|(actor, _)| actor == "bob"), "nor does the audit name it");
    }
}
