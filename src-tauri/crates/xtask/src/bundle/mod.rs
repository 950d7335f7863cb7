//! `cargo xtask bundle`: the installers that can be made here, without a network once everything is fetched; and with `--try`
//! a computer that has nothing yet, on which the deb is installed, used and removed.

#[cfg(target_os = "linux")]
mod clean_root;
#[cfg(target_os = "linux")]
mod debian;
mod notices;
#[cfg(target_os = "linux")]
mod trial;

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::process::{cargo, run};
use crate::{paths, setup, ui};

#[derive(clap::Args)]
pub(crate) struct Options {
    /// What to make; on Linux deb and rpm need nothing but this machine
    #[arg(long, value_delimiter = ',', default_values_t = DEFAULT.map(str::to_owned))]
    bundles: Vec<String>,
    /// Then install the deb on a bare system in a folder, use it, upgrade, remove and purge it (Debian and Ubuntu);
    /// with a FILE, that one is tried and nothing is made
    #[cfg(target_os = "linux")]
    #[arg(long = "try", value_name = "FILE", num_args = 0..=1)]
    trial: Option<Option<PathBuf>>,
}

#[cfg(target_os = "linux")]
const DEFAULT: [&str; 2] = ["deb", "rpm"];
#[cfg(windows)]
const DEFAULT: [&str; 1] = ["nsis"];
#[cfg(target_os = "macos")]
const DEFAULT: [&str; 1] = ["dmg"];

pub(crate) fn bundle(options: &Options) -> Result<()> {
    #[cfg(target_os = "linux")]
    if let Some(Some(deb)) = &options.trial {
        return trial::of(&deb.canonicalize().with_context(|| format!("{} is missing", deb.display()))?);
    }
    let made = make(&options.bundles)?;
    for file in &made {
        println!("{}  {:.1} MB", file.display(), file.metadata()?.len() as f64 / 1e6);
    }
    #[cfg(target_os = "linux")]
    if options.trial.is_some() {
        let deb = made.iter().find(|file| file.extension().is_some_and(|kind| kind == "deb"));
        return trial::of(deb.context("no deb was made that could be tried")?);
    }
    Ok(())
}

/// What is shipped, as it is shipped: the window with its pages inside, and the command line.
///
/// # Errors
/// Something is missing or does not compile.
pub(crate) fn build() -> Result<()> {
    setup::install(&[&setup::NODE, &setup::WEBKIT])?;
    ui::build()?;
    // Both are `default-members`; built in one go they share all that they are built from.
    run(cargo().args(["build", "--release", "--bins", "--features", "tauri/custom-protocol"]))
}

fn make(bundles: &[String]) -> Result<Vec<PathBuf>> {
    build()?;
    #[cfg(target_os = "linux")]
    debian::strip()?;
    let release = paths::target().join("release");
    notices::write(&release.join("third-party.txt.gz"))?;
    let changes = std::fs::read_to_string(paths::root().join("src-tauri/packaging/changelog"))?;
    notices::packed(&changes, &release.join("changelog.gz"))?;
    let tauri = paths::root().join("ui/node_modules/.bin").join(if cfg!(windows) { "tauri.cmd" } else { "tauri" });
    let mut pack = Command::new(tauri);
    pack.current_dir(paths::root()).args(["bundle", "--bundles", &bundles.join(",")]);
    #[cfg(target_os = "linux")]
    if bundles.iter().any(|kind| kind == "deb") {
        pack.args(["--config", &debian::libraries()?]);
    }
    // An older version's would be taken for this one's.
    for kind in bundles {
        let _ = std::fs::remove_dir_all(folder(kind));
    }
    run(&mut pack)?;
    let mut made = Vec::new();
    for kind in bundles {
        let folder = folder(kind);
        let files = folder.read_dir().with_context(|| format!("no {kind} was made"))?;
        made.extend(files.filter_map(|file| Some(file.ok()?.path())).filter(|file| file.is_file()));
    }
    if made.is_empty() {
        bail!("no installer was made");
    }
    Ok(made)
}

fn folder(kind: &str) -> PathBuf {
    paths::target().join("release/bundle").join(kind)
}
