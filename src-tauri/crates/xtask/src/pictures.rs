//! `cargo xtask pictures`: every page, light and dark, as the documentation shows it.

use anyhow::Result;

use crate::process::{cargo, run};
use crate::ui::{self, npm};
use crate::{paths, setup};

pub(crate) fn take() -> Result<()> {
    setup::install(&[&setup::NODE, &setup::CHROMIUM])?;
    ui::build()?;
    run(cargo().args(["build", "--package", "presell-host"]))?;
    let mut playwright = npm();
    playwright.args(["run", "--silent", "e2e", "--", "--config", "pictures.config.ts"]);
    run(playwright.env("PRESELL_HOST", paths::target().join("debug/presell-host")))
}
