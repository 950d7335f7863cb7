//! The folder, written so that every reader finds whole files, and every end of a process leaves one state with its changes.
//!
//! All files of a change are staged under names that nobody reads. Then the listings take their place: that one renaming is the
//! moment at which all of it is true. The others follow; whoever comes after a crash finishes them (`settle`), since the
//! listings name their change. What is staged for any other change never happened.

use std::fs::{self, File, TryLockError};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::change::{self, Change};
use super::disk::Disk;
use super::products::Products;
use super::state::State;
use super::{table, trouble};
use crate::adapter::ShopError;

/// What the shop shows: the truth, from which everything else follows.
pub(super) const LISTINGS: &str = "listings.json";
const TABLE: &str = "listings.csv";
const PRODUCTS: &str = "products.csv";
const CHANGES: &str = "changes";
const LOCK: &str = ".presell.lock";
/// How staged files end. They begin with a dot, and nobody takes them for what they will be.
const STAGED: &str = ".part";

pub(super) struct Folder {
    pub(super) path: PathBuf,
    disk: Arc<dyn Disk>,
}

/// A file that waits for its moment: where it is, which change it belongs to, where it goes.
struct Staged {
    at: PathBuf,
    change: String,
    to: PathBuf,
}

impl Folder {
    pub(super) fn new(path: PathBuf, disk: Arc<dyn Disk>) -> Folder {
        Folder { path, disk }
    }

    fn trouble(&self, error: &io::Error) -> ShopError {
        trouble::of(&self.path, error)
    }

    fn changes(&self) -> PathBuf {
        self.path.join(CHANGES)
    }

    /// Makes a folder ready.
    pub(super) fn prepare(&self) -> Result<(), ShopError> {
        if !self.path.is_dir() {
            return Err(trouble::no_folder(&self.path));
        }
        match fs::create_dir(self.changes()) {
            Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(self.trouble(&error)),
            _ => {}
        }
        self.try_writing()
    }

    /// Whether a file can be written, by doing it; none is left.
    pub(super) fn try_writing(&self) -> Result<(), ShopError> {
        let trial = self.path.join(format!(".trial{STAGED}"));
        let written = self.disk.write(&trial, b"Presell can write here.").and_then(|()| self.remove(&trial));
        written.map_err(|error| self.trouble(&error))
    }

    /// Takes a file away; one that another process took away is gone as well.
    fn remove(&self, path: &Path) -> io::Result<()> {
        match self.disk.remove(path) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// What the owner says there is.
    pub(super) fn products(&self) -> Result<Products, ShopError> {
        let path = self.path.join(PRODUCTS);
        match fs::read(&path) {
            Ok(bytes) => Products::parse(&bytes).map_err(|cause| trouble::unreadable(&path, &cause)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(Products::All),
            Err(error) => Err(self.trouble(&error)),
        }
    }

    /// The state, as it is shown.
    pub(super) fn look(&self) -> Result<State, ShopError> {
        let path = self.path.join(LISTINGS);
        if !self.changes().is_dir() {
            return Err(match self.path.is_dir() {
                true => trouble::not_prepared(&self.path, CHANGES),
                false => trouble::no_folder(&self.path),
            });
        }
        match fs::read(&path) {
            Ok(bytes) => State::parse(&bytes).map_err(|cause| trouble::unreadable(&path, &cause)),
            Err(error) if error.kind() == ErrorKind::NotFound => match self.last_change()? {
                Some(_) => Err(trouble::state_gone(&self.path, LISTINGS, CHANGES)),
                None => Ok(State::default()),
            },
            Err(error) => Err(self.trouble(&error)),
        }
    }

    /// The state, once all that belongs to it is in its place.
    pub(super) fn read(&self) -> Result<State, ShopError> {
        if self.staged()?.is_empty() {
            return self.look();
        }
        let _lock = self.lock()?;
        let state = self.look()?;
        self.settle(&state)?;
        Ok(state)
    }

    /// Takes the step from the state that is there to the next, wholly or not at all, and returns what is there then.
    pub(super) fn change(&self, next: impl FnOnce(&State) -> Result<State, ShopError>) -> Result<State, ShopError> {
        let _lock = self.lock()?;
        let before = self.look()?;
        self.settle(&before)?;
        let mut after = next(&before)?;
        if after.rows == before.rows {
            return Ok(before);
        }
        let now = self.disk.now();
        let last = before.change.clone().max(self.last_change()?);
        let name = change::name_after(last.as_deref(), now);
        let change = Change::between(&before, &after, &name, now);
        after.change = Some(name);
        if let Err(error) = self.stage(&change, &after, now) {
            // It may have failed after it was done: what is there decides. What stays is left to whoever comes next.
            let _ = self.look().and_then(|there| self.settle(&there));
            return Err(self.trouble(&error));
        }
        self.settle(&after)?;
        Ok(after)
    }

    /// Writes everything beside its place, then lets the listings take theirs.
    fn stage(&self, change: &Change, after: &State, now: chrono::DateTime<chrono::Utc>) -> io::Result<()> {
        let (name, changes) = (&change.change, self.changes());
        self.disk.write(&changes.join(format!(".{name}.csv{STAGED}")), &table::of_change(change))?;
        self.disk.write(&changes.join(format!(".{name}.json{STAGED}")), &change.json())?;
        self.disk.write(&self.path.join(format!(".{name}.csv{STAGED}")), &table::of_state(after))?;
        let listings = self.path.join(format!(".{name}.json{STAGED}"));
        self.disk.write(&listings, &after.json(now))?;
        self.disk.keep(&changes)?;
        self.disk.keep(&self.path)?;
        self.disk.rename(&listings, &self.path.join(LISTINGS))?;
        self.disk.keep(&self.path)
    }

    /// Brings what belongs to this state into its place, and takes away what belongs to one that never came.
    fn settle(&self, state: &State) -> Result<(), ShopError> {
        let staged = self.staged()?;
        if staged.is_empty() {
            return Ok(());
        }
        for file in staged {
            let done = match Some(&file.change) == state.change.as_ref() {
                true => self.disk.rename(&file.at, &file.to),
                false => self.remove(&file.at),
            };
            done.map_err(|error| self.trouble(&error))?;
        }
        let kept = self.disk.keep(&self.changes()).and_then(|()| self.disk.keep(&self.path));
        kept.map_err(|error| self.trouble(&error))
    }

    /// What waits for its moment, or was left behind.
    fn staged(&self) -> Result<Vec<Staged>, ShopError> {
        let mut staged = Vec::new();
        for (folder, changes) in [(self.path.clone(), false), (self.changes(), true)] {
            for name in names(&folder).map_err(|error| self.trouble(&error))? {
                let Some(inner) = name.strip_prefix('.').and_then(|name| name.strip_suffix(STAGED)) else { continue };
                let (change, ending) = inner.rsplit_once('.').unwrap_or((inner, ""));
                let to = match (changes, ending) {
                    (true, _) => folder.join(inner),
                    (false, "csv") => folder.join(TABLE),
                    (false, _) => folder.join(LISTINGS),
                };
                staged.push(Staged { at: folder.join(&name), change: change.to_owned(), to });
            }
        }
        Ok(staged)
    }

    /// The newest change that was made.
    fn last_change(&self) -> Result<Option<String>, ShopError> {
        let names = names(&self.changes()).map_err(|error| self.trouble(&error))?;
        let changes = names.iter().filter_map(|name| name.strip_suffix(".json"));
        Ok(changes.filter(|name| change::split(name).is_some()).max().map(str::to_owned))
    }

    /// Keeps other processes from writing, where the drive can do that; a sync's lease keeps them away already.
    fn lock(&self) -> Result<File, ShopError> {
        if !self.path.is_dir() {
            return Err(trouble::no_folder(&self.path));
        }
        let at = self.path.join(LOCK);
        let file = File::options().create(true).truncate(false).write(true).open(&at);
        // Another account made it: to look at it is enough.
        let file = file.or_else(|error| File::open(&at).map_err(|_| error)).map_err(|error| self.trouble(&error))?;
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => Err(trouble::at_work(&self.path)),
            Ok(()) | Err(TryLockError::Error(_)) => Ok(file),
        }
    }
}

fn names(folder: &Path) -> io::Result<Vec<String>> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        // Whoever looks next says what is missing.
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    entries.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned())).collect()
}
