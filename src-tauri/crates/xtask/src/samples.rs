//! `cargo xtask samples`: sample files on disk.

use std::fs::{self, File};
use std::io::BufWriter;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use chrono::NaiveDate;
use presell_samples::{Samples, Scale};

use crate::paths;

#[derive(clap::Args)]
pub(crate) struct Options {
    /// Where chance starts; the same seed and day give the same files
    #[arg(long, default_value_t = 7)]
    seed: u64,
    /// Purchase-order lines; products, stock, orders and receipts follow [default: the small set]
    #[arg(long)]
    lines: Option<usize>,
    /// The day the dates lie around
    #[arg(long, default_value = "2026-11-23")]
    today: NaiveDate,
    /// Folder to write to [default: tests/samples for the small set, else target/samples]
    #[arg(long)]
    out: Option<PathBuf>,
}

pub(crate) fn write(options: &Options) -> Result<()> {
    let (scale, home) = match options.lines {
        None => (Scale::small(), paths::root().join("tests/samples")),
        Some(lines) => (Scale::with_lines(lines), paths::target().join("samples")),
    };
    let folder = options.out.as_ref().unwrap_or(&home);
    write_to(folder, &Samples::new(scale, options.seed, options.today))?;
    println!("{} purchase-order lines, {} products → {}", scale.po_lines, scale.products, folder.display());
    Ok(())
}

/// Writes every file of the set into `folder`, which is made where it is missing.
///
/// # Errors
/// The folder or a file cannot be written.
pub(crate) fn write_to(folder: &Path, samples: &Samples) -> Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("could not make the folder {}", folder.display()))?;
    for file in presell_samples::File::ALL {
        let path = folder.join(file.name());
        let write = || samples.write(file, &mut BufWriter::new(File::create(&path)?));
        write().with_context(|| format!("could not write {}", path.display()))?;
    }
    Ok(())
}
