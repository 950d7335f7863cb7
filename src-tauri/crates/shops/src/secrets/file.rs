//! A file of secrets that only its owner may read: for daemons, where no keyring is.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use zeroize::Zeroizing;

use super::{Secret, SecretError, SecretStore};

/// One JSON object of names and secrets, mode 0600. A file that others may read is refused, not repaired: who read it
/// meanwhile is not known.
#[derive(Debug)]
pub struct FileStore {
    path: PathBuf,
    writing: Mutex<()>,
}

impl FileStore {
    /// At this path; the file is made when the first secret is kept.
    pub fn new(path: PathBuf) -> FileStore {
        FileStore { path, writing: Mutex::new(()) }
    }

    fn all(&self) -> Result<BTreeMap<String, Zeroizing<String>>, SecretError> {
        let text = match fs::read_to_string(&self.path) {
            Ok(text) => Zeroizing::new(text),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(BTreeMap::new()),
            Err(error) => return Err(self.told("read", &error)),
        };
        if others_may_read(&self.path).map_err(|error| self.told("read", &error))? {
            let path = self.path.display();
            return Err(SecretError::Store(format!(
                "Others may read the file of secrets {path}. Close it to them (chmod 600) and consider its secrets known."
            )));
        }
        let all: BTreeMap<String, String> = serde_json::from_str(&text)
            .map_err(|_| SecretError::Store(format!("The file of secrets {} is damaged.", self.path.display())))?;
        Ok(all.into_iter().map(|(name, secret)| (name, Zeroizing::new(secret))).collect())
    }

    fn change(&self, change: impl FnOnce(&mut BTreeMap<String, Zeroizing<String>>)) -> Result<(), SecretError> {
        let _one_at_a_time = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let mut all = self.all()?;
        change(&mut all);
        self.write(&all).map_err(|error| self.told("write", &error))
    }

    /// Whole or not at all: a crash leaves the old file or the new one.
    fn write(&self, all: &BTreeMap<String, Zeroizing<String>>) -> io::Result<()> {
        let plain: BTreeMap<&str, &str> = all.iter().map(|(name, secret)| (name.as_str(), secret.as_str())).collect();
        let text = Zeroizing::new(serde_json::to_vec_pretty(&plain)?);
        if let Some(folder) = self.path.parent() {
            fs::create_dir_all(folder)?;
        }
        let beside = self.path.with_extension(format!("{}.new", std::process::id()));
        let mut file = closed_to_others(&beside)?;
        let written =
            file.write_all(&text).and_then(|()| file.sync_all()).and_then(|()| fs::rename(&beside, &self.path));
        if written.is_err() {
            let _ = fs::remove_file(&beside);
        }
        written
    }

    fn told(&self, verb: &str, error: &io::Error) -> SecretError {
        SecretError::Store(format!("The file of secrets {} cannot be {verb}: {error}.", self.path.display()))
    }
}

impl SecretStore for FileStore {
    fn read(&self, name: &str) -> Result<Option<Secret>, SecretError> {
        Ok(self.all()?.get(name).map(|secret| secret.as_str().into()))
    }

    fn keep(&self, name: &str, secret: &Secret) -> Result<(), SecretError> {
        self.change(|all| {
            all.insert(name.to_owned(), Zeroizing::new(secret.expose().to_owned()));
        })
    }

    fn forget(&self, name: &str) -> Result<(), SecretError> {
        self.change(|all| {
            all.remove(name);
        })
    }
}

#[cfg(unix)]
fn closed_to_others(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
}

#[cfg(not(unix))]
fn closed_to_others(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).open(path)
}

#[cfg(unix)]
fn others_may_read(path: &Path) -> io::Result<bool> {
    use std::os::unix::fs::PermissionsExt;
    Ok(fs::metadata(path)?.permissions().mode() & 0o077 != 0)
}

/// Elsewhere the folder of the user protects it.
#[cfg(not(unix))]
fn others_may_read(_: &Path) -> io::Result<bool> {
    Ok(false)
}
