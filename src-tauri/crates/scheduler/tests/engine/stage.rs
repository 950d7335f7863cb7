//! Nodes for tests: jobs are closures, and what happens is waited for, not slept for.

use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use presell_scheduler::engine::{Clock, Engine, Event, Machine, Options, Work};
use presell_scheduler::machine::{Node, NodeKind};
use presell_scheduler::schedules::{Edit, save};
use presell_scheduler::{Done, Failure, Job, Registry, Run, RunState};
use presell_store::{Db, on, within};
use tokio::sync::broadcast::{Receiver, error::RecvError};
use tokio::time::timeout;

use crate::support::*;

/// A guard against hanging, not a measure.
const PATIENCE: Duration = Duration::from_secs(40);

pub(super) type Handled = Result<Done, Failure>;

/// A job that is a closure.
struct Acting<F>(F);

impl<F, Fut> Job for Acting<F>
where
    F: Fn(Work) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Handled> + Send + 'static,
{
    fn run(&self, work: Work) -> Pin<Box<dyn Future<Output = Handled> + Send>> {
        Box::pin((self.0)(work))
    }
}

/// The jobs that the nodes of a test can run.
#[derive(Clone, Default)]
pub(super) struct Jobs(HashMap<&'static str, Arc<dyn Job>>);

impl Jobs {
    pub(super) fn job<F, Fut>(id: &'static str, act: F) -> Jobs
    where
        F: Fn(Work) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Handled> + Send + 'static,
    {
        Jobs::default().and(id, act)
    }

    pub(super) fn and<F, Fut>(mut self, id: &'static str, act: F) -> Jobs
    where
        F: Fn(Work) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Handled> + Send + 'static,
    {
        self.0.insert(id, Arc::new(Acting(act)));
        self
    }
}

impl Registry for Jobs {
    fn job(&self, id: &str) -> Option<Arc<dyn Job>> {
        self.0.get(id).cloned()
    }
}

/// With a lease so long that no test waits for it.
pub(super) fn options(host: &str) -> Options {
    Options {
        node: Node { host: host.to_owned(), kind: NodeKind::Daemon, version: "0".to_owned(), slots: 4 },
        lease: Duration::from_secs(60),
        grace: Duration::from_millis(200),
        only: None,
        lock_folder: None,
    }
}

/// A node and what it told.
pub(super) struct At {
    pub(super) engine: Engine,
    events: Receiver<Event>,
}

impl At {
    pub(super) async fn work(db: &Db, jobs: &Jobs, options: Options) -> At {
        At::work_by(db, jobs, options, Arc::new(Machine::default())).await
    }

    pub(super) async fn work_by(db: &Db, jobs: &Jobs, options: Options, clock: Arc<dyn Clock>) -> At {
        let engine = Engine::start_with(db.clone(), Arc::new(jobs.clone()), options, clock).await.unwrap();
        At { events: engine.events(), engine }
    }

    /// Waits until the node tells something that `wanted` makes something of.
    pub(super) async fn told<T>(&mut self, what: &str, mut wanted: impl FnMut(Event) -> Option<T>) -> T {
        let telling = async {
            loop {
                match self.events.recv().await {
                    Ok(event) => {
                        if let Some(found) = wanted(event) {
                            return found;
                        }
                    }
                    Err(RecvError::Lagged(_)) => {}
                    Err(RecvError::Closed) => panic!("the node ended before it told: {what}"),
                }
            }
        };
        timeout(PATIENCE, telling).await.unwrap_or_else(|_| panic!("the node never told: {what}"))
    }

    pub(super) async fn started(&mut self, job: &str) -> i64 {
        let of = |event| match event {
            Event::Started { run, job_id } if job_id == job => Some(run),
            _ => None,
        };
        self.told(&format!("{job} started"), of).await
    }

    /// After this the node has looked, done something, and found nothing more to do. It knows no job of that name.
    pub(super) async fn rests(&mut self, db: &Db, store: i64) {
        asked(db, store, "NOBODY").await;
        self.engine.wake();
        self.ended("NOBODY").await;
        execute(db, "DELETE FROM run WHERE job_id = 'NOBODY'").await.unwrap();
    }

    pub(super) async fn ended(&mut self, job: &str) -> (i64, RunState) {
        let of = |event| match event {
            Event::Ended { run, job_id, state } if job_id == job => Some((run, state)),
            _ => None,
        };
        self.told(&format!("{job} ended"), of).await
    }
}

/// Waits until a row is as wanted; the database announces no such thing.
pub(super) async fn until(db: &Db, what: &str, mut wanted: impl FnMut(&[Run]) -> bool) -> Vec<Run> {
    let looking = async {
        loop {
            let rows = runs(db).await;
            if wanted(&rows) {
                return rows;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    match timeout(PATIENCE, looking).await {
        Ok(rows) => rows,
        Err(_) => panic!("the rows never showed: {what}; they are {:?}", states(db).await),
    }
}

/// A job switched on with a step of a second.
pub(super) async fn every_second(db: &Db, store: i64, job: &str, edit: Edit) {
    switched_on(db, store, job).await;
    save(db, &key(store, job), &Edit { every_ms: Some(1_000), ..edit }, None, &defaults(), "ann").await.unwrap();
}

/// Where handlers leave what they did.
pub(super) async fn effects(db: &Db) {
    execute(db, "CREATE TABLE effect (run_id BIGINT NOT NULL, fence BIGINT NOT NULL)").await.unwrap();
}

/// One effect, in one commit with the end of the run.
pub(super) async fn finish_with_effect(work: &Work) -> Handled {
    let mut tx = work.begin().await?;
    let sql = "INSERT INTO effect (run_id, fence) VALUES ($1, $2)";
    within!(&mut tx, c => sqlx::query(sql).bind(work.run.id).bind(work.run.fence).execute(c).await.map(|_| ()))?;
    work.finish(tx, &Done::default()).await?;
    Ok(Done::default())
}

pub(super) async fn effects_of(db: &Db) -> Vec<(i64, i64)> {
    on!(db, p => sqlx::query_as("SELECT run_id, fence FROM effect ORDER BY run_id").fetch_all(p).await).unwrap()
}
