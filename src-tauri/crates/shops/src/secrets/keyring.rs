//! The keyring of the operating system: Keychain on macOS, the credential manager on Windows, the secret service on Linux.

use std::sync::{Arc, Mutex, PoisonError};

use keyring_core::{CredentialStore, Entry, Error};

use super::{Secret, SecretError, SecretStore};

/// Under this name Presell keeps all it has there.
const SERVICE: &str = "presell";

/// Opened once; a keyring that did not answer is asked again, because a desktop may unlock it later.
static OPENED: Mutex<Option<Arc<CredentialStore>>> = Mutex::new(None);

/// The keyring of whoever is logged in.
#[derive(Clone, Copy, Debug)]
pub struct KeyringStore;

impl KeyringStore {
    fn entry(name: &str) -> Result<Entry, SecretError> {
        let mut opened = OPENED.lock().unwrap_or_else(PoisonError::into_inner);
        let store = match &*opened {
            Some(store) => Arc::clone(store),
            None => Arc::clone(opened.insert(open().map_err(|error| told(&error))?)),
        };
        Entry::new_in_store(&store, SERVICE, name).map_err(|error| told(&error))
    }
}

impl SecretStore for KeyringStore {
    fn read(&self, name: &str) -> Result<Option<Secret>, SecretError> {
        match Self::entry(name)?.get_password() {
            Ok(text) => Ok(Some(text.into())),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(told(&error)),
        }
    }

    fn keep(&self, name: &str, secret: &Secret) -> Result<(), SecretError> {
        Self::entry(name)?.set_password(secret.expose()).map_err(|error| told(&error))
    }

    fn forget(&self, name: &str) -> Result<(), SecretError> {
        match Self::entry(name)?.delete_credential() {
            Ok(()) | Err(Error::NoEntry) => Ok(()),
            Err(error) => Err(told(&error)),
        }
    }
}

#[cfg(target_os = "linux")]
fn open() -> keyring_core::Result<Arc<CredentialStore>> {
    Ok(zbus_secret_service_keyring_store::Store::new()?)
}

#[cfg(target_os = "macos")]
fn open() -> keyring_core::Result<Arc<CredentialStore>> {
    Ok(apple_native_keyring_store::keychain::Store::new()?)
}

#[cfg(windows)]
fn open() -> keyring_core::Result<Arc<CredentialStore>> {
    Ok(windows_native_keyring_store::Store::new()?)
}

#[cfg(not(any(target_os = "linux", target_os = "macos", windows)))]
fn open() -> keyring_core::Result<Arc<CredentialStore>> {
    Err(Error::NotSupportedByStore("no keyring is known for this operating system".to_owned()))
}

/// In words. Errors that carry what was read are told without it.
fn told(error: &Error) -> SecretError {
    let what = match error {
        Error::BadEncoding(_) | Error::BadDataFormat(..) => "what is kept there cannot be read".to_owned(),
        Error::Ambiguous(_) => "several secrets have this name".to_owned(),
        other => other.to_string(),
    };
    SecretError::Store(format!(
        "The keyring of this machine does not answer: {what}. Unlock it, or keep the secret in a file or an environment variable."
    ))
}
