//! The engine: one loop on every node. It wakes when something is due, ticks, promotes, claims, and runs handlers under a
//! lease; it stops by handing back what it is at.

mod work;

use std::sync::Arc;
use std::time::Duration;

use presell_store::{Db, Result};

use crate::Registry;
use crate::machine::Node;

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

/// A node at work. Dropped without [`Engine::stop`], its runs crash and others recover them.
pub struct Engine {}

/// What happens, for whoever shows it. A slow listener misses old ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A run was queued, started, progressed or ended, or a schedule moved on.
    Changed,
    /// A run started.
    Started {
        /// The run.
        run: i64,
        /// The job.
        job_id: String,
    },
    /// A run ended.
    Ended {
        /// The run.
        run: i64,
        /// The job.
        job_id: String,
        /// Its state.
        state: crate::RunState,
    },
    /// A crashed run of another node was recovered.
    Recovered {
        /// The run.
        run: i64,
        /// Who was at it.
        from: String,
    },
    /// The machine slept, or its clock jumped.
    Resumed,
    /// The database does not answer; tried again until it does.
    DatabaseAway {
        /// What it said.
        cause: String,
    },
}

/// What stopping did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stopped {
    /// Runs that ended within the grace.
    pub ended: u64,
    /// Runs that were handed back.
    pub handed_back: u64,
}

impl Engine {
    /// Joins the nodes and begins.
    pub async fn start(_db: Db, _registry: Arc<dyn Registry>, _options: Options) -> Result<Engine> {
        unimplemented!()
    }

    /// The key of this node.
    pub fn node(&self) -> i64 {
        unimplemented!()
    }

    /// What happens from now on.
    pub fn events(&self) -> tokio::sync::broadcast::Receiver<Event> {
        unimplemented!()
    }

    /// Looks at once, as after an edit in this process.
    pub fn wake(&self) {
        unimplemented!()
    }

    /// Takes nothing new, waits for the grace, hands back the rest.
    pub async fn stop(self) -> Stopped {
        unimplemented!()
    }
}
