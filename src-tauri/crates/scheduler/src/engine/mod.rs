//! The engine: one loop on every node. It wakes when something is due, ticks, promotes, claims, and runs handlers under a
//! lease; it stops by handing back what it is at.

mod alive;
mod clock;
mod endings;
mod event;
mod execute;
mod hand;
mod lease;
mod rounds;
mod run_log;
mod work;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use presell_store::{Db, Result};
use tokio::sync::broadcast::Receiver;
use tokio::sync::oneshot;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::timeout;

use crate::Registry;
use crate::machine::{self, Node};

use alive::Alive;
use hand::{Cause, Ends, Shared};
use run_log::Note;

pub use clock::{Clock, Machine};
pub use event::Event;
pub use run_log::RunLogLayer;
pub use work::Work;

/// How a node works.
#[derive(Clone, Debug)]
pub struct Options {
    /// What it is called.
    pub node: Node,
    /// How long it is trusted without a heartbeat; a third of it is the time between two.
    pub lease: Duration,
    /// How long runs may go on when the node stops, before they are handed back.
    pub grace: Duration,
    /// Only this run and its parts, and no ticks: a command that does its own work.
    pub only: Option<i64>,
    /// Folder for the lock file that proves this process alive; none: no proof, others wait for the lease.
    pub lock_folder: Option<std::path::PathBuf>,
}

/// What stopping did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stopped {
    /// Runs that ended within the grace.
    pub ended: u64,
    /// Runs that were handed back.
    pub handed_back: u64,
}

/// A node that others know of and that can prove that it lives; it does nothing yet.
#[derive(Debug)]
pub struct Joined {
    /// Its key.
    pub node: i64,
    alive: Option<Alive>,
}

impl Joined {
    /// Joins the nodes of a database.
    pub async fn join(db: &Db, options: &Options, clock: &dyn Clock) -> Result<Joined> {
        let node = machine::join(db, &options.node, clock.wall()).await?;
        let alive = match options.lock_folder.as_deref() {
            Some(folder) => Alive::take(db, folder, &options.node.host, node).await,
            None => None,
        };
        Ok(Joined { node, alive })
    }
}

/// A node at work. Dropped without [`Engine::stop`], its runs crash and others recover them.
pub struct Engine {
    shared: Arc<Shared>,
    rounds: JoinHandle<()>,
    tasks: JoinSet<()>,
    /// Listens since before anything could happen.
    first: Mutex<Option<Receiver<Event>>>,
}

impl Engine {
    /// Joins the nodes and begins.
    pub async fn start(db: Db, registry: Arc<dyn Registry>, options: Options) -> Result<Engine> {
        Engine::start_with(db, registry, options, Arc::new(Machine::default())).await
    }

    /// As [`Engine::start`], with another machine clock to watch for jumps.
    pub async fn start_with(
        db: Db,
        registry: Arc<dyn Registry>,
        options: Options,
        clock: Arc<dyn Clock>,
    ) -> Result<Engine> {
        let joined = Joined::join(&db, &options, &*clock).await?;
        Ok(Engine::start_as(joined, db, registry, options, clock))
    }

    /// As [`Engine::start`], for a node that has joined before: a run can then be asked for this node alone before it
    /// starts.
    pub fn start_as(
        joined: Joined,
        db: Db,
        registry: Arc<dyn Registry>,
        options: Options,
        clock: Arc<dyn Clock>,
    ) -> Engine {
        let (shared, Ends { endings, notes }) = Shared::new(db, registry, options, joined, clock);
        let first = Mutex::new(Some(shared.events.subscribe()));
        let mut tasks = JoinSet::new();
        let rounds = tokio::spawn(rounds::go(shared.clone()));
        tasks.spawn(endings::write(shared.clone(), endings));
        tasks.spawn(run_log::write(shared.clone(), notes));
        tasks.spawn(lease::keep(shared.clone()));
        tasks.spawn(hear(shared.clone()));
        Engine { shared, rounds, tasks, first }
    }

    /// The key of this node.
    pub fn node(&self) -> i64 {
        self.shared.node
    }

    /// What happens: all of it since the start for whoever asks first, for others from now on. The node is at work before
    /// anybody can ask.
    pub fn events(&self) -> Receiver<Event> {
        let first = self.first.lock().unwrap_or_else(PoisonError::into_inner).take();
        first.unwrap_or_else(|| self.shared.events.subscribe())
    }

    /// Looks at once, as after an edit in this process.
    pub fn wake(&self) {
        self.shared.wake.notify_one();
    }

    /// Takes nothing new, waits for the grace, hands back the rest.
    pub async fn stop(mut self) -> Stopped {
        let shared = self.shared.clone();
        shared.closed.cancel();
        // A claim on its way shall be known before anything is counted.
        let _ = timeout(Duration::from_secs(2), &mut self.rounds).await;
        self.rounds.abort();
        let at_work = shared.in_hand();
        until_empty(&shared, shared.options.grace).await;
        for hand in shared.hands() {
            hand.cancel(Cause::Quit);
        }
        until_empty(&shared, Duration::from_millis(500)).await;
        let left: Vec<_> = shared.hands();
        for hand in &left {
            hand.abort();
        }
        let (tell, told) = oneshot::channel();
        let last_words = async {
            shared.notes.send(Note::Flush(tell)).await.ok()?;
            told.await.ok()
        };
        let _ = timeout(Duration::from_secs(1), last_words).await;
        self.tasks.abort_all();
        let farewell = async {
            // All that the database believes this node to be at, also what it never learnt that it had.
            let runs = machine::at_work(&shared.db, shared.node).await?;
            let back = machine::hand_back(&shared.db, &runs).await?;
            machine::leave(&shared.db, shared.node).await?;
            shared.db.ring().await?;
            presell_store::Result::Ok(back)
        };
        let handed_back = match timeout(Duration::from_secs(2), farewell).await {
            Ok(Ok(back)) => {
                if let Some(alive) = &shared.alive {
                    alive.give_up();
                }
                back
            }
            // The others see its leases end.
            _ => 0,
        };
        Stopped { ended: at_work.saturating_sub(left.len()) as u64, handed_back }
    }
}

async fn until_empty(shared: &Shared, patience: Duration) {
    let empty = async {
        loop {
            let ended = shared.ended.notified();
            if shared.hands().iter().all(|hand| hand.cause() == Some(Cause::Quit) && hand.is_over()) {
                return;
            }
            ended.await;
        }
    };
    // What is not over by then is handed back.
    let _ = timeout(patience, empty).await;
}

impl Drop for Engine {
    fn drop(&mut self) {
        self.shared.closed.cancel();
        self.rounds.abort();
        // First whoever writes endings: that a handler was dropped here is no end of its run.
        self.tasks.abort_all();
        for hand in self.shared.hands() {
            hand.abort();
        }
    }
}

/// Wakes the loop when somebody rings.
async fn hear(shared: Arc<Shared>) {
    let mut bell = loop {
        match shared.db.listen().await {
            Ok(bell) => break bell,
            Err(error) => {
                tracing::debug!(%error, "no bell yet; polling goes on");
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        }
    };
    loop {
        // At first as if it had rung: before there was a bell it may have.
        shared.wake.notify_one();
        shared.beat.notify_one();
        shared.tell(Event::Changed);
        bell.rung().await;
    }
}
