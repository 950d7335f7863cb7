//! Leases: who loses one leaves no trace, and others go on.

use std::sync::Arc;
use std::time::Duration;

use presell_scheduler::engine::{Engine, Event, Joined, Options};
use presell_scheduler::runs::{Request, request};
use presell_scheduler::{Done, Failure, RunState};
use presell_store::{Db, db_test};
use tokio::sync::Notify;

use super::stage::*;
use crate::support::*;

async fn asked_with_attempts(db: &Db) -> i64 {
    let store = store(db).await;
    let schedule = switched_on(db, store, "A").await;
    request(db, &Request { schedule: Some(schedule), ..wish(store, "A") }).await.unwrap().run.id
}

/// Another attempt waits up to a minute; these tests do not.
async fn at_once(db: &Db) {
    execute(db, "UPDATE run SET available_at = created_at WHERE state = 'pending'").await.unwrap();
    db.ring().await.unwrap();
}

db_test! {
    async fn who_lost_its_lease_commits_nothing_and_another_node_does_the_work(db: Db) {
        effects(&db).await;
        let first = asked_with_attempts(&db).await;
        let gate = Arc::new(Notify::new());
        let frozen = Jobs::job("A", {
            let gate = gate.clone();
            move |work| {
                let gate = gate.clone();
                async move {
                    gate.notified().await;
                    match finish_with_effect(&work).await {
                        Ok(_) => Err(Failure::permanent("WRONG", "the commit of a zombie was taken")),
                        refused => refused,
                    }
                }
            }
        });
        let mut one = At::work(&db, &frozen, options("one")).await;
        one.started("A").await;
        execute(&db, "UPDATE run SET lease_until = 1").await.unwrap();
        let mut two = At::work(&db, &Jobs::job("A", async |work| finish_with_effect(&work).await), options("two")).await;
        // Whichever node looks first, the first holder included.
        until(&db, "the run was recovered", |rows| rows.iter().any(|run| run.state == RunState::Crashed)).await;
        // The node that lost the run can run its jobs still; this test is about the other.
        execute(&db, "UPDATE run SET for_node = (SELECT max(id) FROM node) WHERE state = 'pending'").await.unwrap();
        at_once(&db).await;
        let (second, state) = two.ended("A").await;
        assert_eq!(state, RunState::Finished, "complaint 2: another node does the work");
        gate.notify_one();
        let stale = one.told("its end came too late", |event| match event {
            Event::Stale { run } => Some(run),
            _ => None,
        }).await;
        assert_eq!(stale, first, "complaint 4: the first holder learns that its run is not its own");
        assert_eq!(effects_of(&db).await, [(second, 1)], "complaint 4: only the second attempt left an effect");
        let row = run(&db, first).await;
        assert_eq!((row.state, row.detail.as_deref()), (RunState::Crashed, Some("recovered from daemon on one")), "complaint 2: the crashed row says from whom it was recovered");
        one.engine.stop().await;
        two.engine.stop().await;
    }
}

db_test! {
    async fn what_a_node_was_at_when_it_died_is_done_by_another_when_the_lease_ends(db: Db) {
        let first = asked_with_attempts(&db).await;
        // Only the lease of the one that dies is waited for.
        let short = Options { lease: Duration::from_secs(3), ..options("one") };
        let mut one = At::work(&db, &Jobs::job("A", async |_| std::future::pending().await), short).await;
        one.started("A").await;
        let mut two = At::work(&db, &Jobs::job("A", async |_| Ok(Done::default())), options("two")).await;
        drop(one);
        until(&db, "complaint 2: a dead node's run is noticed", |rows| rows[0].state.is_ended()).await;
        let row = run(&db, first).await;
        assert_eq!((row.state, row.detail.as_deref()), (RunState::Crashed, Some("recovered from daemon on one")), "complaint 2: it says from whom it was recovered");
        at_once(&db).await;
        let (second, state) = two.ended("A").await;
        assert_eq!((state, run(&db, second).await.attempt), (RunState::Finished, 2), "complaint 2: it is done elsewhere");
        two.engine.stop().await;
    }
}

db_test! {
    async fn a_job_of_three_leases_is_started_once(db: Db) {
        asked_with_attempts(&db).await;
        let lease = Duration::from_secs(2);
        let jobs = Jobs::job("A", move |_| async move {
            // Its length is what matters here.
            tokio::time::sleep(3 * lease).await;
            Ok(Done::default())
        });
        let short = |host: &str| Options { lease, ..options(host) };
        let (one, two) = (At::work(&db, &jobs, short("one")).await, At::work(&db, &jobs, short("two")).await);
        let rows = until(&db, "it ended", |rows| rows.iter().all(|run| run.state.is_ended())).await;
        assert_eq!(rows.len(), 1, "complaint 3: one attempt");
        assert_eq!((rows[0].state, rows[0].fence), (RunState::Finished, 1), "complaint 3: one claim");
        one.engine.stop().await;
        two.engine.stop().await;
    }
}

db_test! {
    /// The database believes the node to be at a run of which the node knows nothing.
    async fn a_claim_whose_answer_was_lost_is_noticed_and_tried_again(db: Db) {
        let first = asked_with_attempts(&db).await;
        let jobs = Jobs::job("A", async |_| Ok(Done::default())).and("LONG", async |work| {
            work.token.cancelled().await;
            Ok(Done::default())
        });
        let options = options("one");
        let clock = Arc::new(presell_scheduler::engine::Machine::default());
        let joined = Joined::join(&db, &options, &*clock).await.unwrap();
        execute(&db, "UPDATE run SET state = 'running', fence = 1, node_id = (SELECT max(id) FROM node), lease_until = created_at + 600000, started_at = created_at").await.unwrap();
        let engine = Engine::start_as(joined, db.clone(), Arc::new(jobs), options, clock);
        // Heartbeats need something in hand.
        request(&db, &Request { shop_id: "shop".to_owned(), ..wish(1, "LONG") }).await.unwrap();
        // Each ring is answered by a heartbeat.
        let ringing = async {
            loop {
                db.ring().await.unwrap();
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        };
        let rows = tokio::select! {
            rows = until(&db, "the lost claim ended", |rows| rows[0].state.is_ended()) => rows,
            () = ringing => unreachable!("it rings for ever"),
        };
        assert_eq!((rows[0].id, rows[0].reason.as_deref()), (first, Some("CLAIM_LOST")), "nobody is at it, and that is found out");
        at_once(&db).await;
        until(&db, "another attempt finished", |rows| rows.iter().any(|run| run.attempt == 2 && run.state == RunState::Finished)).await;
        engine.stop().await;
    }
}
