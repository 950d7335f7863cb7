//! The machine below: whatever can go wrong goes wrong here.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use chrono::{DateTime, Utc};

pub(super) trait Disk: Send + Sync {
    /// Writes a new file, down to the disk.
    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()>;
    /// Puts a file in the place of another, at once: whoever reads finds the one or the other.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Takes a file away.
    fn remove(&self, path: &Path) -> io::Result<()>;
    /// Makes sure that what was done to the names in a folder stays.
    fn keep(&self, folder: &Path) -> io::Result<()>;
    /// Now.
    fn now(&self) -> DateTime<Utc>;
}

/// This machine.
pub(super) struct Machine;

impl Disk for Machine {
    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let mut file = File::create(path)?;
        file.write_all(bytes)?;
        file.sync_all()
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }

    fn keep(&self, folder: &Path) -> io::Result<()> {
        // A folder cannot be opened everywhere, and some network drives cannot do it.
        match File::open(folder).and_then(|folder| folder.sync_all()) {
            Err(error) if cfg!(unix) && error.kind() == io::ErrorKind::StorageFull => Err(error),
            _ => Ok(()),
        }
    }

    #[expect(clippy::disallowed_methods, reason = "when a file was written is never compared with the database's time")]
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }
}
