//! The watched folder, watched: a file that arrives is taken at once, not at the next occurrence of its job, which is only
//! the safety net.
//!
//! No arrival is lost. A folder is first watched and then looked into, so that what lay there before is found by the look,
//! and what comes later is told. And an arrival is owed until its run is asked for, whatever else happens meanwhile.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use notify::event::ModifyKind;
use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher};
use presell_scheduler::Schedule;
use presell_scheduler::engine::Event;
use presell_scheduler::schedules::enabled;
use presell_store::{Db, Result};
use serde_json::Value;
use tokio::sync::Notify;
use tokio::sync::broadcast::{Receiver, error::RecvError};
use tokio::time::sleep;

use crate::events::ask;
use crate::files::import_files::{self, DEFINITION};

/// Files come in bursts; one run takes them all.
const BREATH: Duration = Duration::from_millis(200);
/// Between two tries while the database does not answer.
const PAUSE: Duration = Duration::from_secs(2);

/// Watches the folders of the import jobs that are switched on, and asks for a run wherever files arrive, until the node
/// whose events these are is gone. A folder that cannot be watched is left to its schedule.
pub async fn watch(db: Db, mut events: Receiver<Event>) {
    let mut inbox = Inbox::new(db);
    loop {
        if let Err(error) = inbox.attend().await {
            tracing::warn!(%error, "the watched folders could not be attended to; trying again");
            sleep(PAUSE).await;
            continue;
        }
        // What loses the race is only a wait; nothing that was begun is given up.
        tokio::select! {
            () = inbox.arrived.notified() => {
                inbox.owed = true;
                sleep(BREATH).await;
            }
            there = changed(&mut events) => if !there {
                return;
            },
        }
    }
}

/// Waits until schedules may have changed; false: there is no node any more.
async fn changed(events: &mut Receiver<Event>) -> bool {
    loop {
        match events.recv().await {
            Ok(Event::Changed) | Err(RecvError::Lagged(_)) => return true,
            Ok(_) => {}
            Err(RecvError::Closed) => return false,
        }
    }
}

struct Inbox {
    db: Db,
    watcher: Option<RecommendedWatcher>,
    watched: Watched,
    arrived: Arc<Notify>,
    /// Something arrived for which no run is asked yet.
    owed: bool,
}

impl Inbox {
    fn new(db: Db) -> Inbox {
        let (watched, arrived) = (Watched::default(), Arc::new(Notify::new()));
        let (seen, tell) = (watched.clone(), arrived.clone());
        let watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
            // Reading a file, as the job itself does, is no arrival. After an error some may be missing.
            if !event.as_ref().is_ok_and(|event| event.kind.is_access()) {
                seen.forget_replaced(event.as_ref());
                tell.notify_one();
            }
        });
        let watcher =
            watcher.inspect_err(|error| tracing::warn!(%error, "no folder is watched; schedules look into them"));
        Inbox { db, watcher: watcher.ok(), watched, arrived, owed: false }
    }

    /// Watches what is to be watched now, and asks for the runs that are owed.
    async fn attend(&mut self) -> Result<()> {
        let schedules = enabled(&self.db, DEFINITION.id).await?;
        let folders = schedules.iter().filter_map(folder);
        self.owed |= self.watch(folders.flat_map(|folder| import_files::places(&folder)).collect());
        if !self.owed {
            return Ok(());
        }
        for schedule in schedules {
            if folder(&schedule).is_some_and(|folder| import_files::anything_waits(&folder)) {
                ask(&self.db, schedule, &DEFINITION, "watched folder").await?;
            }
        }
        self.owed = false;
        Ok(())
    }

    /// Whether any is watched that was not before. Only these folders, none in them: what a run puts into `done` and
    /// `refused` is no arrival.
    fn watch(&mut self, wanted: BTreeSet<PathBuf>) -> bool {
        let Some(watcher) = &mut self.watcher else { return false };
        // Noted before it is watched: if it is replaced meanwhile, the note is gone, and it is watched once more.
        let before = std::mem::replace(&mut *self.watched.lock(), wanted.clone());
        for folder in before.difference(&wanted) {
            // One that is gone is watched no more anyway.
            let _ = watcher.unwatch(folder);
        }
        let mut any = false;
        for folder in wanted.difference(&before) {
            any = true;
            if let Err(error) = watcher.watch(folder, RecursiveMode::NonRecursive) {
                tracing::warn!(folder = %folder.display(), %error, "the folder is not watched; its schedule looks into it");
            }
        }
        any
    }
}

/// The folders that are watched. A watch holds on to the folder itself, not to its name.
#[derive(Clone, Default)]
struct Watched(Arc<Mutex<BTreeSet<PathBuf>>>);

impl Watched {
    fn lock(&self) -> MutexGuard<'_, BTreeSet<PathBuf>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Where a name now may mean another folder, or none, that one is to be watched anew.
    fn forget_replaced(&self, event: std::result::Result<&notify::Event, &notify::Error>) {
        match event {
            Ok(event) if event.need_rescan() => self.lock().clear(),
            Ok(event) => {
                use EventKind::{Create, Modify, Remove};
                if matches!(event.kind, Create(_) | Remove(_) | Modify(ModifyKind::Name(_))) {
                    let mut watched = self.lock();
                    event.paths.iter().for_each(|path| _ = watched.remove(path));
                }
            }
            Err(error) => tracing::debug!(%error, "something may have happened in a watched folder"),
        }
    }
}

fn folder(schedule: &Schedule) -> Option<PathBuf> {
    let params: Value = serde_json::from_str(&schedule.params).ok()?;
    Some(Path::new(params["importPath"].as_str()?).to_owned()).filter(|folder| folder.is_dir())
}
