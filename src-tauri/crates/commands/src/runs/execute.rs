//! A run in this very process, for whoever waits for it; and nodes that work for everybody.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use presell_jobs::{Caller, Definition, Jobs, TIMEOUT_MS};
use presell_scheduler::engine::{Engine, Event, Joined, Machine as MachineClock, Options};
use presell_scheduler::machine::{Node, NodeKind};
use presell_scheduler::runs::{self, Request};
use presell_scheduler::{Origin, Run, Schedule, schedules};

use crate::jobs::key;
use crate::{App, Error, Result};

/// The computer that Presell runs on.
#[derive(Clone, Debug, Default)]
pub struct Machine {
    /// Its name.
    pub host: String,
    /// Folder for the lock files that prove processes alive; none: others wait for their leases.
    pub locks: Option<PathBuf>,
}

/// How long a node is trusted without a word.
const LEASE: Duration = Duration::from_secs(30);
/// A run that waits for a part of its own needs a second slot.
const SLOTS: i64 = 2;
/// Between two looks at a run whose end was not heard.
const LOOK: Duration = Duration::from_secs(1);

/// Starts a node that works for everybody until it is stopped. `grace`: how long runs may go on then.
pub(crate) async fn start_node(app: &App, kind: NodeKind, slots: i64, grace: Duration) -> Result<Engine> {
    let options = Options {
        node: node(app, kind, slots),
        lease: LEASE,
        grace,
        only: None,
        lock_folder: app.machine.locks.clone(),
    };
    Ok(Engine::start(app.db.clone(), Arc::new(Jobs::new(app.clock)), options).await?)
}

fn node(app: &App, kind: NodeKind, slots: i64) -> Node {
    Node { host: app.machine.host.clone(), kind, version: env!("CARGO_PKG_VERSION").to_owned(), slots }
}

/// Runs a job once, here and now, with these parameters (checked by the caller), and waits until it has ended. It takes
/// its turn behind what is at work for the same store; a trial, `beside`, need not. Interrupted, the run is stopped.
pub(crate) async fn execute(
    app: &App,
    job: &Definition,
    params: String,
    beside: bool,
    caller: Arc<Caller>,
    interrupted: impl Future<Output = ()>,
) -> Result<Run> {
    let key = key(app, job).await?;
    let schedule = schedules::find(&app.db, &key).await?;
    let clock = Arc::new(MachineClock::default());
    let (node, lock_folder) = (node(app, NodeKind::Command, SLOTS), app.machine.locks.clone());
    let options = Options { node, lease: LEASE, grace: Duration::ZERO, only: None, lock_folder };
    // Before there is a run: whoever finds one of a dead node must be able to tell.
    let joined = Joined::join(&app.db, &options, &*clock).await?;
    let request = Request {
        params,
        step: job.step,
        outside: job.outside(),
        timeout_ms: schedule.as_ref().map_or(TIMEOUT_MS, |s| s.timeout_ms),
        // Whoever waits sees the failure and decides; nobody is here for another attempt.
        schedule: schedule.map(|s| Schedule { max_attempts: 1, ..s }),
        beside,
        for_node: Some(joined.node),
        ..Request::new(job.id, key.store_id, Origin::Manual, &app.actor)
    };
    let run = runs::request(&app.db, &request).await?.run.id;
    let options = Options { only: Some(run), ..options };
    let jobs = Arc::new(Jobs::for_caller(app.clock, caller));
    let engine = Engine::start_as(joined, app.db.clone(), jobs, options, clock);
    let ended = until_ended(app, &engine, run, interrupted).await;
    engine.stop().await;
    ended
}

async fn until_ended(app: &App, engine: &Engine, id: i64, interrupted: impl Future<Output = ()>) -> Result<Run> {
    let mut events = engine.events();
    let mut interrupted = std::pin::pin!(interrupted);
    let mut asked = false;
    loop {
        let run = runs::find(&app.db, id).await?.ok_or_else(|| Error::failed(format!("Run {id} is gone.")))?;
        if run.state.is_ended() {
            return Ok(run);
        }
        tokio::select! {
            () = ended(&mut events, id) => {}
            () = tokio::time::sleep(LOOK) => {}
            () = &mut interrupted, if !asked => {
                asked = true;
                runs::stop(&app.db, id, &app.actor).await?;
                engine.wake();
                app.db.ring().await?;
            }
        }
    }
}

/// Waits for the end of a run; one that was not heard is found by looking.
async fn ended(events: &mut tokio::sync::broadcast::Receiver<Event>, id: i64) {
    loop {
        match events.recv().await {
            Ok(Event::Ended { run, .. } | Event::Stale { run }) if run == id => return,
            Err(tokio::sync::broadcast::error::RecvError::Closed) => std::future::pending().await,
            _ => {}
        }
    }
}
