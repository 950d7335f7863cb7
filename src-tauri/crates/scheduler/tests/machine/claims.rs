//! Who takes what: order, lanes, and never more than asked for.

use std::collections::HashSet;

use presell_scheduler::machine::{Claim, claim, finish, promote, reap};
use presell_scheduler::runs::{Request, request};
use presell_scheduler::{Origin, RunState};
use presell_store::{Cell, Db, db_test, on};

use crate::support::*;

/// So many queued runs, each in its own place of the queue; loaded at once, so that the database knows nothing of them yet.
async fn load(db: &Db, rows: &[(&str, &str, i64, i64, i64)]) {
    let columns = [
        "job_id",
        "store_id",
        "shop_id",
        "origin",
        "actor",
        "state",
        "xkey",
        "lane",
        "lane_up",
        "priority",
        "available_at",
        "step",
        "created_at",
    ];
    let keys: Vec<(String, String)> =
        rows.iter().map(|(job, shop, ..)| (format!("{job}|1|{shop}"), format!("1/{shop}"))).collect();
    let mut cells: Vec<Cell<'_>> = Vec::new();
    for ((job, shop, priority, at, step), (xkey, lane)) in rows.iter().zip(&keys) {
        let up = (!shop.is_empty()).then_some("1/");
        cells.extend::<[Cell<'_>; 13]>([
            (*job).into(),
            1.into(),
            (*shop).into(),
            "manual".into(),
            "ann".into(),
            "queued".into(),
            xkey.as_str().into(),
            lane.as_str().into(),
            up.into(),
            (*priority).into(),
            (*at).into(),
            (*step).into(),
            1.into(),
        ]);
    }
    let mut tx = db.begin().await.unwrap();
    tx.insert_many("run", &columns, &cells).await.unwrap();
    tx.commit().await.unwrap();
}

/// Takes one after the other until nothing is left, ending each; the jobs in the order they were taken.
async fn taken_in_order(db: &Db, node: i64) -> Vec<String> {
    let mut order = Vec::new();
    while let Some(run) = claim(db, Claim { limit: 1, ..take(node) }).await.unwrap().pop() {
        order.push(run.job_id.clone());
        finish(db, &[ending(&run, done())]).await.unwrap();
    }
    order
}

db_test! {
    async fn runs_are_taken_by_priority_then_time_then_step_then_age(db: Db) {
        let node = node(&db).await;
        load(&db, &[
            ("late", "a", 0, 20, 10), ("early", "b", 0, 10, 90), ("step2", "c", 0, 15, 20), ("step1", "d", 0, 15, 10),
            ("urgent", "e", 5, 30, 90), ("older", "f", 0, 40, 10), ("younger", "g", 0, 40, 10), ("patient", "h", -5, 1, 1),
        ]).await;
        let expected = ["urgent", "early", "step1", "step2", "late", "older", "younger", "patient"];
        assert_eq!(taken_in_order(&db, node).await, expected, "the order is priority, time, step, age");
    }
}

db_test! {
    async fn one_lane_is_worked_off_one_by_one_in_the_order_of_its_steps(db: Db) {
        let node = node(&db).await;
        load(&db, &[("release", "a", 0, 10, 100), ("import", "a", 0, 10, 10), ("refresh", "a", 0, 10, 40), ("other", "b", 0, 10, 40)]).await;
        let first: HashSet<String> = claim(&db, take(node)).await.unwrap().into_iter().map(|run| run.job_id).collect();
        assert_eq!(first, HashSet::from(["import".to_owned(), "other".to_owned()]), "one run of each lane, the earliest step first");
        assert!(claim(&db, take(node)).await.unwrap().is_empty(), "while a lane is busy nothing of it starts");
        execute(&db, "UPDATE run SET state = 'stopping' WHERE state = 'running'").await.unwrap();
        assert!(claim(&db, take(node)).await.unwrap().is_empty(), "a run that is stopping still holds its lane");
        execute(&db, "UPDATE run SET state = 'cancelled', finished_at = 1 WHERE state = 'stopping'").await.unwrap();
        assert_eq!(taken_in_order(&db, node).await, ["refresh", "release"], "then the rest follows in order");
    }
}

db_test! {
    async fn a_shops_run_waits_for_earlier_steps_of_its_store_and_for_nothing_else(db: Db) {
        let node = node(&db).await;
        load(&db, &[("refresh", "", 0, 10, 40), ("sync", "a", 0, 10, 50), ("import", "b", 0, 10, 10)]).await;
        let mut first: Vec<String> = claim(&db, take(node)).await.unwrap().into_iter().map(|run| run.job_id).collect();
        first.sort();
        assert_eq!(first, ["import", "refresh"], "the later step of a shop waits for the store's own, the earlier one does not");
        finish(&db, &runs(&db).await.iter().filter(|run| run.job_id == "refresh").map(|run| ending(run, done())).collect::<Vec<_>>()).await.unwrap();
        assert_eq!(claim(&db, take(node)).await.unwrap()[0].job_id, "sync", "then the shop goes on");
    }
}

db_test! {
    async fn a_run_for_one_node_is_taken_by_that_node_and_cancelled_when_it_is_gone(db: Db) {
        let store = store(&db).await;
        let (here, there) = (node(&db).await, node(&db).await);
        let for_there = |job: &str| Request { for_node: Some(there), ..wish(store, job) };
        let mine = request(&db, &for_there("A")).await.unwrap().run;
        assert!(claim(&db, take(here)).await.unwrap().is_empty(), "another node leaves it alone");
        assert_eq!(claim(&db, take(there)).await.unwrap()[0].id, mine.id, "its node takes it");
        let left = request(&db, &for_there("B")).await.unwrap().run;
        reap(&db, &[there]).await.unwrap();
        let after = run(&db, left.id).await;
        assert_eq!((after.state, after.reason.as_deref()), (RunState::Cancelled, Some("APP_QUIT")), "nobody would ever take it");
    }
}

db_test! {
    async fn who_waits_for_one_run_takes_just_that_and_its_parts_ahead_of_its_lane_but_never_beside_it(db: Db) {
        let store = store(&db).await;
        let node = node(&db).await;
        asked(&db, store, "A").await;
        let mine = asked(&db, store, "B").await;
        let part = request(&db, &Request { parent_id: Some(mine.id), origin: Origin::Child, ..wish(store, "C") }).await.unwrap().run;
        let only = Claim { only: Some(mine.id), ..take(node) };
        let taken: HashSet<i64> = claim(&db, only).await.unwrap().into_iter().map(|run| run.id).collect();
        assert_eq!(taken, HashSet::from([mine.id, part.id]), "it goes ahead of what is queued in its lane, with its parts");
        let next = asked(&db, store, "D").await;
        assert!(claim(&db, Claim { only: Some(next.id), ..take(node) }).await.unwrap().is_empty(), "but never beside what is at work");
    }
}

db_test! {
    /// On a table nobody has counted yet a planner may run the inner query again for every row.
    async fn a_claim_never_takes_more_than_it_asked_for(db: Db) {
        let (here, there) = (node(&db).await, node(&db).await);
        let shops: Vec<String> = (0..3_000).map(|n| format!("s{n}")).collect();
        let rows: Vec<_> = shops.iter().enumerate().map(|(n, shop)| ("A", shop.as_str(), (n % 7) as i64, (n % 5) as i64, (n % 3) as i64)).collect();
        load(&db, &rows).await;
        for limit in [1, 2, 7, 50] {
            let (one, two) = tokio::join!(claim(&db, Claim { limit, ..take(here) }), claim(&db, Claim { limit, ..take(there) }));
            let (one, two) = (one.unwrap(), two.unwrap());
            assert!(one.len() as i64 <= limit && two.len() as i64 <= limit, "more was taken than the {limit} there are slots for");
            assert!(one.len() as i64 == limit, "there was enough for one node alone");
            let both: HashSet<i64> = one.iter().chain(&two).map(|run| run.id).collect();
            assert_eq!(both.len(), one.len() + two.len(), "two nodes took the same run");
        }
        let (running,): (i64,) = on!(&db, p => sqlx::query_as("SELECT count(*) FROM run WHERE state = 'running'").fetch_one(p).await).unwrap();
        let held = "SELECT count(*) FROM run WHERE node_id IS NOT NULL AND fence = 1";
        let (held,): (i64,) = on!(&db, p => sqlx::query_as(held).fetch_one(p).await).unwrap();
        assert_eq!(running, held, "each taken run was taken once");
    }
}

db_test! {
    async fn equal_runs_are_queued_one_after_the_other(db: Db) {
        let store = store(&db).await;
        let node = node(&db).await;
        for _ in 0..3 {
            asked(&db, store, "A").await;
        }
        assert_eq!(states(&db).await, [RunState::Queued, RunState::Pending, RunState::Pending], "one of each kind is queued");
        assert_eq!(promote(&db).await.unwrap(), 0, "the next waits until the first has started");
        for left in (0..3).rev() {
            let run = claim(&db, take(node)).await.unwrap().remove(0);
            assert_eq!(promote(&db).await.unwrap(), u64::from(left > 0), "then one moves up");
            assert!(claim(&db, take(node)).await.unwrap().is_empty(), "equal runs never overlap");
            finish(&db, &[ending(&run, done())]).await.unwrap();
        }
        assert_eq!(states(&db).await, [RunState::Finished; 3], "all were run");
    }
}

db_test! {
    async fn an_event_joins_one_that_waits_and_follows_one_that_is_at_work(db: Db) {
        let store = store(&db).await;
        let node = node(&db).await;
        let event = Request { origin: Origin::Event, ..wish(store, "A") };
        let first = request(&db, &event).await.unwrap();
        let second = request(&db, &event).await.unwrap();
        assert!(!first.joined && second.joined && second.run.id == first.run.id, "a waiting event run is joined");
        claim(&db, take(node)).await.unwrap();
        assert!(!request(&db, &event).await.unwrap().joined, "one that is at work may have looked already");
    }
}
