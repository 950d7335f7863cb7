//! What the app writes down for whoever looks for a fault: one file a day in the person's data folder, a week of them.

use presell_commands::place;
use tracing_appender::non_blocking::WorkerGuard;
use tracing_appender::rolling::{Builder, Rotation};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, fmt};

const DAYS: usize = 7;

/// Starts to write; until the guard is dropped.
pub(crate) fn start() -> Option<WorkerGuard> {
    let filter = EnvFilter::try_from_env("PRESELL_LOG").unwrap_or_else(|_| EnvFilter::new("warn,presell=info"));
    let files = place::data_folder().map(|folder| folder.join("logs")).and_then(|folder| {
        // Without it the first start complains that there is nothing to clear away.
        std::fs::create_dir_all(&folder).ok()?;
        let files = Builder::new().rotation(Rotation::DAILY).filename_prefix("presell").filename_suffix("log");
        files.max_log_files(DAYS).build(folder).ok()
    });
    let (layer, guard) = files
        .map(tracing_appender::non_blocking)
        .map_or((None, None), |(writer, guard)| (Some(fmt::layer().with_ansi(false).with_writer(writer)), Some(guard)));
    let to_terminal = cfg!(debug_assertions).then(|| fmt::layer().with_writer(std::io::stderr));
    tracing_subscriber::registry().with(filter).with(layer).with(to_terminal).init();
    guard
}
