//! What is wrong with a folder, and what to do.

use std::io::{Error, ErrorKind};
use std::path::Path;

use crate::adapter::ShopError;

/// What an error of the machine means for somebody who knows folders and drives.
pub(super) fn of(path: &Path, error: &Error) -> ShopError {
    let at = path.display();
    match error.kind() {
        ErrorKind::NotFound => ShopError::Blocked(format!(
            "{at} is not there any more. Connect the drive it is on, or put it back, then test the shop again."
        )),
        ErrorKind::PermissionDenied => ShopError::Blocked(format!(
            "{at} does not let Presell in. Allow the account that Presell runs under to read and write there, and close \
             programs that have one of its files open."
        )),
        ErrorKind::ReadOnlyFilesystem => ShopError::Blocked(format!(
            "{at} is on a drive that cannot be written. Make it writable, or choose another folder."
        )),
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => ShopError::Blocked(format!(
            "The drive of {at} is full. Make room there; the next sync goes on. Nothing is half-written."
        )),
        _ => ShopError::Away(format!("{at} does not answer: {error}. It is tried again with the next sync.")),
    }
}

/// There is no such folder.
pub(super) fn no_folder(path: &Path) -> ShopError {
    ShopError::Blocked(format!(
        "There is no folder {}. Make it, or connect the drive it is on, then try again.",
        path.display()
    ))
}

/// The folder is there, and does not look like the one that was prepared: an empty place where a drive belongs.
pub(super) fn not_prepared(path: &Path, changes: &str) -> ShopError {
    ShopError::Blocked(format!(
        "{} has no folder \"{changes}\", which Presell made there. Perhaps its drive is not connected: connect it. If it was \
         emptied on purpose, make a folder \"{changes}\" in it, and the next sync writes everything anew.",
        path.display()
    ))
}

/// Changes are there, and the state they led to is not.
pub(super) fn state_gone(path: &Path, listings: &str, changes: &str) -> ShopError {
    ShopError::Blocked(format!(
        "{listings} is gone from {}, though Presell wrote it. Put it back. If the shop is to begin anew, move what is in \
         \"{changes}\" elsewhere, and the next sync writes everything.",
        path.display()
    ))
}

/// A file makes no sense.
pub(super) fn unreadable(path: &Path, cause: &str) -> ShopError {
    ShopError::Blocked(format!(
        "{} cannot be read: {cause}. Nothing is written before it is put right; an older copy of it will do.",
        path.display()
    ))
}

/// Somebody else changed the file since it was read.
pub(super) fn overtaken(path: &Path) -> ShopError {
    ShopError::Away(format!(
        "Somebody else changed the listings in {} meanwhile. Nothing was written; the next sync looks at them anew.",
        path.display()
    ))
}

/// Another process writes.
pub(super) fn at_work(path: &Path) -> ShopError {
    ShopError::Away(format!("Another Presell is writing in {} just now. The next sync goes on.", path.display()))
}

/// The drive hangs.
pub(super) fn silent(path: &str) -> ShopError {
    ShopError::Away(format!("{path} has not answered for a minute. See whether its drive is connected."))
}
