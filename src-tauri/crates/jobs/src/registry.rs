//! The jobs as the engine sees them: a run's store and parameters are looked up and checked before its handler is called.

use std::sync::Arc;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use presell_catalog::stores::{self, StoresError};
use presell_scheduler::engine::Work;
use presell_scheduler::{Done, Failure, Job, Registry, reason};
use serde_json::{Map, Value};

use crate::task::{Caller, Clock};
use crate::{Handler, Task, Values, definition, find};

/// Every job that can run.
#[derive(Clone, Debug, Default)]
pub struct Jobs {
    clock: Clock,
    caller: Option<Arc<Caller>>,
}

impl Jobs {
    /// For a node that works for everybody.
    pub fn new(clock: Clock) -> Jobs {
        Jobs { clock, caller: None }
    }

    /// For a command whose caller waits for its run.
    pub fn for_caller(clock: Clock, caller: Arc<Caller>) -> Jobs {
        Jobs { clock, caller: Some(caller) }
    }
}

impl Registry for Jobs {
    fn job(&self, id: &str) -> Option<Arc<dyn Job>> {
        let definition = find(id)?;
        let (definition::Work::Here(handler) | definition::Work::AtShops(handler)) = definition.work else {
            return None;
        };
        Some(Arc::new(Handled { parameters: definition.parameters, handler, jobs: self.clone() }))
    }

    fn step(&self, id: &str) -> i64 {
        find(id).map_or(0, |definition| definition.step)
    }

    fn outside(&self, id: &str) -> bool {
        find(id).is_some_and(crate::Definition::outside)
    }
}

/// One job with its handler.
struct Handled {
    parameters: &'static [crate::Parameter],
    handler: Handler,
    jobs: Jobs,
}

impl Job for Handled {
    fn run(&self, work: Work) -> BoxFuture<'static, Result<Done, Failure>> {
        let (parameters, handler, jobs) = (self.parameters, self.handler, self.jobs.clone());
        async move {
            let given: Map<String, Value> = serde_json::from_str(&work.run.params).unwrap_or_default();
            let values = Values::check(parameters, &given).map_err(|bad| {
                let words: Vec<String> = bad.iter().map(ToString::to_string).collect();
                Failure::permanent(reason::BAD_PARAMETERS, words.join(" "))
            })?;
            let store = store(&work).await?;
            handler(Task { work, store, values, clock: jobs.clock, caller: jobs.caller }).await
        }
        .boxed()
    }
}

async fn store(work: &Work) -> Result<presell_catalog::stores::Store, Failure> {
    let mut tx = work.db.begin_read().await?;
    let store = stores::find_by_id(&mut tx, work.run.store_id).await;
    tx.rollback().await?;
    store.map_err(|error| match error {
        StoresError::Store(error) => error.into(),
        other => Failure::permanent("STORE", other.to_string()),
    })
}
