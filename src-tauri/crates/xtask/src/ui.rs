//! The user interface's own tools, run by npm in `ui/`.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::{paths, process};

/// npm, working in the folder of the user interface.
pub(crate) fn npm() -> Command {
    let mut npm = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
    npm.current_dir(folder());
    npm
}

fn folder() -> PathBuf {
    paths::root().join("ui")
}

/// Fetches what the user interface is built with, where it is missing or older than the lock file.
///
/// # Errors
/// npm failed; what it said stands above.
pub(crate) fn install() -> Result<()> {
    let modified = |file: &str| folder().join(file).metadata().and_then(|of| of.modified()).ok();
    // npm writes this file last.
    let there = modified("node_modules/.package-lock.json");
    if there.is_some() && there >= modified("package-lock.json") {
        return Ok(());
    }
    eprintln!("Set-up: npm ci in ui/");
    process::run(npm().args(["ci", "--no-audit", "--no-fund"]))
}

/// Builds the pages into `ui/dist`.
///
/// # Errors
/// They do not build; why stands above.
pub(crate) fn build() -> Result<()> {
    install()?;
    process::run(npm().args(["run", "--silent", "build"]))
}

/// JavaScript that the window loads, compressed, in bytes.
const LARGEST: usize = 60_000;

/// What the built pages weigh, as `gzip -9` sees it.
///
/// # Errors
/// It is more than the house allows itself.
pub(crate) fn weigh() -> Result<()> {
    let folder = folder().join("dist/assets");
    let mut weight = 0;
    for file in std::fs::read_dir(&folder).with_context(|| format!("{} is not built", folder.display()))? {
        let path = file?.path();
        if path.extension().is_some_and(|ending| ending == "js") {
            let packed = Command::new("gzip").args(["-9", "--to-stdout"]).arg(&path).output()?;
            weight += packed.stdout.len();
        }
    }
    println!("JavaScript: {:.1} kB compressed, of {} allowed", weight as f64 / 1e3, LARGEST / 1_000);
    if weight == 0 || weight > LARGEST {
        bail!("the pages' JavaScript weighs {weight} bytes compressed, the house allows {LARGEST}");
    }
    Ok(())
}
