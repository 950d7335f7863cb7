//! Where answers go: the result to standard output, everything else to standard error. A reader that stops reading,
//! such as `head`, is no failure.

use std::io::{self, ErrorKind, IsTerminal, Write};
use std::process::ExitCode;

use anstyle::{AnsiColor, Style};
use presell_commands::Error;
use presell_scheduler::engine::RunLogLayer;
use serde::Serialize;
use serde_json::{Value, json};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

pub(crate) const BOLD: Style = Style::new().bold();
pub(crate) const DIM: Style = Style::new().dimmed();
pub(crate) const GOOD: Style = AnsiColor::Green.on_default();
pub(crate) const BAD: Style = AnsiColor::Red.on_default();
pub(crate) const CAUTION: Style = AnsiColor::Yellow.on_default();

/// How a command ended, apart from errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    /// All was done.
    Done,
    /// Some rows were left out.
    Partly,
    /// It was done, and found something wrong.
    Failed,
}

impl From<Ending> for ExitCode {
    fn from(ending: Ending) -> ExitCode {
        ExitCode::from(match ending {
            Ending::Done => 0,
            Ending::Failed => 1,
            Ending::Partly => 3,
        })
    }
}

/// For people, or for programs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Output {
    pub(crate) json: bool,
}

impl Output {
    /// Lets runs keep what their handlers say. `aloud`: also on standard error, a line each, for people or as JSON.
    pub(crate) fn tell_logs(self, aloud: bool) {
        let people = (aloud && !self.json).then(|| {
            tracing_subscriber::fmt::layer()
                .with_writer(io::stderr)
                .with_target(false)
                .with_ansi(io::stderr().is_terminal())
        });
        let programs = (aloud && self.json).then(|| {
            tracing_subscriber::fmt::layer().with_writer(io::stderr).json().flatten_event(true).with_current_span(false)
        });
        let filter = EnvFilter::try_from_env("PRESELL_LOG").unwrap_or_else(|_| EnvFilter::new("info,sqlx=warn"));
        let told = tracing_subscriber::registry().with(RunLogLayer).with(people).with(programs).with(filter);
        // Only this program sets one, once.
        let _ = told.try_init();
    }

    /// Prints the answer: as JSON, or in the words that `text` finds for it.
    pub(crate) fn answer<T: Serialize + ?Sized>(self, value: &T, text: impl FnOnce(&T) -> String) -> Result<(), Error> {
        if self.json { self.document(value) } else { self.text(&text(value)) }
    }

    /// Prints one JSON document.
    pub(crate) fn document<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Error> {
        let mut document = serde_json::to_string_pretty(value).map_err(|e| Error::failed(e.to_string()))?;
        document.push('\n');
        self.text(&document)
    }

    /// Prints words; colours are dropped where nobody sees them.
    pub(crate) fn text(self, text: &str) -> Result<(), Error> {
        let mut out = anstream::stdout().lock();
        match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
            Err(error) if error.kind() != ErrorKind::BrokenPipe => {
                Err(Error::failed(format!("The answer could not be written: {error}.")))
            }
            _ => Ok(()),
        }
    }

    /// Says something beside the answer, to people and programs alike.
    pub(crate) fn note(self, text: &str) {
        // Nobody is left to tell if standard error is closed.
        let _ = writeln!(anstream::stderr(), "{text}");
    }

    /// Says that a command was not done, and why; returns the exit status.
    pub(crate) fn error(self, error: &Error) -> ExitCode {
        let mut value = serde_json::to_value(error).unwrap_or_else(|_| json!({"code": "failed"}));
        value["message"] = Value::String(error.to_string());
        if self.json {
            self.note(&json!({ "error": value }).to_string());
        } else {
            self.note(&crate::render::failure(error));
        }
        ExitCode::from(if matches!(error, Error::NotAccepted { .. } | Error::FieldsRefused { .. }) { 2 } else { 1 })
    }

    /// Says that what was typed is not understood, or shows the help that was asked for.
    pub(crate) fn usage(self, error: &clap::Error) -> ExitCode {
        if self.json && error.use_stderr() {
            let message = error.render().to_string();
            let message = message.strip_prefix("error: ").unwrap_or(&message).trim_end();
            self.note(&json!({"error": {"code": "usage", "message": message}}).to_string());
        } else {
            let _: io::Result<()> = error.print();
        }
        ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
    }
}
