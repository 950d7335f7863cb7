//! Every statement against a run in every state: the lawful changes happen, and no other row is touched.

use presell_scheduler::machine::{
    Beat, Progress, claim, finish, finish_in, hand_back, heartbeat, hold, progress, promote, reap, stop_previous,
};
use presell_scheduler::runs::stop;
use presell_scheduler::schedules::{Edit, cancel, restore, resume, save, skip};
use presell_scheduler::{Overlap, Run, RunState};
use presell_store::{Db, db_test, on};

use crate::support::*;

use RunState::{Cancelled, Crashed, Failed, Finished, Pending, Queued, Running, Skipped, Stopping};

/// A statement, and what it makes of a run.
struct Law {
    name: &'static str,
    /// From which state to which; every other state stays.
    changes: &'static [(RunState, RunState)],
}

const LAWS: &[Law] = &[
    Law { name: "promote", changes: &[(Pending, Queued)] },
    Law { name: "claim", changes: &[(Queued, Running)] },
    Law { name: "heartbeat", changes: &[(Running, Running), (Stopping, Stopping)] },
    Law { name: "progress", changes: &[(Running, Running), (Stopping, Stopping)] },
    Law { name: "finish", changes: &[(Running, Finished), (Stopping, Cancelled)] },
    Law { name: "finish as failed", changes: &[(Running, Failed), (Stopping, Cancelled)] },
    Law { name: "finish with an old fence", changes: &[] },
    Law { name: "finish in a transaction", changes: &[(Running, Finished)] },
    Law { name: "reap while the lease holds", changes: &[] },
    Law { name: "reap", changes: &[(Running, Crashed), (Stopping, Cancelled)] },
    Law { name: "hand back", changes: &[(Running, Cancelled), (Stopping, Cancelled)] },
    Law { name: "stop", changes: &[(Pending, Cancelled), (Queued, Cancelled), (Running, Stopping)] },
    Law { name: "stop previous", changes: &[(Running, Stopping)] },
    Law { name: "tick", changes: &[(Pending, Skipped), (Queued, Skipped)] },
    Law { name: "skip and save", changes: &[] },
    Law { name: "cancel the schedule", changes: &[(Pending, Cancelled), (Queued, Cancelled)] },
    Law { name: "pause, resume, restore", changes: &[] },
];

async fn apply(db: &Db, law: &str, store: i64, node: i64, run: &Run) {
    let key = key(store, "A");
    match law {
        "promote" => drop(promote(db).await.unwrap()),
        "claim" => drop(claim(db, take(node)).await.unwrap()),
        "heartbeat" => drop(heartbeat(db, node, 90_000).await.unwrap()),
        "progress" => progress(db, &[Progress { run: run.id, fence: run.fence, done: 1, total: 2 }]).await.unwrap(),
        "finish" => drop(finish(db, &[ending(run, done())]).await.unwrap()),
        "finish as failed" => drop(finish(db, &[ending(run, unlucky())]).await.unwrap()),
        "finish with an old fence" => {
            let old = Run { fence: run.fence - 1, ..run.clone() };
            assert!(finish(db, &[ending(&old, done())]).await.unwrap().is_empty(), "an old fence ends nothing");
        }
        "finish in a transaction" => {
            let mut tx = db.begin().await.unwrap();
            let held = hold(&mut tx, run).await.unwrap();
            assert_eq!(held, run.state == Running, "only a running run is held, not one that is {}", run.state);
            assert_eq!(
                finish_in(&mut tx, &ending(run, done())).await.unwrap(),
                held,
                "what is held can be ended, and nothing else, when it is {}",
                run.state
            );
            tx.commit().await.unwrap();
        }
        "reap while the lease holds" => {
            assert!(reap(db, &[]).await.unwrap().is_empty(), "a live node is never touched");
        }
        "reap" => {
            execute(db, "UPDATE run SET lease_until = 1 WHERE lease_until IS NOT NULL").await.unwrap();
            reap(db, &[]).await.unwrap();
        }
        "hand back" => drop(hand_back(db, std::slice::from_ref(run)).await.unwrap()),
        "stop" => drop(stop(db, run.id, "bob").await.unwrap()),
        "stop previous" => drop(stop_previous(db).await.unwrap()),
        "tick" => drop(tick_all(db).await),
        "skip and save" => {
            skip(db, &key, "bob").await.unwrap();
            save(db, &key, &Edit { max_attempts: Some(2), ..Edit::default() }, None, &defaults(), "bob").await.unwrap();
        }
        "cancel the schedule" => drop(cancel(db, &key, "bob").await.unwrap()),
        "pause, resume, restore" => {
            execute(db, "UPDATE schedule SET state = 'paused'").await.unwrap();
            resume(db, &key, false, "bob").await.unwrap();
            assert!(restore(db, &key, "bob").await.is_err(), "what was not switched off cannot be restored");
        }
        other => panic!("no such law: {other}"),
    }
}

/// A retry of a due schedule, in whatever state; at work with a lease that holds.
async fn placed(db: &Db, state: RunState, schedule: i64, store: i64, node: i64) -> Run {
    execute(db, "DELETE FROM run").await.unwrap();
    execute(db, "UPDATE schedule SET state = 'enabled', next_due_at = anchor_at").await.unwrap();
    let now = db.now().await.unwrap().timestamp_millis();
    let (started, lease) = match state {
        Running | Stopping => (Some(now - 2_000), Some(now + 30_000)),
        Pending | Queued | Skipped => (None, None),
        _ => (Some(now - 2_000), None),
    };
    let finished = state.is_ended().then_some(now - 1_000);
    let sql = "INSERT INTO run (schedule_id, job_id, store_id, due_at, seq, attempt, origin, actor, state, xkey, lane, available_at, fence,
            node_id, lease_until, max_attempts, created_at, started_at, finished_at)
        VALUES ($1, 'A', $2, $3, 2, 2, 'retry', 'ann', $4, 'A|x', 'x', $3, 1, $5, $6, 3, $3, $7, $8) RETURNING *";
    on!(db, p => sqlx::query_as(sql).bind(schedule).bind(store).bind(now - 60_000).bind(state.word()).bind(node).bind(lease)
        .bind(started).bind(finished).fetch_one(p).await)
    .unwrap()
}

db_test! {
    /// Ended runs are among the states, so this also shows that an ended row never changes.
    async fn every_statement_changes_the_states_it_may_and_no_other(db: Db) {
        let store = store(&db).await;
        let node = node(&db).await;
        let schedule = switched_on(&db, store, "A").await.id;
        let edit = Edit { overlap: Some(Overlap::StopPrevious), ..Edit::default() };
        save(&db, &key(store, "A"), &edit, None, &defaults(), "ann").await.unwrap();
        pass(&db, 2 * QUARTER).await;
        for law in LAWS {
            for state in RunState::ALL {
                let before = placed(&db, *state, schedule, store, node).await;
                apply(&db, law.name, store, node, &before).await;
                let after = run(&db, before.id).await;
                match law.changes.iter().find(|(from, _)| from == state) {
                    Some((_, to)) => {
                        assert_eq!(after.state, *to, "\"{}\" makes this of a run that is {state}", law.name);
                        assert_ne!(after, before, "\"{}\" must leave its mark on a run that is {state}", law.name);
                    }
                    None if law.name == "reap" && before.lease_until.is_some() => panic!("every lease that is over is reaped"),
                    None => assert_eq!(after, before, "\"{}\" must not touch a run that is {state}", law.name),
                }
                assert_eq!(
                    after.finished_at.is_some(),
                    after.state.is_ended(),
                    "a run has an end exactly when it has ended; \"{}\" on {state}",
                    law.name
                );
            }
        }
    }
}

db_test! {
    async fn a_heartbeat_renews_what_its_node_holds_and_nothing_else(db: Db) {
        let store = store(&db).await;
        let (here, there) = (node(&db).await, node(&db).await);
        let run = at_work(&db, store, "A", here).await;
        assert!(heartbeat(&db, there, 60_000).await.unwrap().is_empty(), "another node holds nothing");
        let unchanged = crate::support::run(&db, run.id).await.lease_until;
        assert_eq!(unchanged, run.lease_until, "nobody renews the lease of another node");
        let beats = heartbeat(&db, here, 60_000).await.unwrap();
        assert_eq!(beats, [Beat { id: run.id, fence: run.fence, state: Running }], "the answer names what is held");
        assert!(crate::support::run(&db, run.id).await.lease_until > run.lease_until, "the lease is renewed");
        stop(&db, run.id, "bob").await.unwrap();
        let beats = heartbeat(&db, here, 60_000).await.unwrap();
        assert_eq!(beats[0].state, Stopping, "complaint 20: the answer says that somebody wants it stopped");
    }
}
