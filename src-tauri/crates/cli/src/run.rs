//! From what was typed to the command it means: one function per command, each calls and shows.

mod catalog;
mod daemon;
mod demo;
mod import;
mod jobs;
mod keep;
mod settings;
mod shop;
mod simulator;

use clap::CommandFactory;
use presell_commands::{Result, place};

use crate::arguments::{Arguments, Command, SettingsAction};
use crate::output::{Ending, Output};

/// Runs the command that was typed.
pub(crate) async fn run(arguments: Arguments, output: Output) -> Result<Ending> {
    let Arguments { common, command } = arguments;
    match command {
        // These must not open the database first: it may be damaged, or is not needed.
        Command::Check => return keep::check(&common, output).await,
        Command::Restore { file } => return keep::restore(&common, output, &file).await,
        Command::Demo => return demo::run(output).await,
        Command::Simulator(typed) => return simulator::run(output, typed).await,
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Arguments::command(), "presell", &mut script);
            output.text(&String::from_utf8_lossy(&script))?;
            return Ok(Ending::Done);
        }
        _ => {}
    }
    if let Command::Import(command) = &command {
        import::check_fields(command)?;
    }
    output.tell_logs(matches!(command, Command::Daemon { .. }));
    let writes = writes(&command);
    let app = place::open(common.database.as_deref(), &common.store).await?;
    let done = match command {
        Command::Import(command) => import::run(&app, output, command).await,
        Command::Imports => import::list(&app, output).await,
        Command::Refresh(refresh) => catalog::refresh(&app, output, refresh).await,
        Command::Catalog { category, search } => catalog::list(&app, output, category, search).await,
        Command::Why { sku } => catalog::why(&app, output, sku).await,
        Command::Exclude { skus, undo } => catalog::exclude(&app, output, skus, !undo).await,
        Command::Jobs { search } => jobs::list(&app, output, search).await,
        Command::Job(command) => jobs::job(&app, output, command).await,
        Command::Runs(asked) => jobs::runs(&app, output, asked).await,
        Command::Run(command) => jobs::run(&app, output, command).await,
        Command::Shop(command) => shop::run(&app, output, command).await,
        Command::Daemon { slots } => daemon::run(&app, output, slots).await,
        Command::Settings { action } => settings::run(&app, output, action).await,
        Command::Backup { file } => keep::backup(&app, output, file).await,
        Command::Check
        | Command::Restore { .. }
        | Command::Demo
        | Command::Simulator(_)
        | Command::Completions { .. } => Ok(Ending::Done),
    };
    if writes {
        app.changed().await;
    }
    // A demo shop that lives in this process keeps its state before it ends.
    presell_jobs::shops::doors::close().await;
    app.db.close().await;
    done
}

/// What other programs show of this database is stale afterwards, also when only a part was done.
fn writes(command: &Command) -> bool {
    match command {
        Command::Import(_) | Command::Refresh(_) | Command::Exclude { .. } | Command::Job(_) | Command::Run(_) => true,
        Command::Settings { action } => matches!(action, Some(SettingsAction::Set { .. })),
        _ => false,
    }
}
