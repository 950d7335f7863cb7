//! Sample files for measurements, kept from call to call.

use std::fs;
use std::path::PathBuf;

use anyhow::Result;
use chrono::NaiveDate;
use presell_samples::{Samples, Scale};

use crate::{paths, samples};

/// The day all measurements pretend it is.
pub(super) const TODAY: NaiveDate = NaiveDate::from_ymd_opt(2026, 11, 23).expect("the day exists");

/// The folder with the files of this size and seed; they are made where they are missing.
///
/// Files of an older generator stay until someone removes `target/bench-data`.
///
/// # Errors
/// The disk is full or not writable.
pub(super) fn folder(lines: usize, seed: u64) -> Result<PathBuf> {
    let folder = paths::target().join(format!("bench-data/{lines}-{seed}"));
    if !folder.exists() {
        eprintln!("Generating {lines} purchase-order lines and what belongs to them …");
        // Moved into place when complete, so that a killed call leaves no half file behind.
        let draft = folder.with_extension("draft");
        samples::write_to(&draft, &Samples::new(Scale::with_lines(lines), seed, TODAY))?;
        fs::rename(&draft, &folder)?;
    }
    Ok(folder)
}
