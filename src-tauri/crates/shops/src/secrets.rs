//! Secrets: the tokens and client secrets of shops. The database holds only where a secret is, never the secret.
//!
//! A desktop keeps them in the keyring of the operating system; a daemon in a file that only its user may read, or in an
//! environment variable.

mod file;
mod keyring;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::{Arc, Mutex, PoisonError};

use zeroize::Zeroizing;

pub use file::FileStore;
pub use keyring::KeyringStore;

/// A secret in memory. It is wiped when it is dropped, and no way of printing it exists.
#[derive(Clone)]
pub struct Secret(Arc<Zeroizing<String>>);

impl Secret {
    /// The secret itself: only for the one who sends or stores it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Secret(Arc::new(Zeroizing::new(text)))
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(not shown)")
    }
}

/// Where a secret is, as the database keeps it: `keyring:NAME`, `file:NAME`, `memory:NAME` or `env:VARIABLE`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// In the keyring of the operating system, under this name.
    Keyring(String),
    /// In the file of secrets beside the database, under this name.
    File(String),
    /// In this environment variable; Presell cannot put it there.
    Env(String),
    /// In memory until the process ends; for tests and trials.
    Memory(String),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (kind, name) = match self {
            Place::Keyring(name) => ("keyring", name),
            Place::File(name) => ("file", name),
            Place::Env(name) => ("env", name),
            Place::Memory(name) => ("memory", name),
        };
        write!(f, "{kind}:{name}")
    }
}

impl FromStr for Place {
    type Err = SecretError;

    fn from_str(text: &str) -> Result<Self, SecretError> {
        match text.split_once(':') {
            Some((_, "")) | None => Err(SecretError::NoPlace(text.to_owned())),
            Some(("keyring", name)) => Ok(Place::Keyring(name.to_owned())),
            Some(("file", name)) => Ok(Place::File(name.to_owned())),
            Some(("env", name)) => Ok(Place::Env(name.to_owned())),
            Some(("memory", name)) => Ok(Place::Memory(name.to_owned())),
            Some(_) => Err(SecretError::NoPlace(text.to_owned())),
        }
    }
}

/// Why a secret could not be read or kept.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SecretError {
    /// It is not there.
    #[error("There is no secret at {0}. Enter it again.")]
    Missing(Place),
    /// The store does not work on this machine.
    #[error("{0}")]
    Store(String),
    /// The words do not name a place.
    #[error("\"{0}\" names no place for a secret: keyring:NAME, file:NAME or env:VARIABLE does.")]
    NoPlace(String),
    /// Presell cannot change the environment.
    #[error("The environment variable {0} is set outside Presell: set or remove it there.")]
    Outside(String),
}

/// Keeps secrets by name. Calls may wait for the operating system: use [`Secrets`] from async code.
pub trait SecretStore: Send + Sync {
    /// The secret of this name, if there is one.
    fn read(&self, name: &str) -> Result<Option<Secret>, SecretError>;
    /// Keeps a secret; one of the same name is replaced.
    fn keep(&self, name: &str, secret: &Secret) -> Result<(), SecretError>;
    /// Forgets it. One that is not there is forgotten already.
    fn forget(&self, name: &str) -> Result<(), SecretError>;
}

/// Keeps secrets until the process ends.
#[derive(Debug, Default)]
pub struct MemoryStore(Mutex<BTreeMap<String, Secret>>);

impl SecretStore for MemoryStore {
    fn read(&self, name: &str) -> Result<Option<Secret>, SecretError> {
        Ok(self.0.lock().unwrap_or_else(PoisonError::into_inner).get(name).cloned())
    }

    fn keep(&self, name: &str, secret: &Secret) -> Result<(), SecretError> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(name.to_owned(), secret.clone());
        Ok(())
    }

    fn forget(&self, name: &str) -> Result<(), SecretError> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(name);
        Ok(())
    }
}

/// All stores of this machine; finds the one that a place names.
#[derive(Clone)]
pub struct Secrets {
    keyring: Arc<dyn SecretStore>,
    file: Arc<dyn SecretStore>,
    memory: Arc<dyn SecretStore>,
}

impl Secrets {
    /// With the file of secrets at this path: beside the database, or in the data folder of the user.
    pub fn new(file: PathBuf) -> Secrets {
        Secrets {
            keyring: Arc::new(KeyringStore),
            file: Arc::new(FileStore::new(file)),
            memory: Arc::new(MemoryStore::default()),
        }
    }

    /// The secret at a place.
    pub async fn read(&self, place: &Place) -> Result<Secret, SecretError> {
        if let Place::Env(variable) = place {
            let text = std::env::var(variable).ok().filter(|text| !text.is_empty());
            return text.map(Secret::from).ok_or_else(|| SecretError::Missing(place.clone()));
        }
        let found = self.at(place, |store, name| store.read(name)).await?;
        found.ok_or_else(|| SecretError::Missing(place.clone()))
    }

    /// Keeps a secret at a place.
    pub async fn keep(&self, place: &Place, secret: Secret) -> Result<(), SecretError> {
        self.at(place, move |store, name| store.keep(name, &secret)).await
    }

    /// Forgets the secret at a place; an environment variable is left to whoever set it.
    pub async fn forget(&self, place: &Place) -> Result<(), SecretError> {
        match place {
            Place::Env(_) => Ok(()),
            _ => self.at(place, |store, name| store.forget(name)).await,
        }
    }

    async fn at<T: Send + 'static>(
        &self,
        place: &Place,
        work: impl FnOnce(&dyn SecretStore, &str) -> Result<T, SecretError> + Send + 'static,
    ) -> Result<T, SecretError> {
        let (store, name) = match place {
            Place::Keyring(name) => (&self.keyring, name),
            Place::File(name) => (&self.file, name),
            Place::Memory(name) => (&self.memory, name),
            Place::Env(variable) => return Err(SecretError::Outside(variable.clone())),
        };
        let (store, name) = (Arc::clone(store), name.clone());
        let done = tokio::task::spawn_blocking(move || work(&*store, &name)).await;
        done.unwrap_or_else(|stopped| Err(SecretError::Store(format!("The store of secrets broke off: {stopped}."))))
    }
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secrets(not shown)")
    }
}
