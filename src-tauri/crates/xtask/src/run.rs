//! `cargo xtask run`: everything from a fresh machine to a running Presell.

use std::process::Command;

use anyhow::Result;

use crate::{process, setup, window};

pub(crate) fn run() -> Result<()> {
    if !window::has_display() {
        setup::install(&[])?;
        eprintln!(
            "This machine has no display to open the window on (neither DISPLAY nor WAYLAND_DISPLAY is set), so this is"
        );
        eprintln!("`presell demo`: the main job on sample data, step by step.");
        return process::run(process::cargo().args(["run", "--quiet", "--package", "presell-cli", "--", "demo"]));
    }
    let app = window::build()?;
    eprintln!("Presell opens its window. Closed, it goes on working in the tray; quit it there.");
    process::run(&mut Command::new(app))
}
