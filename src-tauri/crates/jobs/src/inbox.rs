//! The watched folder, watched: a file that arrives is taken at once, not at the next occurrence of its job, which is only
//! the safety net.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use notify::{RecommendedWatcher, RecursiveMode, Watcher};
use presell_scheduler::Schedule;
use presell_scheduler::schedules::enabled;
use presell_store::{Db, Result};
use serde_json::Value;
use tokio::sync::Notify;

use crate::events::ask;
use crate::files::import_files::DEFINITION;

/// Files come in bursts; one run takes them all.
const BREATH: Duration = Duration::from_millis(200);

/// Watches the folders of a database's import jobs.
pub struct Inbox {
    db: Db,
    watched: BTreeSet<PathBuf>,
    watcher: Option<RecommendedWatcher>,
    arrived: Arc<Notify>,
}

impl Inbox {
    /// Watches nothing yet.
    pub fn new(db: Db) -> Inbox {
        Inbox { db, watched: BTreeSet::new(), watcher: None, arrived: Arc::default() }
    }

    /// Watches the folders of the jobs that are switched on now. Call it again when schedules changed.
    ///
    /// # Errors
    /// The database did not say which. A folder that cannot be watched is left to the schedule.
    pub async fn look(&mut self) -> Result<()> {
        let schedules = enabled(&self.db, DEFINITION.id).await?;
        let wanted: BTreeSet<PathBuf> = schedules.iter().filter_map(folder).collect();
        if wanted == self.watched {
            return Ok(());
        }
        let tell = self.arrived.clone();
        // Reading a file, as the job itself does, is no arrival.
        let watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
            if event.is_ok_and(|event| event.kind.is_create() || event.kind.is_modify()) {
                tell.notify_one();
            }
        });
        let watch = |watcher: &mut RecommendedWatcher, folder: &Path| {
            if let Err(error) = watcher.watch(folder, RecursiveMode::Recursive) {
                tracing::warn!(folder = %folder.display(), %error, "the folder is not watched; its schedule looks into it");
            }
        };
        self.watcher = watcher.ok();
        if let Some(watcher) = &mut self.watcher {
            wanted.iter().for_each(|folder| watch(watcher, folder));
        }
        self.watched = wanted;
        // What came before it was watched.
        self.arrived.notify_one();
        Ok(())
    }

    /// Waits until something arrives, then asks for a run wherever files wait.
    ///
    /// # Errors
    /// The run could not be asked for; the schedule takes the files later.
    pub async fn arrival(&self) -> Result<()> {
        self.arrived.notified().await;
        tokio::time::sleep(BREATH).await;
        for schedule in enabled(&self.db, DEFINITION.id).await? {
            if folder(&schedule).is_some_and(|folder| crate::files::import_files::anything_waits(&folder)) {
                ask(&self.db, schedule, &DEFINITION, "watched folder").await?;
            }
        }
        Ok(())
    }
}

fn folder(schedule: &Schedule) -> Option<PathBuf> {
    let params: Value = serde_json::from_str(&schedule.params).ok()?;
    Some(PathBuf::from(params["importPath"].as_str()?)).filter(|folder| folder.is_dir())
}
