//! `cargo xtask types`: the TypeScript side of the command list.

use anyhow::Result;

use crate::process::{cargo, run};

pub(crate) fn write() -> Result<()> {
    run(cargo().args(["run", "--quiet", "--package", "presell-host", "--", "types"]))
}
