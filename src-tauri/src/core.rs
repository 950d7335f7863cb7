//! What the window, the tray and the scheduler share: the open Presell, and what a rebuilt window must find again.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use presell_commands::{App, Error, Result};
use tokio::sync::Notify;

/// Shared by everything in the shell.
#[derive(Default)]
pub struct Core {
    open: Mutex<Option<Arc<App>>>,
    /// Why there is no open Presell, in words for people.
    trouble: Mutex<Option<String>>,
    /// The fragment of the page's address when the window was closed.
    place: Mutex<Option<String>>,
    /// Something on the page is not saved yet.
    unsaved: AtomicBool,
    /// When last looked, the desktop showed tray icons.
    tray: AtomicBool,
    /// Somebody chose to quit.
    pub(crate) quit: Notify,
    /// Somebody chose another database, or wants to try again.
    pub(crate) reopen: Notify,
}

impl Core {
    /// The open Presell.
    ///
    /// # Errors
    /// The database does not open; the message says why and that it is tried again.
    pub(crate) fn app(&self) -> Result<Arc<App>> {
        locked(&self.open).clone().ok_or_else(|| {
            let why = locked(&self.trouble).clone();
            Error::refused(why.unwrap_or_else(|| "Presell is still opening its database.".to_owned()))
        })
    }

    pub(crate) fn opened(&self, app: Arc<App>) {
        *locked(&self.trouble) = None;
        *locked(&self.open) = Some(app);
    }

    pub(crate) fn closed(&self, why: String) {
        *locked(&self.open) = None;
        *locked(&self.trouble) = Some(why);
    }

    pub(crate) fn trouble(&self) -> Option<String> {
        locked(&self.trouble).clone()
    }

    pub(crate) fn keep_place(&self, fragment: Option<String>) {
        *locked(&self.place) = fragment;
    }

    pub(crate) fn place(&self) -> Option<String> {
        locked(&self.place).clone()
    }

    pub(crate) fn set_tray(&self, seen: bool) {
        self.tray.store(seen, Ordering::Relaxed);
    }

    pub(crate) fn tray(&self) -> bool {
        self.tray.load(Ordering::Relaxed)
    }

    pub(crate) fn set_unsaved(&self, unsaved: bool) {
        self.unsaved.store(unsaved, Ordering::Relaxed);
    }

    pub(crate) fn unsaved(&self) -> bool {
        self.unsaved.load(Ordering::Relaxed)
    }
}

/// What is behind the lock, also after a panic elsewhere: each value is whole at any time.
fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
