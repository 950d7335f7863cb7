//! What Debian expects of programs in a package: without what only a debugger reads, and with the packages named that they need.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::json;

use crate::paths;
use crate::process::{run, run_quietly};

/// What is shipped.
const PROGRAMS: [&str; 2] = ["presell-desktop", "presell"];

/// Takes the line tables out, nine tenths of what a program weighs. They are made for whoever measures a release build.
///
/// # Errors
/// `strip` (package binutils) is missing.
pub(super) fn strip() -> Result<()> {
    run(Command::new("strip").arg("--strip-unneeded").args(PROGRAMS.map(program)))
}

fn program(name: &str) -> PathBuf {
    paths::target().join("release").join(name)
}

/// A configuration for the Tauri CLI that names the libraries the programs are linked with, and how new each must be. What is
/// loaded at run time, the tray's library, the CLI adds itself.
///
/// # Errors
/// `dpkg-shlibdeps` (package dpkg-dev) is missing, or a library belongs to no package.
pub(super) fn libraries() -> Result<String> {
    // It wants to stand beside a folder `debian` with the source package's description.
    let folder = paths::target().join("release/shlibdeps");
    std::fs::create_dir_all(folder.join("debian"))?;
    std::fs::write(folder.join("debian/control"), "Source: presell\n\nPackage: presell\nArchitecture: any\n")?;
    let mut shlibdeps = Command::new("dpkg-shlibdeps");
    shlibdeps.current_dir(&folder).arg("-O");
    shlibdeps.args(PROGRAMS.map(|name| format!("-e{}", program(name).display())));
    let said = run_quietly(&mut shlibdeps)?;
    let found = said.lines().find_map(|line| line.strip_prefix("shlibs:Depends="));
    let depends: Vec<&str> = found.context("dpkg-shlibdeps found no library")?.split(", ").collect();
    Ok(json!({ "bundle": { "linux": { "deb": { "depends": depends } } } }).to_string())
}
