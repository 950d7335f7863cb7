//! The commands of Presell without its window, for tests and for whoever works on the user interface: the TypeScript types,
//! and the real core behind HTTP on loopback. Never shipped.

mod events;
mod lend;
mod rpc;
mod serve;
mod types;
mod upload;

use std::path::PathBuf;

use anyhow::Result;
use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(about = "The commands of Presell without its window, for tests", version)]
struct Arguments {
    #[command(subcommand)]
    work: Work,
}

#[derive(Subcommand)]
enum Work {
    /// Write the TypeScript types of all commands
    Types {
        /// The file to write
        #[arg(default_value = types::FILE)]
        file: PathBuf,
    },
    /// Serve the user interface and the commands on loopback; prints the address
    Serve(serve::Serve),
    /// Lend an empty PostgreSQL database on the test server; prints its address, and removes it when the input ends
    Lend,
}

#[tokio::main]
async fn main() -> Result<()> {
    match Arguments::parse().work {
        Work::Types { file } => Ok(std::fs::write(file, types::module())?),
        Work::Serve(serve) => serve.run().await,
        Work::Lend => lend::lend().await,
    }
}
