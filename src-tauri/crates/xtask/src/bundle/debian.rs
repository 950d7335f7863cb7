//! Which packages of Debian the programs need.

use std::process::Command;

use anyhow::{Context, Result};
use serde_json::json;

use crate::paths;
use crate::process::run_quietly;

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
    for program in ["presell-desktop", "presell"] {
        shlibdeps.arg(format!("-e{}", paths::target().join("release").join(program).display()));
    }
    let said = run_quietly(&mut shlibdeps)?;
    let found = said.lines().find_map(|line| line.strip_prefix("shlibs:Depends="));
    let depends: Vec<&str> = found.context("dpkg-shlibdeps found no library")?.split(", ").collect();
    Ok(json!({ "bundle": { "linux": { "deb": { "depends": depends } } } }).to_string())
}
