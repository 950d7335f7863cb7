//! A store whose jobs a node in this process runs.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use presell_catalog::stores::{self, Store};
use presell_imports::headers::Kind;
use presell_imports::{Progress, Request as Import, import};
use presell_jobs::{Clock, Jobs, find};
use presell_scheduler::engine::{Engine, Options};
use presell_scheduler::machine::{Node, NodeKind};
use presell_scheduler::runs::{self, Request};
use presell_scheduler::{Origin, Run};
use presell_store::{Db, on};
use serde_json::Value;

/// A store and a node.
pub(crate) struct House {
    pub(crate) db: Db,
    pub(crate) store: Store,
    engine: Engine,
}

impl House {
    pub(crate) async fn new(db: Db) -> House {
        let now = db.now().await.unwrap();
        let store = stores::find_or_create(&db, "default", chrono_tz::Tz::UTC, now).await.unwrap();
        let options = Options {
            node: Node { host: "here".to_owned(), kind: NodeKind::Daemon, version: "0".to_owned(), slots: 4 },
            lease: Duration::from_secs(30),
            grace: Duration::from_secs(1),
            only: None,
            lock_folder: None,
        };
        let engine = Engine::start(db.clone(), Arc::new(Jobs::new(Clock::Database)), options).await.unwrap();
        House { db, store, engine }
    }

    /// Runs a job with these parameters and waits for its end.
    pub(crate) async fn run(&self, job: &str, params: Value) -> Run {
        let request = Request {
            params: params.to_string(),
            step: find(job).map_or(0, |job| job.step),
            ..Request::new(job, self.store.id, Origin::Manual, "ann")
        };
        let mut events = self.engine.events();
        let id = runs::request(&self.db, &request).await.unwrap().run.id;
        self.engine.wake();
        let ended = async {
            loop {
                let run = runs::find(&self.db, id).await.unwrap().unwrap();
                if run.state.is_ended() {
                    return run;
                }
                // Whatever happened, the row tells.
                let _ = tokio::time::timeout(Duration::from_secs(1), events.recv()).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(60), ended).await.unwrap_or_else(|_| panic!("{job} never ended"))
    }

    /// Brings in a file, as a person does.
    pub(crate) async fn import(&self, kind: Kind, path: &Path) {
        let now = self.db.now().await.unwrap();
        let request = Import { confirm: true, create: Some(true), ..Import::new(kind, path) };
        let report = import(&self.db, &self.store, &request, now, &Progress::default()).await.unwrap();
        assert_eq!(report.refused, 0, "the file of a test is taken whole: {:?}", report.problems);
    }

    /// One whole number from the database.
    pub(crate) async fn number(&self, sql: &'static str) -> i64 {
        on!(&self.db, p => sqlx::query_as::<_, (i64,)>(sql).fetch_one(p).await).unwrap().0
    }

    /// A promise date so many days from now.
    pub(crate) async fn day(&self, days: u64) -> String {
        let today = self.store.today(self.db.now().await.unwrap());
        today.checked_add_days(chrono::Days::new(days)).unwrap().to_string()
    }

    pub(crate) async fn stop(self) {
        self.engine.stop().await;
    }
}

/// What a run reports.
pub(crate) fn result(run: &Run) -> Value {
    serde_json::from_str(run.result.as_deref().unwrap_or("null")).unwrap()
}

/// The counts of a run.
pub(crate) fn counts(run: &Run) -> presell_scheduler::Counts {
    serde_json::from_str(run.counts.as_deref().expect("a run that ended well has counts")).unwrap()
}
