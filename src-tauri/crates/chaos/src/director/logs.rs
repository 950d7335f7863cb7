//! What the nodes said.

use std::path::Path;

use anyhow::Result;

use crate::check::Found;

/// Lines of all logs.
pub(super) struct Said {
    /// Errors, which trouble explains.
    pub(super) errors: i64,
    /// Warnings.
    pub(super) warnings: i64,
    /// Panics, which nothing explains.
    pub(super) panics: Found,
}

/// Reads all logs of the folder.
pub(super) fn read(folder: &Path) -> Result<Said> {
    let mut said = Said { errors: 0, warnings: 0, panics: Found::none("–", "panics in the nodes' logs") };
    for entry in std::fs::read_dir(folder)? {
        // A log may be cut in the middle of a character where its node was killed.
        let text = String::from_utf8_lossy(&std::fs::read(entry?.path())?).into_owned();
        for line in text.lines() {
            if line.contains(" panicked at ") {
                said.panics.add(|| line.to_owned());
            } else if line.contains(" ERROR ") {
                said.errors += 1;
            } else if line.contains(" WARN ") {
                said.warnings += 1;
            }
        }
    }
    Ok(said)
}
