//! Machines that sleep, and clocks that are wrong.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use presell_scheduler::engine::{Clock, Event};
use presell_scheduler::{Done, Millis, RunState};
use presell_store::db_test;

use super::stage::*;
use crate::support::*;

const HOUR: Millis = 3_600_000;

/// The clocks of a machine that sleeps and is set as a test says.
struct Turned {
    start: Instant,
    /// Wall clock ahead of steady time.
    wall: AtomicI64,
    /// So much the wall clock goes on, and steady time does not, between any two looks: the machine sleeps then.
    asleep: AtomicI64,
    /// Steady time ahead of what really passed.
    awake: AtomicI64,
}

impl Turned {
    async fn by(db: &presell_store::Db, ahead: Millis) -> Arc<Turned> {
        let now = db.now().await.unwrap().timestamp_millis();
        Arc::new(Turned {
            start: Instant::now(),
            wall: AtomicI64::new(now + ahead),
            asleep: AtomicI64::new(0),
            awake: AtomicI64::new(0),
        })
    }
}

impl Clock for Turned {
    fn wall(&self) -> Millis {
        self.wall.fetch_add(self.asleep.load(Ordering::SeqCst), Ordering::SeqCst)
            + self.start.elapsed().as_millis() as i64
    }

    fn awake(&self) -> Duration {
        self.start.elapsed() + Duration::from_millis(self.awake.load(Ordering::SeqCst).unsigned_abs())
    }

    fn always(&self) -> Option<Duration> {
        None
    }
}

db_test! {
    async fn a_machine_that_slept_for_eight_hours_runs_each_job_once(db: Db) {
        let store = store(&db).await;
        switched_on(&db, store, "A").await;
        let clock = Turned::by(&db, 0).await;
        let mut node = At::work_by(&db, &Jobs::job("A", async |_| Ok(Done::default())), options("laptop"), clock.clone()).await;
        node.rests(&db, store).await;
        clock.asleep.store(8 * HOUR, Ordering::SeqCst);
        pass(&db, 8 * HOUR).await;
        let (mut noticed, mut ended) = (false, None);
        let state = node.told("it noticed, and ran the job", |event| {
            match event {
                Event::Resumed => noticed = true,
                Event::Ended { state, .. } => ended = Some(state),
                _ => {}
            }
            ended.filter(|_| noticed)
        }).await;
        assert_eq!(state, RunState::Finished, "complaint 6: it runs when the machine is back");
        node.engine.stop().await;
        let rows: Vec<_> = runs(&db).await.iter().map(|run| (run.state, run.covers)).collect();
        assert_eq!(rows, [(RunState::Skipped, 31), (RunState::Finished, 1)], "complaint 6: one run, and one row that tells of the others");
    }
}

db_test! {
    async fn after_the_clock_went_back_nothing_waits_until_it_is_where_it_was(db: Db) {
        let store = store(&db).await;
        switched_on(&db, store, "A").await;
        let clock = Turned::by(&db, 0).await;
        let mut node = At::work_by(&db, &Jobs::job("A", async |_| Ok(Done::default())), options("laptop"), clock.clone()).await;
        node.rests(&db, store).await;
        // An hour passes by steady time and none by the database's clock: that was set back.
        pass(&db, -HOUR).await;
        clock.awake.fetch_add(HOUR, Ordering::SeqCst);
        db.ring().await.unwrap();
        node.told("it noticed", |event| (event == Event::Resumed).then_some(())).await;
        let now = db.now().await.unwrap().timestamp_millis();
        let next = schedule(&db, store, "A").await.next_due_at.unwrap();
        node.engine.stop().await;
        // The anchor itself lies an hour ahead now; the first occurrence without a row is what it waits for.
        assert!(next <= now + HOUR + QUARTER, "the schedule waits for its first occurrence, {} minutes from now", (next - now) / 60_000);
        assert!(runs(&db).await.is_empty(), "complaint 22: nothing fires because of it");
    }
}

db_test! {
    async fn a_node_whose_clock_is_wrong_fires_nothing_early_and_nothing_twice(db: Db) {
        let store = store(&db).await;
        switched_on(&db, store, "A").await;
        pass(&db, QUARTER - 2_000).await;
        let jobs = Jobs::job("A", async |_| Ok(Done::default()));
        let right = At::work(&db, &jobs, options("right")).await;
        let wrong = At::work_by(&db, &jobs, options("wrong"), Turned::by(&db, 300_000).await).await;
        let rows = until(&db, "it ran", |rows| rows.iter().any(|run| run.state == RunState::Finished)).await;
        assert_eq!(rows.len(), 1, "complaint 22: nothing fires twice");
        assert!(rows[0].started_at >= rows[0].due_at, "complaints 22 and 23: nothing fires early");
        let skews = presell_scheduler::machine::nodes(&db, HOUR).await.unwrap();
        assert!(skews.iter().any(|node| node.host == "wrong" && node.skew_ms > 250_000), "the wrong clock is shown to people");
        right.engine.stop().await;
        wrong.engine.stop().await;
    }
}
