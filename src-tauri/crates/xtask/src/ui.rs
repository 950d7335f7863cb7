//! The user interface's own tools, run by npm in `ui/`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::Value;

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

/// JavaScript until the first page can be used, compressed, in bytes. Other pages are fetched when somebody goes there.
pub(crate) const LARGEST: usize = 60_000;
/// Where the window begins, and the page that it shows then.
const FIRST: [&str; 2] = ["index.html", "src/pages/Pipeline.svelte"];

/// What the built pages weigh, as `gzip -9` sees it.
///
/// # Errors
/// The first page is heavier than the house allows itself.
pub(crate) fn weigh() -> Result<()> {
    let (first, all) = weights()?;
    println!(
        "JavaScript, compressed: {:.1} kB until the first page, {:.1} kB in all",
        first as f64 / 1e3,
        all as f64 / 1e3
    );
    if first == 0 || first > LARGEST {
        bail!("the first page needs {first} bytes of JavaScript, the house allows {LARGEST}");
    }
    Ok(())
}

/// JavaScript until the first page can be used, and of all pages together; compressed, in bytes.
///
/// # Errors
/// The pages are not built.
pub(crate) fn weights() -> Result<(usize, usize)> {
    let folder = folder().join("dist");
    let manifest = folder.join(".vite/manifest.json");
    let text = std::fs::read(&manifest).with_context(|| format!("{} is not built", manifest.display()))?;
    let chunks: Value = serde_json::from_slice(&text)?;
    let first = needed(&chunks, &FIRST.map(str::to_owned));
    let all: Vec<String> = chunks.as_object().into_iter().flat_map(|all| all.keys().cloned()).collect();
    let weight = |keys: &BTreeSet<String>| -> Result<usize> {
        let files: BTreeSet<&str> = keys.iter().filter_map(|key| chunks[key]["file"].as_str()).collect();
        files.into_iter().filter(|file| file.ends_with(".js")).map(|file| packed(&folder.join(file))).sum()
    };
    Ok((weight(&first)?, weight(&needed(&chunks, &all))?))
}

/// These chunks and all that they load at once.
fn needed(chunks: &Value, keys: &[String]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut open: Vec<String> = keys.to_vec();
    while let Some(key) = open.pop() {
        let imports = chunks[&key]["imports"].as_array().into_iter().flatten();
        open.extend(imports.filter_map(Value::as_str).map(str::to_owned).filter(|key| !found.contains(key)));
        found.insert(key);
    }
    found
}

fn packed(file: &Path) -> Result<usize> {
    let packed = Command::new("gzip").args(["-9", "--to-stdout"]).arg(file).output().context("gzip does not start")?;
    Ok(packed.stdout.len())
}
