//! What the routes and the handle share, and the two tasks of a shop: to answer, and to keep its state.

use std::fs;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::net::TcpListener;
use tokio::sync::{Notify, watch};

use crate::faults::{Faults, Troublemaker};
use crate::http::{Knife, Loopback, Served, router};
use crate::shop::Shop;
use crate::world::World;

/// At most so often the state goes to its file.
const SAVE_PAUSE: Duration = Duration::from_millis(300);
/// Open connections get so long to end when the shop closes.
const GRACE: Duration = Duration::from_millis(500);

/// What the routes and the handle share.
pub(crate) struct Shared {
    pub(crate) world: Mutex<World>,
    pub(crate) base_url: String,
    pub(crate) address: SocketAddr,
    pub(crate) latency: Mutex<Duration>,
    pub(crate) state: Option<PathBuf>,
    pub(crate) wrote: Notify,
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

pub(crate) async fn serve(listener: TcpListener, shared: Arc<Shared>, mut stopped: watch::Receiver<bool>) {
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
pub(crate) async fn keep(shared: Arc<Shared>, mut stopped: watch::Receiver<bool>) {
    loop {
        tokio::select! {
            () = shared.wrote.notified() => {}
            _ = stopped.wait_for(|stop| *stop) => break,
        }
        let began = Instant::now();
        shared.save();
        // No request is answered while a big shop is written down: that must stay the exception.
        let pause = SAVE_PAUSE.max(began.elapsed() * 10);
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            _ = stopped.wait_for(|stop| *stop) => break,
        }
    }
    shared.save();
}

pub(crate) fn read(path: &Path) -> io::Result<Shop> {
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
