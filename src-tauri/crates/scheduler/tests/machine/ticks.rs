//! Ticks: an occurrence becomes a row once, whoever comes in between.

use presell_scheduler::machine::{claim, due, finish, realign_all, stop_previous, tick};
use presell_scheduler::runs::request;
use presell_scheduler::schedules::{Edit, cancel, pause, save, skip};
use presell_scheduler::{CatchUp, Overlap, RunState};
use presell_store::{Db, db_test, on};

use crate::support::*;

async fn set(db: &Db, store: i64, edit: Edit) {
    save(db, &key(store, "A"), &edit, None, &defaults(), "bob").await.unwrap();
}

db_test! {
    async fn of_two_nodes_that_tick_one_wins(db: Db) {
        let store = store(&db).await;
        switched_on(&db, store, "A").await;
        pass(&db, QUARTER).await;
        let (one, two) = (ticks(&db).await, ticks(&db).await);
        let (one, two) = tokio::join!(tick(&db, &one), tick(&db, &two));
        let won = [one.unwrap(), two.unwrap()].concat().into_iter().filter(|won| *won).count();
        assert_eq!(won, 1, "a tick is lost to another tick");
        assert_eq!(states(&db).await, [RunState::Queued], "the loser inserts nothing");
    }
}

db_test! {
    async fn a_tick_that_met_a_pause_an_edit_a_skip_or_a_cancel_inserts_nothing(db: Db) {
        let store = store(&db).await;
        let key = key(store, "A");
        switched_on(&db, store, "A").await;
        pass(&db, QUARTER).await;

        let read = ticks(&db).await;
        set(&db, store, Edit { params: Some("{\"limit\":5}".to_owned()), ..Edit::default() }).await;
        assert_eq!(tick(&db, &read).await.unwrap(), [false], "complaint 21: an edit between reading and ticking wins");
        let read = ticks(&db).await;
        skip(&db, &key, "bob").await.unwrap();
        assert_eq!(tick(&db, &read).await.unwrap(), [false], "what was skipped meanwhile does not run");
        pass(&db, QUARTER).await;
        let read = ticks(&db).await;
        pause(&db, &key, "bob").await.unwrap();
        assert_eq!(tick(&db, &read).await.unwrap(), [false], "complaint 19: a pause between reading and ticking wins");
        execute(&db, "UPDATE schedule SET state = 'enabled'").await.unwrap();
        let read = ticks(&db).await;
        cancel(&db, &key, "bob").await.unwrap();
        assert_eq!(tick(&db, &read).await.unwrap(), [false], "what was switched off meanwhile does not run");
        assert_eq!(states(&db).await, [RunState::Skipped], "only the skipped occurrence has a row");
    }
}

db_test! {
    async fn a_run_belongs_to_the_settings_in_force_when_it_fell_due(db: Db) {
        let store = store(&db).await;
        switched_on(&db, store, "A").await;
        pass(&db, QUARTER).await;
        set(&db, store, Edit { params: Some("{\"limit\":5}".to_owned()), priority: Some(7), ..Edit::default() }).await;
        assert_eq!(tick_all(&db).await, 1, "an edit of a due job loses no occurrence");
        let run = runs(&db).await.remove(0);
        assert_eq!((run.params.as_str(), run.priority), ("{\"limit\":5}", 7), "its run has the values in force");
        assert_eq!(run.actor, "bob", "and names who last edited the schedule");
    }
}

db_test! {
    /// A bare ON CONFLICT would swallow the clash with the open run, and the occurrence with it.
    async fn a_run_that_was_inserted_between_reading_and_ticking_costs_no_occurrence(db: Db) {
        let store = store(&db).await;
        let node = node(&db).await;
        let schedule = switched_on(&db, store, "A").await;
        switched_on(&db, store, "B").await;
        pass(&db, QUARTER).await;
        let read = ticks(&db).await;
        let sql = "INSERT INTO run (schedule_id, job_id, store_id, due_at, origin, actor, state, available_at, created_at, fence, node_id)
            VALUES ($1, 'A', $2, 1, 'schedule', 'ann', 'running', 1, 1, 1, $3)";
        on!(&db, p => sqlx::query(sql).bind(schedule.id).bind(store).bind(node).execute(p).await.map(|_| ())).unwrap();
        let made = tick(&db, &read).await.unwrap();
        let won: Vec<&str> = read.iter().zip(&made).filter(|(_, won)| **won).map(|(t, _)| t.due.schedule.job_id.as_str()).collect();
        assert_eq!(won, ["B"], "the clash undoes the tick of its own schedule and no other");
        let after = crate::support::schedule(&db, store, "A").await;
        assert_eq!(after.next_due_at, read.iter().find(|t| t.due.schedule.id == schedule.id).unwrap().due.schedule.next_due_at, "the schedule has not moved on");
        assert!(ticks(&db).await.is_empty(), "it waits for the run that is open");
        let open = runs(&db).await.into_iter().find(|run| run.job_id == "A").unwrap();
        finish(&db, &[ending(&open, done())]).await.unwrap();
        assert_eq!(tick_all(&db).await, 1, "complaint 1: the occurrence is not lost");
    }
}

db_test! {
    async fn an_occurrence_that_has_a_row_never_runs_again(db: Db) {
        let store = store(&db).await;
        let node = node(&db).await;
        let run = at_work(&db, store, "A", node).await;
        finish(&db, &[ending(&run, done())]).await.unwrap();
        let sql = "UPDATE schedule SET next_due_at = $1";
        on!(&db, p => sqlx::query(sql).bind(run.due_at).execute(p).await.map(|_| ())).unwrap();
        tick_all(&db).await;
        let same: Vec<_> = runs(&db).await.into_iter().filter(|r| r.due_at == run.due_at).collect();
        assert_eq!(same.len(), 1, "complaint 22: a clock that went back makes no second run of the same occurrence");
    }
}

db_test! {
    async fn what_falls_due_while_the_run_before_is_open_becomes_one_run_right_after_it(db: Db) {
        let store = store(&db).await;
        let node = node(&db).await;
        let run = at_work(&db, store, "A", node).await;
        pass(&db, 3 * QUARTER).await;
        assert_eq!(tick_all(&db).await, 0, "the schedule waits for its open run");
        finish(&db, &[ending(&run, done())]).await.unwrap();
        assert_eq!(tick_all(&db).await, 1, "right after it there is one run");
        let rows = runs(&db).await;
        assert_eq!((rows[1].reason.as_deref(), rows[1].covers, rows[1].state), (Some("MERGED"), 2, RunState::Skipped), "the older ones are one visible row");
        assert_eq!((rows[2].due_at.unwrap() - rows[1].due_at.unwrap(), rows[2].state), (QUARTER, RunState::Queued), "the newest runs, with its own time");
    }
}

db_test! {
    async fn with_overlap_skip_what_falls_due_meanwhile_is_recorded_and_left_out(db: Db) {
        let store = store(&db).await;
        let node = node(&db).await;
        at_work(&db, store, "A", node).await;
        set(&db, store, Edit { overlap: Some(Overlap::Skip), ..Edit::default() }).await;
        pass(&db, 2 * QUARTER).await;
        assert_eq!(tick_all(&db).await, 1, "the schedule moves on although a run is open");
        let rows = runs(&db).await;
        assert_eq!((rows[1].state, rows[1].reason.as_deref(), rows[1].covers), (RunState::Skipped, Some("OVERLAP"), 2), "the row says why, and of how many");
        assert_eq!(tick_all(&db).await, 0, "nothing is due any more");
    }
}

db_test! {
    async fn with_overlap_stop_previous_only_a_run_in_the_way_is_asked_to_stop(db: Db) {
        let store = store(&db).await;
        let node = node(&db).await;
        let run = at_work(&db, store, "A", node).await;
        set(&db, store, Edit { overlap: Some(Overlap::StopPrevious), ..Edit::default() }).await;
        assert_eq!(stop_previous(&db).await.unwrap(), 0, "nothing is due, so nothing is in the way");
        pass(&db, QUARTER).await;
        assert_eq!(stop_previous(&db).await.unwrap(), 1, "it is in the way now");
        let after = crate::support::run(&db, run.id).await;
        assert_eq!((after.state, after.stop_by.as_deref()), (RunState::Stopping, Some("schedule")), "and knows on whose behalf");
    }
}

db_test! {
    async fn a_tick_ends_a_retry_that_waits_as_superseded(db: Db) {
        let store = store(&db).await;
        let node = node(&db).await;
        let run = at_work(&db, store, "A", node).await;
        finish(&db, &[ending(&run, unlucky())]).await.unwrap();
        pass(&db, QUARTER).await;
        assert_eq!(tick_all(&db).await, 1, "a waiting retry does not hold the next occurrence up");
        let rows = runs(&db).await;
        assert_eq!((rows[1].state, rows[1].reason.as_deref()), (RunState::Skipped, Some("SUPERSEDED")), "the retry gives way");
        assert_eq!(rows[2].state, RunState::Queued, "the next occurrence does its work");
    }
}

db_test! {
    async fn a_due_job_waits_behind_an_equal_run_that_somebody_asked_for(db: Db) {
        let store = store(&db).await;
        let node = node(&db).await;
        switched_on(&db, store, "A").await;
        let manual = request(&db, &wish(store, "A")).await.unwrap().run;
        pass(&db, QUARTER).await;
        assert_eq!(tick_all(&db).await, 1, "the schedule moves on");
        assert_eq!(states(&db).await, [RunState::Queued, RunState::Pending], "equal runs are never queued together");
        assert_eq!(claim(&db, take(node)).await.unwrap()[0].id, manual.id, "the one that was there first goes first");
        presell_scheduler::machine::promote(&db).await.unwrap();
        assert!(claim(&db, take(node)).await.unwrap().is_empty(), "equal runs never run side by side");
    }
}

db_test! {
    async fn after_the_clock_went_back_a_schedule_waits_for_its_first_occurrence_without_a_row(db: Db) {
        let store = store(&db).await;
        let node = node(&db).await;
        let run = at_work(&db, store, "A", node).await;
        finish(&db, &[ending(&run, done())]).await.unwrap();
        pass(&db, -8 * 4 * QUARTER).await;
        assert_eq!(realign_all(&db).await.unwrap(), 1, "one that waits for hours without reason is brought back");
        assert_eq!(realign_all(&db).await.unwrap(), 0, "and once is enough");
        let now = db.now().await.unwrap().timestamp_millis();
        let after = schedule(&db, store, "A").await;
        assert!(after.next_due_at.unwrap() > now, "nothing is due at once because of it");
        assert!(after.next_due_at < run.due_at.map(|due| due + 8 * 4 * QUARTER), "nor only when the clock is where it was");
        assert_eq!((after.next_due_at.unwrap() - after.anchor_at) % QUARTER, 0, "it stays on its grid");
    }
}

db_test! {
    async fn missed_occurrences_follow_the_schedules_policy(db: Db) {
        let store = store(&db).await;
        for (catch_up, expected) in [
            (CatchUp::RunOnce, vec![(RunState::Skipped, 31), (RunState::Queued, 1)]),
            (CatchUp::Skip, vec![(RunState::Skipped, 32)]),
        ] {
            switched_on(&db, store, "A").await;
            set(&db, store, Edit { catch_up: Some(catch_up), ..Edit::default() }).await;
            pass(&db, 32 * QUARTER + 120_000).await;
            assert_eq!(tick_all(&db).await, 1, "complaint 6: eight hours are one tick");
            let rows: Vec<_> = runs(&db).await.iter().map(|run| (run.state, run.covers)).collect();
            assert_eq!(rows, expected, "complaint 6: no burst with {catch_up}");
            assert!(due(&db, 10).await.unwrap().1.is_empty(), "and then it waits for its next time");
            execute(&db, "DELETE FROM run").await.unwrap();
            execute(&db, "DELETE FROM schedule").await.unwrap();
        }
    }
}
