//! What the nodes said.

use std::path::Path;

use anyhow::Result;

use crate::check::Found;

/// Lines of all logs.
pub(crate) struct Said {
    /// Warnings and errors, which trouble explains.
    pub(crate) warnings: i64,
    /// What nothing explains.
    pub(crate) found: Vec<Found>,
}

/// Reads all logs of the folder.
pub(crate) fn read(folder: &Path) -> Result<Said> {
    let mut warnings = 0;
    let mut panics = Found::none("–", "panics in the nodes' logs");
    // A file that is locked for a few seconds delays a writer, and that is all.
    let mut busy = Found::none("–", "\"database is locked\" in the nodes' logs");
    for entry in std::fs::read_dir(folder)? {
        // A log may be cut in the middle of a character where its node was killed.
        let text = String::from_utf8_lossy(&std::fs::read(entry?.path())?).into_owned();
        for line in text.lines() {
            if line.contains(" panicked at ") {
                panics.add(|| line.to_owned());
            } else if line.contains("database is locked") || line.contains("by another program that does not let go") {
                busy.add(|| line.to_owned());
            } else if line.contains(" WARN ") || line.contains(" ERROR ") {
                warnings += 1;
            }
        }
    }
    Ok(Said { warnings, found: vec![panics, busy] })
}
