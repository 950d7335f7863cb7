//! The house's own tools: set up, run, test, bench, chaos, samples. Call them as `cargo xtask COMMAND`.
//! Never shipped, and light on purpose: of the workspace it knows `presell-samples` only.

mod bench;
mod bundle;
mod chaos;
mod ladder;
mod paths;
mod pictures;
mod postgres;
mod process;
mod run;
mod samples;
mod setup;
mod types;
mod ui;
mod window;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Set up, run, test and measure Presell", max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Install what building and testing need; says what and why, and does nothing where all is there
    Setup,
    /// Set up, build, and start Presell
    Run,
    /// Climb the ladder: format, lints, tests on both databases, documentation, fuzzing
    Test(ladder::Options),
    /// Write the TypeScript types of the commands anew
    Types,
    /// Start a throwaway PostgreSQL for one command, or until Ctrl-C
    Postgres(postgres::Options),
    /// Write sample files; without options the small set that is committed under tests/samples
    Samples(samples::Options),
    /// Measure whole processes side by side with what they must keep up with
    Bench(bench::Options),
    /// Take pictures of every page, light and dark, into docs/pictures
    Pictures,
    /// Build the installers that this machine can build
    Bundle(bundle::Options),
    /// Make trouble for real nodes and check that nothing is lost, doubled, early or left open
    Chaos(chaos::Options),
}

fn main() -> ExitCode {
    let outcome = match Cli::parse().command {
        Task::Setup => setup::install(setup::ALL),
        Task::Run => run::run(),
        Task::Test(options) => return ladder::climb(&options),
        Task::Types => types::write(),
        Task::Postgres(options) => postgres::lend(&options),
        Task::Samples(options) => samples::write(&options),
        Task::Bench(options) => bench::bench(&options),
        Task::Pictures => pictures::take(),
        Task::Bundle(options) => bundle::bundle(&options),
        Task::Chaos(options) => chaos::chaos(&options),
    };
    if let Err(error) = outcome {
        eprintln!("xtask: {error:#}");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}
