//! Edits: what is refused, and what an edit does to a job that is due or at work.

use presell_scheduler::CatchUp;
use presell_scheduler::machine::{claim, finish};
use presell_scheduler::planning::RunTime;
use presell_scheduler::schedules::{Edit, SaveError, enable, find, save};
use presell_store::db_test;

use crate::support::*;

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
        // On a busy machine the edits may all be made before the first tick, or beat it: one follows them all the same.
        loop {
            let last = editing.is_finished();
            for node in nodes {
                tick_all(&db).await;
                for run in claim(&db, take(node)).await.unwrap() {
                    finish(&db, &[ending(&run, done())]).await.unwrap();
                }
                pass(&db, 400).await;
            }
            if last {
                break;
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
