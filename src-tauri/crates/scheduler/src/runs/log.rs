//! The log of a run.

use presell_store::{Db, Result, on, text};
use serde_json::json;

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

impl Level {
    /// The stored word.
    pub fn word(self) -> &'static str {
        match self {
            Level::Error => "error",
            Level::Warn => "warn",
            Level::Info => "info",
            Level::Debug => "debug",
        }
    }
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
pub async fn append(db: &Db, lines: &[LogLine]) -> Result<()> {
    if lines.is_empty() {
        return Ok(());
    }
    let rows: Vec<_> = lines
        .iter()
        .map(|l| json!({"run_id": l.run_id, "seq": l.seq, "at": l.at, "level": l.level, "text": l.text}))
        .collect();
    let sql = text!(
        db,
        "INSERT INTO run_log (run_id, seq, at, level, text) SELECT l.run_id, l.seq, l.at, l.level, l.text FROM ",
        LINES,
        "
        WHERE true ON CONFLICT (run_id, seq) DO NOTHING"
    );
    on!(db, p => sqlx::query(sql).bind(json!(rows).to_string()).execute(p).await.map(|_| ()))
}

/// The lines of a run after line `after`, oldest first.
pub async fn log(db: &Db, run_id: i64, after: i64) -> Result<Vec<LogLine>> {
    let sql = "SELECT run_id, seq, at, level, text FROM run_log WHERE run_id = $1 AND seq > $2 ORDER BY seq";
    on!(db, p => sqlx::query_as(sql).bind(run_id).bind(after).fetch_all(p).await)
}
