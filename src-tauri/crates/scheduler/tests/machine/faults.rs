//! A node dies at every point of its work, and another goes on: before any of its writes is committed, and right after each commit,
//! when it never learns that it went through. Enumerated, not drawn by chance.

use presell_scheduler::machine::{
    Ending, at_work as held, claim, finish, finish_in, hand_back, heartbeat, hold, promote, reap, tick,
};
use presell_scheduler::schedules::{Edit, Key, enable, find, save};
use presell_scheduler::{Run, RunState};
use presell_store::{Db, Result, db_test, on, within};

use crate::support::*;

/// Counts writes to schedules, runs and effects, and refuses the one whose turn it is; with none left it refuses nothing.
async fn fuse(db: &Db) {
    execute(db, "CREATE TABLE effect (run_id BIGINT NOT NULL, fence BIGINT NOT NULL)").await.unwrap();
    execute(db, "CREATE TABLE fuse (writes BIGINT)").await.unwrap();
    execute(db, "INSERT INTO fuse VALUES (NULL)").await.unwrap();
    let pieces: &[&'static str] = if db.is_postgres() {
        &[
            "CREATE FUNCTION burn() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
               UPDATE fuse SET writes = writes - 1;
               IF (SELECT writes FROM fuse) = 0 THEN RAISE EXCEPTION 'the fuse is burnt'; END IF;
               RETURN NULL; END $$",
            "CREATE TRIGGER a AFTER INSERT OR UPDATE ON run FOR EACH ROW EXECUTE FUNCTION burn()",
            "CREATE TRIGGER a AFTER INSERT OR UPDATE ON schedule FOR EACH ROW EXECUTE FUNCTION burn()",
            "CREATE TRIGGER a AFTER INSERT ON effect FOR EACH ROW EXECUTE FUNCTION burn()",
        ]
    } else {
        &[
            "CREATE TRIGGER a AFTER INSERT ON run BEGIN UPDATE fuse SET writes = writes - 1; SELECT RAISE(ABORT, 'burnt') FROM fuse WHERE writes = 0; END",
            "CREATE TRIGGER b AFTER UPDATE ON run BEGIN UPDATE fuse SET writes = writes - 1; SELECT RAISE(ABORT, 'burnt') FROM fuse WHERE writes = 0; END",
            "CREATE TRIGGER c AFTER UPDATE ON schedule BEGIN UPDATE fuse SET writes = writes - 1; SELECT RAISE(ABORT, 'burnt') FROM fuse WHERE writes = 0; END",
            "CREATE TRIGGER d AFTER INSERT ON effect BEGIN UPDATE fuse SET writes = writes - 1; SELECT RAISE(ABORT, 'burnt') FROM fuse WHERE writes = 0; END",
        ]
    };
    for sql in pieces {
        execute(db, sql).await.unwrap();
    }
}

async fn light(db: &Db, writes: Option<i64>) {
    on!(db, p => sqlx::query("UPDATE fuse SET writes = $1").bind(writes).execute(p).await.map(|_| ())).unwrap();
}

/// The work of a handler: an effect and the end of its run in one commit.
async fn commit_work(db: &Db, run: &Run) -> Result<()> {
    let mut tx = db.begin().await?;
    if hold(&mut tx, run).await? {
        let sql = "INSERT INTO effect (run_id, fence) VALUES ($1, $2)";
        within!(&mut tx, c => sqlx::query(sql).bind(run.id).bind(run.fence).execute(c).await.map(|_| ()))?;
        if finish_in(&mut tx, &ending(run, done())).await? {
            return tx.commit().await;
        }
    }
    tx.rollback().await
}

/// A node's work in steps, with what it remembers between them.
#[derive(Default)]
struct Life {
    node: i64,
    taken: Vec<Run>,
}

const STEPS: usize = 9;

impl Life {
    async fn step(&mut self, db: &Db, step: usize) -> Result<()> {
        let of = |job: &str| -> Vec<Run> { self.taken.iter().filter(|run| run.job_id == job).cloned().collect() };
        match step {
            0 => drop(reap(db, &[]).await?),
            1 => drop(tick(db, &ticks(db).await).await?),
            2 => drop(promote(db).await?),
            3 => self.taken = claim(db, take(self.node)).await?,
            4 => drop(heartbeat(db, self.node, 30_000).await?),
            5 => {
                for run in of("WORKS") {
                    commit_work(db, &run).await?;
                }
            }
            6 => {
                drop(finish(db, &of("FAILS").iter().map(|run| ending(run, unlucky())).collect::<Vec<Ending>>()).await?);
            }
            7 => {
                // The lease of one run is over while its node still lives.
                execute(db, "UPDATE run SET lease_until = 1 WHERE job_id = 'HANGS' AND state = 'running'").await?;
                reap(db, &[]).await?;
            }
            _ => drop(hand_back(db, &held(db, self.node).await?).await?),
        }
        Ok(())
    }
}

const JOBS: [&str; 4] = ["WORKS", "FAILS", "HANGS", "QUITS"];

/// Jobs of one shop take turns; each of these has a shop of its own, so that all are at work together.
fn own(store: i64, job: &str) -> Key {
    Key { shop_id: job.to_owned(), ..key(store, job) }
}

async fn scene(db: &Db, store: i64) {
    for sql in ["DELETE FROM run", "DELETE FROM schedule", "DELETE FROM effect"] {
        execute(db, sql).await.unwrap();
    }
    for job in JOBS {
        save(db, &own(store, job), &Edit::default(), None, &defaults(), "ann").await.unwrap();
        enable(db, &own(store, job), "ann").await.unwrap();
    }
    pass(db, 2 * QUARTER + 120_000).await;
}

/// Another node, at work until nothing is open. Time passes for it.
async fn survivor(db: &Db, why: &str) {
    light(db, None).await;
    let node = node(db).await;
    for _ in 0..12 {
        pass(db, 31_000).await;
        reap(db, &[]).await.unwrap();
        tick_all(db).await;
        promote(db).await.unwrap();
        for run in claim(db, take(node)).await.unwrap() {
            commit_work(db, &run).await.unwrap();
        }
        if runs(db).await.iter().all(|run| run.state.is_ended()) && ticks(db).await.is_empty() {
            return;
        }
    }
    panic!("S4: a run never ends, {why}: {:?}", states(db).await);
}

async fn check(db: &Db, store: i64, why: &str) {
    let rows = runs(db).await;
    let effects: Vec<(i64, i64)> =
        on!(db, p => sqlx::query_as("SELECT run_id, fence FROM effect").fetch_all(p).await).unwrap();
    for job in JOBS {
        let schedule = find(db, &own(store, job)).await.unwrap().unwrap();
        let of: Vec<&Run> = rows.iter().filter(|run| run.job_id == job).collect();
        let firsts: Vec<&&Run> = of.iter().filter(|run| run.seq == 1).collect();
        let mut dues: Vec<i64> = firsts.iter().map(|run| run.due_at.unwrap()).collect();
        dues.sort_unstable();
        dues.dedup();
        assert_eq!(dues.len(), firsts.len(), "S1: an occurrence of {job} has two first rows, {why}");
        let covered: i64 = firsts.iter().map(|run| run.covers).sum();
        let fell_due = (schedule.next_due_at.unwrap() - schedule.anchor_at) / QUARTER - 1;
        assert_eq!(covered, fell_due, "S2: an occurrence of {job} is missing, or there twice, {why}");
        for due in dues {
            let done = of.iter().filter(|run| run.due_at == Some(due) && run.state == RunState::Finished).count();
            let skipped = of.iter().any(|run| run.due_at == Some(due) && run.state == RunState::Skipped);
            assert!(done == 1 || (done == 0 && skipped), "{job} did its work {done} times for one occurrence, {why}");
        }
    }
    for run in &rows {
        assert!(run.state.is_ended(), "S4: a run is still {}, {why}", run.state);
        let left = effects.iter().filter(|(id, _)| *id == run.id).count();
        assert_eq!(
            left,
            usize::from(run.state == RunState::Finished),
            "S5: a run that is {} left {left} effects, {why}",
            run.state
        );
        assert!(
            run.started_at.is_none_or(|at| at >= run.available_at && Some(at) >= run.due_at),
            "S6: a run started early, {why}"
        );
    }
    for (id, fence) in effects {
        assert!(rows.iter().any(|run| run.id == id && run.fence == fence), "S5: a stale fence left an effect, {why}");
    }
}

/// A life up to and with `last`, or until a write is refused; whether one was.
async fn live(db: &Db, last: usize) -> bool {
    let mut life = Life { node: node(db).await, ..Life::default() };
    for step in 0..=last {
        if life.step(db, step).await.is_err() {
            return true;
        }
    }
    false
}

db_test! {
    async fn whatever_was_committed_before_a_node_died_another_goes_on_from_there(db: Db) {
        let store = store(&db).await;
        fuse(&db).await;
        for last in 0..STEPS {
            scene(&db, store).await;
            live(&db, last).await;
            let why = format!("after a node died behind step {last}");
            survivor(&db, &why).await;
            check(&db, store, &why).await;
        }
    }
}

db_test! {
    async fn wherever_a_write_fails_nothing_is_half_done_and_another_goes_on(db: Db) {
        let store = store(&db).await;
        fuse(&db).await;
        let (mut failed, mut whole) = (0, 0);
        for write in 1.. {
            scene(&db, store).await;
            light(&db, Some(write)).await;
            if !live(&db, STEPS - 1).await {
                light(&db, None).await;
                // A stall can make one life short of writes; three in a row have none left to fail.
                whole += 1;
                if whole == 3 {
                    break;
                }
                continue;
            }
            (failed, whole) = (failed + 1, 0);
            let why = format!("after write {write} failed");
            survivor(&db, &why).await;
            check(&db, store, &why).await;
        }
        assert!(failed > 20, "a life has many writes, and each was made to fail, not just {failed}");
    }
}
