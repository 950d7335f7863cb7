//! `cargo xtask postgres`: the throwaway server for a command of one's own, such as a single test.

use std::process::Command;

use anyhow::{Context, Result, bail};

use super::{Durability, Server, VARIABLE};
use crate::process;
use crate::setup::{self, POSTGRES};

#[derive(clap::Args)]
pub(crate) struct Options {
    /// Force every write to disk, as a company's server would
    #[arg(long)]
    durable: bool,
    /// The command, such as `cargo nextest run -p presell-store`; without one the server stays until Ctrl-C
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    command: Vec<String>,
}

pub(crate) fn lend(options: &Options) -> Result<()> {
    setup::install(&[&POSTGRES])?;
    let server = Server::start(if options.durable { Durability::Durable } else { Durability::Fast })?;
    let Some((program, arguments)) = options.command.split_first() else {
        println!("export {VARIABLE}='{}'", server.url());
        eprintln!("PostgreSQL runs until Ctrl-C.");
        loop {
            // The handler of Ctrl-C stops the server and ends this process.
            std::thread::park();
        }
    };
    let mut command = Command::new(program);
    process::forget_package(&mut command);
    let status = command.args(arguments).env(VARIABLE, server.url()).status();
    let status = status.with_context(|| format!("could not start `{program}`"))?;
    if !status.success() {
        bail!("`{program}` ended with {status}");
    }
    Ok(())
}
