//! The demo shop started and held: in a test, behind the command line, or within the app.

use std::fs;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::ops::{Deref, DerefMut};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::{Notify, watch};
use tokio::task::JoinHandle;

use crate::answer::Call;
use crate::clock::Clock;
use crate::faults::{Faults, Troublemaker};
use crate::http::{Knife, Loopback, Served, router};
use crate::journal::{Journal, Write};
use crate::shop::Shop;
use crate::world::World;

/// At most so often the state goes to its file.
const SAVE_PAUSE: Duration = Duration::from_millis(300);
/// Open connections get so long to end when the shop closes.
const GRACE: Duration = Duration::from_millis(500);

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
        let shop = match options.state.as_deref().filter(|path| path.exists()) {
            Some(path) => read(path).map_err(|e| StartError::State(path.to_owned(), e))?,
            None => options.shop.unwrap_or_else(Shop::new),
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

/// What the routes and the handle share.
pub(crate) struct Shared {
    world: Mutex<World>,
    base_url: String,
    address: SocketAddr,
    latency: Mutex<Duration>,
    state: Option<PathBuf>,
    wrote: Notify,
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "demo shop at {}", self.base_url)
    }
}

impl Shared {
    /// A request that panicked has broken nothing that the next one could not live with.
    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn base_url(&self) -> &str {
        &self.base_url
    }

    pub(crate) fn latency(&self) -> Duration {
        *self.latency.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn set_faults(&self, faults: Faults) {
        self.world().trouble = Troublemaker::new(faults);
    }

    pub(crate) fn wrote(&self) {
        self.wrote.notify_one();
    }

    fn save(&self) {
        let Some(path) = &self.state else { return };
        let text = {
            let mut world = self.world();
            if !std::mem::take(&mut world.unsaved) && path.exists() {
                return;
            }
            serde_json::to_string(&world.shop)
        };
        if let Err(error) = text.map_err(io::Error::other).and_then(|text| write(path, &text)) {
            tracing::warn!(%error, path = %path.display(), "the state of the demo shop cannot be saved");
        }
    }
}

async fn serve(listener: TcpListener, shared: Arc<Shared>, mut stopped: watch::Receiver<bool>) {
    let mut also_stopped = stopped.clone();
    let service = router(Served(shared)).into_make_service_with_connect_info::<Knife>();
    let ended = async move {
        let _ = stopped.wait_for(|stop| *stop).await;
    };
    let serving = axum::serve(Loopback(listener), service).with_graceful_shutdown(ended).into_future();
    let patience = async move {
        let _ = also_stopped.wait_for(|stop| *stop).await;
        tokio::time::sleep(GRACE).await;
    };
    tokio::select! {
        ended = serving => if let Err(error) = ended { tracing::error!(%error, "the demo shop ended") },
        () = patience => {}
    }
}

/// Saves after a write, not after each of a burst.
async fn keep(shared: Arc<Shared>, mut stopped: watch::Receiver<bool>) {
    loop {
        tokio::select! {
            () = shared.wrote.notified() => {}
            _ = stopped.wait_for(|stop| *stop) => break,
        }
        shared.save();
        tokio::select! {
            () = tokio::time::sleep(SAVE_PAUSE) => {}
            _ = stopped.wait_for(|stop| *stop) => break,
        }
    }
    shared.save();
}

fn read(path: &Path) -> io::Result<Shop> {
    let mut shop: Shop = serde_json::from_slice(&fs::read(path)?)?;
    shop.find_again();
    Ok(shop)
}

/// Whole or not at all.
fn write(path: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let beside = path.with_extension("new");
    fs::write(&beside, text)?;
    fs::rename(beside, path)
}
