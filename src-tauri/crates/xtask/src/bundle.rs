//! `cargo xtask bundle`: the installers that can be made here, without a network once everything is fetched.

use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::process::{cargo, run};
use crate::{paths, setup, ui};

#[derive(clap::Args)]
pub(crate) struct Options {
    /// What to make; on Linux deb and rpm need nothing but this machine
    #[arg(long, value_delimiter = ',', default_values_t = DEFAULT.map(str::to_owned))]
    bundles: Vec<String>,
}

#[cfg(target_os = "linux")]
const DEFAULT: [&str; 2] = ["deb", "rpm"];
#[cfg(windows)]
const DEFAULT: [&str; 1] = ["nsis"];
#[cfg(target_os = "macos")]
const DEFAULT: [&str; 1] = ["dmg"];

pub(crate) fn bundle(options: &Options) -> Result<()> {
    setup::install(&[&setup::NODE, &setup::WEBKIT])?;
    ui::install()?;
    // The command line travels in the same package; the Tauri CLI builds only the window.
    run(cargo().args(["build", "--release", "--package", "presell-cli"]))?;
    let tauri = paths::root().join("ui/node_modules/.bin").join(if cfg!(windows) { "tauri.cmd" } else { "tauri" });
    let mut build = Command::new(tauri);
    run(build.current_dir(paths::root()).args(["build", "--bundles", &options.bundles.join(",")]))?;
    let made = made(&options.bundles)?;
    for (file, size) in &made {
        println!("{file}  {:.1} MB", *size as f64 / 1e6);
    }
    if made.is_empty() {
        bail!("no installer was made");
    }
    Ok(())
}

/// The installers there are, newest versions included.
fn made(bundles: &[String]) -> Result<Vec<(String, u64)>> {
    let mut made = Vec::new();
    for kind in bundles {
        let folder = paths::target().join("release/bundle").join(kind);
        for file in folder.read_dir().with_context(|| format!("{} is missing", folder.display()))? {
            let file = file?;
            if file.file_type()?.is_file() {
                made.push((file.path().display().to_string(), file.metadata()?.len()));
            }
        }
    }
    Ok(made)
}
