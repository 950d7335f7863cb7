//! The demo shop started and held: in a test, behind the command line, or within the app.

use std::io;
use std::net::Ipv4Addr;
use std::ops::{Deref, DerefMut};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::{Notify, watch};
use tokio::task::JoinHandle;

use crate::answer::Call;
use crate::clock::Clock;
use crate::faults::{Faults, Troublemaker};
use crate::journal::{Journal, Write};
use crate::shared::{Shared, keep, read, serve};
use crate::shop::Shop;
use crate::world::World;

/// How to start.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The port on loopback; 0 takes a free one.
    pub port: u16,
    /// The shop to begin with; a state file that exists goes before it.
    pub shop: Option<Shop>,
    /// Where the state is kept between two starts.
    pub state: Option<PathBuf>,
    /// Where every write is kept as a line of JSON, besides in memory.
    pub journal: Option<PathBuf>,
    /// The trouble to begin with.
    pub faults: Faults,
    /// How long every answer takes at least.
    pub latency: Duration,
    /// Which time it is in the shop.
    pub clock: Clock,
}

/// Why the demo shop cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The port is taken, or loopback is not there.
    #[error("The demo shop cannot listen on port {0}: {1}. Is another one running? Choose another port.")]
    Listen(u16, io::Error),
    /// The state cannot be read or written.
    #[error("The state of the demo shop in {0} cannot be read: {1}. Move the file away to begin with a new shop.")]
    State(PathBuf, io::Error),
    /// The journal cannot be opened.
    #[error("The journal of the demo shop cannot be written to {0}: {1}")]
    Journal(PathBuf, io::Error),
}

/// A demo shop at work. It closes when this is dropped; [`Simulator::shutdown`] also waits for it and saves.
#[derive(Debug)]
pub struct Simulator {
    shared: Arc<Shared>,
    stop: watch::Sender<bool>,
    tasks: Vec<JoinHandle<()>>,
}

impl Simulator {
    /// Starts a shop on loopback.
    ///
    /// # Errors
    /// The port is taken, or a file cannot be used.
    pub async fn start(options: Options) -> Result<Self, StartError> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port)).await;
        let listener = listener.map_err(|e| StartError::Listen(options.port, e))?;
        let address = listener.local_addr().map_err(|e| StartError::Listen(options.port, e))?;
        let kept = options.state.as_deref().filter(|path| path.exists());
        let shop = match (kept, options.shop) {
            (Some(path), _) => read(path).map_err(|e| StartError::State(path.to_owned(), e))?,
            (None, Some(shop)) => shop,
            (None, None) => Shop::new(),
        };
        let journal = match &options.journal {
            Some(path) => Journal::with_file(path).map_err(|e| StartError::Journal(path.clone(), e))?,
            None => Journal::default(),
        };
        let world = World::new(shop, options.clock, journal, Troublemaker::new(options.faults));
        let shared = Arc::new(Shared {
            world: Mutex::new(world),
            base_url: format!("http://{address}"),
            address,
            latency: Mutex::new(options.latency),
            state: options.state,
            wrote: Notify::new(),
        });
        let (stop, stopped) = watch::channel(false);
        let mut tasks = vec![tokio::spawn(serve(listener, shared.clone(), stopped.clone()))];
        if shared.state.is_some() {
            tasks.push(tokio::spawn(keep(shared.clone(), stopped)));
        }
        Ok(Self { shared, stop, tasks })
    }

    /// Where it answers: `http://127.0.0.1:PORT`.
    pub fn base_url(&self) -> &str {
        self.shared.base_url()
    }

    /// The port it listens on.
    pub fn port(&self) -> u16 {
        self.shared.address.port()
    }

    /// The shop, to look into and to change as other people do. No request is answered while it is held.
    pub fn shop(&self) -> Held<'_> {
        let mut world = self.shared.world();
        world.look_at_the_clock();
        Held { world, shared: &self.shared }
    }

    /// The plan of faults that is at work.
    pub fn faults(&self) -> Faults {
        self.shared.world().trouble.faults().clone()
    }

    /// From now on this trouble; `Faults::default()` ends all of it.
    pub fn set_faults(&self, faults: Faults) {
        self.shared.set_faults(faults);
    }

    /// How often each fault of the plan has struck.
    pub fn struck(&self) -> Vec<u64> {
        self.shared.world().trouble.struck().to_vec()
    }

    /// Every write so far, oldest first.
    pub fn journal(&self) -> Vec<Write> {
        self.shared.world().journal.writes().to_vec()
    }

    /// How many requests came in, and how many of them were throttled.
    pub fn requests(&self) -> (u64, u64) {
        let world = self.shared.world();
        (world.requests, world.throttled)
    }

    /// How long every answer takes at least, from now on.
    pub fn set_latency(&self, latency: Duration) {
        *self.shared.latency.lock().unwrap_or_else(PoisonError::into_inner) = latency;
    }

    /// One call of the API without a network, for tests in a time of their own: status and body. What only a network can
    /// do to an answer does not happen here.
    pub fn call(&self, version: &str, token: &str, request: &Value) -> (u16, Value) {
        let body = request.to_string();
        let call = Call { version, token, body: body.as_bytes(), base_url: self.base_url() };
        let reply = self.shared.world().graphql(&call);
        self.shared.wrote();
        (reply.status, serde_json::from_slice(&reply.body).unwrap_or_default())
    }

    /// Closes the shop, and saves its state if it has a file.
    pub async fn shutdown(mut self) {
        self.stop.send_replace(true);
        for task in self.tasks.drain(..) {
            let _ = task.await;
        }
    }

    /// Returns once somebody else has closed the shop; the command line waits here.
    pub async fn closed(&mut self) {
        for task in &mut self.tasks {
            let _ = task.await;
        }
        self.tasks.clear();
    }
}

/// The shop while somebody holds it.
pub struct Held<'a> {
    world: MutexGuard<'a, World>,
    shared: &'a Shared,
}

impl Deref for Held<'_> {
    type Target = Shop;

    fn deref(&self) -> &Shop {
        &self.world.shop
    }
}

impl DerefMut for Held<'_> {
    fn deref_mut(&mut self) -> &mut Shop {
        &mut self.world.shop
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        self.world.note_others();
        self.shared.wrote.notify_one();
    }
}
