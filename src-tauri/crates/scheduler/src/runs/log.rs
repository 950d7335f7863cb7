//! The log of a run.

use presell_store::{Db, Result};

use crate::Millis;

/// How important a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// Something failed.
    Error,
    /// Worth a look.
    Warn,
    /// What happened.
    Info,
    /// For whoever looks closely.
    Debug,
}

/// One line.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct LogLine {
    /// The run.
    pub run_id: i64,
    /// Counts the lines of the run.
    pub seq: i64,
    /// When.
    pub at: Millis,
    /// `error`, `warn`, `info` or `debug`.
    pub level: String,
    /// What.
    pub text: String,
}

/// Writes lines, many at once; a line that is there already is left alone.
pub async fn append(_db: &Db, _lines: &[LogLine]) -> Result<()> {
    unimplemented!()
}

/// The lines of a run after line `after`, oldest first.
pub async fn log(_db: &Db, _run_id: i64, _after: i64) -> Result<Vec<LogLine>> {
    unimplemented!()
}
