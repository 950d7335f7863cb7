//! The desktop app: built with its pages inside, and a display to show it on.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use crate::process::{self, cargo};
use crate::{paths, setup, ui};

/// The pages are part of the program.
pub(crate) const FEATURE: [&str; 4] = ["--package", "presell-desktop", "--features", "custom-protocol"];

/// There is a display to open a window on.
pub(crate) fn has_display() -> bool {
    cfg!(not(target_os = "linux")) || ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|name| std::env::var_os(name).is_some())
}

/// Builds the app with its pages.
///
/// # Errors
/// Something is missing or does not compile.
pub(crate) fn build() -> Result<PathBuf> {
    setup::install(&[&setup::NODE, &setup::WEBKIT])?;
    ui::build()?;
    process::run(cargo().arg("build").args(FEATURE))?;
    Ok(paths::target().join("debug").join(format!("presell-desktop{}", std::env::consts::EXE_SUFFIX)))
}

/// `command` on a display and a bus of its own. The display is outside, else what the bus starts finds none.
pub(crate) fn on_own_display(command: &Command) -> Command {
    let mut wrapped = Command::new("xvfb-run");
    wrapped.args(["--auto-servernum", "--server-args=-screen 0 1440x1000x24", "dbus-run-session", "--"]);
    wrapped.arg(command.get_program()).args(command.get_args());
    if let Some(folder) = command.get_current_dir() {
        wrapped.current_dir(folder);
    }
    for (name, value) in command.get_envs() {
        // What the command is not to hear, a wrapper must not hear either.
        match value {
            Some(value) => wrapped.env(name, value),
            None => wrapped.env_remove(name),
        };
    }
    // Without a graphics card these fail or are slow.
    wrapped.env("WEBKIT_DISABLE_DMABUF_RENDERER", "1").env("LIBGL_ALWAYS_SOFTWARE", "1");
    wrapped
}
