//! `presell`: everything without a window. Reads what was typed, calls one command, and shows its answer;
//! no rule and no statement of the database lives here.

mod arguments;
mod output;
mod render;
mod run;

use std::process::ExitCode;

use clap::Parser;

use arguments::Arguments;
use output::Output;

/// A plan for a large shop makes millions of small values on one thread and drops them on another, which takes the system's
/// own allocator twice as long.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            let json = std::env::args_os().any(|argument| argument == "--json");
            return Output { json }.usage(&error);
        }
    };
    let output = Output { json: arguments.common.json };
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            output.note(&format!("This computer did not give Presell what it needs to start: {error}."));
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(run::run(arguments, output)) {
        Ok(ending) => ending.into(),
        Err(error) => output.error(&error),
    }
}
