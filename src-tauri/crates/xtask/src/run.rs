//! `cargo xtask run`: everything from a fresh machine to a running Presell.

use anyhow::Result;

use crate::{process, setup};

pub(crate) fn run() -> Result<()> {
    setup::install(&[])?;
    eprintln!("There is no window to open yet, so this is `presell demo`: the main job on sample data, step by step.");
    process::run(process::cargo().args(["run", "--quiet", "--package", "presell-cli", "--", "demo"]))
}
