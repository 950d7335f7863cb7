//! What a run says while it is at work: lines and progress, collected and written a few times a second.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc::Receiver;
use tokio::sync::oneshot;
use tokio::time::{Instant, timeout_at};
use tracing::field::{Field, Visit};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;

use super::Work;
use super::hand::Shared;
use crate::machine::{self, Progress};
use crate::runs::{self, Level, LogLine};

/// Lines kept of one run.
pub(super) const LINES: i64 = 2_000;
/// A line longer than this is cut.
pub(super) const LONGEST: usize = 4_000;
const AT_ONCE: usize = 100;
const COLLECT: Duration = Duration::from_millis(250);

tokio::task_local! {
    /// The run whose handler this task is.
    pub(super) static CURRENT: Work;
}

/// Something to write down.
pub(super) enum Note {
    Line(LogLine),
    Progress(Progress),
    /// Write what there is, then say so.
    Flush(oneshot::Sender<()>),
}

/// Writes until nobody is left to say anything.
pub(super) async fn write(shared: Arc<Shared>, mut notes: Receiver<Note>) {
    while let Some(first) = notes.recv().await {
        let until = Instant::now() + COLLECT;
        let mut lines = Vec::new();
        let mut progress = HashMap::new();
        let mut waiting = None;
        let mut next = Some(first);
        while let Some(note) = next {
            match note {
                Note::Line(line) => lines.push(line),
                Note::Progress(one) => drop(progress.insert(one.run, one)),
                Note::Flush(done) => waiting = Some(done),
            }
            next = match lines.len() {
                ..AT_ONCE if waiting.is_none() => timeout_at(until, notes.recv()).await.ok().flatten(),
                _ => None,
            };
        }
        let progress: Vec<Progress> = progress.into_values().collect();
        // A log is for people: what cannot be written now is not worth holding up the work.
        let written = async {
            runs::append(&shared.db, &lines).await?;
            machine::progress(&shared.db, &progress).await
        };
        if let Err(error) = shared.ask(written).await {
            tracing::debug!(%error, lines = lines.len(), "log lines are lost");
        }
        if let Some(done) = waiting {
            let _ = done.send(());
        }
    }
}

/// Copies what handlers say through `tracing` into the logs of their runs.
#[derive(Clone, Copy, Debug, Default)]
pub struct RunLogLayer;

impl<S: tracing::Subscriber> Layer<S> for RunLogLayer {
    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        let level = match *event.metadata().level() {
            tracing::Level::ERROR => Level::Error,
            tracing::Level::WARN => Level::Warn,
            tracing::Level::INFO => Level::Info,
            _ => return,
        };
        // Statements and connections are not the run's own words.
        if !event.metadata().target().starts_with("presell") {
            return;
        }
        let _ = CURRENT.try_with(|work| {
            let mut words = Words::default();
            event.record(&mut words);
            work.log(level, words.0);
        });
    }
}

/// The message of an event, then its fields.
#[derive(Default)]
struct Words(String);

impl Visit for Words {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        // Writing to a string does not fail.
        let _ = match field.name() {
            "message" => {
                self.0.insert_str(0, &format!("{value:?}"));
                Ok(())
            }
            name => write!(self.0, " {name}={value:?}"),
        };
    }
}
