//! Writes a dry run down while it goes on: rows come from a pass that cannot wait for a database, so a thread of its own
//! takes them in batches.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

use presell_store::{Cell, Db, Result, within};
use serde::{Deserialize, Serialize};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use ts_rs::TS;

use crate::adjusting::order;
use crate::headers::{Cells, Field, Mapping};
use crate::problem::Problem;
use crate::request::Difference;

/// Rows handed over at once.
const BATCH: usize = 4_000;
/// Batches that may wait: the reader is slowed down rather than the memory filled.
const WAITING: usize = 4;

/// What happens to a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "RowFate")]
pub enum Fate {
    /// It adds something.
    New,
    /// It changes something known.
    Changed,
    /// It says what is known.
    Unchanged,
    /// It waits for a confirmation.
    Asks,
    /// It is wrong.
    Refused,
    /// A person left it out.
    LeftOut,
}

impl Fate {
    pub(super) const ALL: [Fate; 6] =
        [Fate::New, Fate::Changed, Fate::Unchanged, Fate::Asks, Fate::Refused, Fate::LeftOut];

    pub(super) fn number(self) -> i64 {
        self as i64
    }
}

#[derive(Default)]
struct Batch {
    /// Row, order, SKU, cells as JSON, and what the file says where a person changed it.
    lines: Vec<(i64, String, String, String, Option<String>)>,
    fates: Vec<(i64, Fate)>,
    problems: Vec<Problem>,
    differences: Vec<Difference>,
}

impl Batch {
    fn is_full(&self) -> bool {
        self.lines.len() + self.fates.len() + self.problems.len() + self.differences.len() >= BATCH
    }
}

/// Takes what a dry run finds.
pub(crate) struct Recorder {
    send: SyncSender<Batch>,
    batch: Batch,
    fields: Vec<Field>,
}

impl Recorder {
    /// A recorder into a new database, and the thread that writes it. The thread ends when the recorder is gone.
    pub(super) fn start(path: PathBuf) -> std::io::Result<(Recorder, JoinHandle<Result<()>>)> {
        let (send, receive) = sync_channel(WAITING);
        let writer = std::thread::Builder::new().name("review".to_owned()).spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .map_err(|error| presell_store::StoreError::Sql(sqlx::Error::Io(error)))?;
            runtime.block_on(write_all(&path, &receive))
        })?;
        Ok((Recorder { send, batch: Batch::default(), fields: Vec::new() }, writer))
    }

    /// The fields whose cells are written down.
    pub(crate) fn about(mut self, fields: &[Field]) -> Recorder {
        self.fields = fields.to_vec();
        self
    }

    /// One row, as it counts after a person's changes.
    pub(crate) fn row(&mut self, row: u64, cells: &Cells<'_>, mapping: &Mapping, left_out: bool) {
        let adjusted = mapping.adjusted();
        let said = |field: Field| adjusted.cell(row, field, cells).unwrap_or_else(|| cells.get(field));
        let values: Vec<&str> = self.fields.iter().map(|field| said(*field)).collect();
        let was = self.fields.iter().filter(|field| !adjusted.is_empty() && said(**field) != cells.get(**field));
        let was: Vec<(Field, &str)> = was.map(|field| (*field, cells.get(*field))).collect();
        let json = |value: &dyn erased::Json| value.json();
        let row = number(row);
        let line = (row, order(cells).to_owned(), said(Field::Sku).to_owned(), json(&values));
        let was = (!was.is_empty()).then(|| json(&was));
        self.batch.lines.push((line.0, line.1, line.2, line.3, was));
        if left_out {
            self.batch.fates.push((row, Fate::LeftOut));
        }
        self.pass_on();
    }

    /// What happens to a row; what is said last counts.
    pub(crate) fn fate(&mut self, row: u64, fate: Fate) {
        self.batch.fates.push((number(row), fate));
        self.pass_on();
    }

    pub(crate) fn problem(&mut self, problem: &Problem) {
        self.batch.problems.push(problem.clone());
        self.pass_on();
    }

    pub(crate) fn difference(&mut self, difference: &Difference) {
        if let Some(row) = difference.row {
            self.batch.fates.push((number(row), Fate::Changed));
        }
        self.batch.differences.push(difference.clone());
        self.pass_on();
    }

    fn pass_on(&mut self) {
        if self.batch.is_full() {
            self.flush();
        }
    }

    fn flush(&mut self) {
        // A writer that is gone has failed and says so itself.
        let _ = self.send.send(std::mem::take(&mut self.batch));
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        self.flush();
    }
}

fn number(row: u64) -> i64 {
    i64::try_from(row).unwrap_or(i64::MAX)
}

mod erased {
    /// Plain texts and names, which JSON can always say.
    pub(super) trait Json {
        fn json(&self) -> String;
    }
    impl<T: serde::Serialize> Json for T {
        fn json(&self) -> String {
            serde_json::to_string(self).unwrap_or_default()
        }
    }
}

const SCHEMA: &[&str] = &[
    "CREATE TABLE line (row INTEGER PRIMARY KEY, po TEXT NOT NULL, sku TEXT NOT NULL, cells TEXT NOT NULL, was TEXT)",
    "CREATE TABLE fate (row INTEGER PRIMARY KEY ON CONFLICT REPLACE, fate INTEGER NOT NULL)",
    "CREATE TABLE problem (row INTEGER, code TEXT NOT NULL, severity TEXT NOT NULL, col TEXT, message TEXT NOT NULL, value TEXT)",
    "CREATE TABLE difference (row INTEGER, subject TEXT NOT NULL, fields TEXT NOT NULL)",
];

const INDEXES: &[&str] = &[
    "CREATE INDEX line_po ON line(po)",
    "CREATE INDEX problem_row ON problem(row)",
    "CREATE INDEX problem_code ON problem(code, severity, row)",
    "CREATE INDEX difference_row ON difference(row)",
];

/// The temporary database. What it holds is worth nothing after a crash, so nothing is made safe.
pub(super) async fn open(path: &Path, create: bool) -> Result<Db> {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(create)
        .journal_mode(SqliteJournalMode::Off)
        .synchronous(SqliteSynchronous::Off)
        .row_buffer_size(1_000)
        .pragma("cache_size", "-16384");
    // One connection for good: the file may lose its name while it is open.
    let pool = SqlitePoolOptions::new().max_connections(1).idle_timeout(None).max_lifetime(None);
    Ok(Db::Sqlite(pool.connect_with(options).await?))
}

async fn write_all(path: &Path, receive: &Receiver<Batch>) -> Result<()> {
    let db = open(path, true).await?;
    let mut tx = db.begin().await?;
    for sql in SCHEMA {
        tx.run(sql).await?;
    }
    while let Ok(batch) = receive.recv() {
        write(&mut tx, &batch).await?;
    }
    for sql in INDEXES {
        tx.run(sql).await?;
    }
    let sql = "ANALYZE";
    within!(&mut tx, c => sqlx::query(sql).execute(c).await.map(|_| ()))?;
    tx.commit().await?;
    db.close().await;
    Ok(())
}

async fn write(tx: &mut presell_store::Tx, batch: &Batch) -> Result<()> {
    let mut cells: Vec<Cell<'_>> = Vec::with_capacity(batch.lines.len() * 5);
    for (row, po, sku, values, was) in &batch.lines {
        cells.extend([Cell::Int(*row), Cell::Text(po), Cell::Text(sku), Cell::Text(values), was.as_deref().into()]);
    }
    tx.insert_many("line", &["row", "po", "sku", "cells", "was"], &cells).await?;
    let fates: Vec<Cell<'_>> =
        batch.fates.iter().flat_map(|(row, fate)| [Cell::Int(*row), Cell::Int(fate.number())]).collect();
    tx.insert_many("fate", &["row", "fate"], &fates).await?;
    let words: Vec<(String, String)> = batch.problems.iter().map(|p| (word(&p.code), word(&p.severity))).collect();
    let mut cells: Vec<Cell<'_>> = Vec::with_capacity(words.len() * 6);
    for (p, (code, severity)) in batch.problems.iter().zip(&words) {
        let row: Cell<'_> = p.row.map(number).into();
        cells.extend([row, Cell::Text(code), Cell::Text(severity), p.column.as_deref().into()]);
        cells.extend([Cell::Text(&p.message), p.value.as_deref().into()]);
    }
    tx.insert_many("problem", &["row", "code", "severity", "col", "message", "value"], &cells).await?;
    let fields: Vec<String> = batch.differences.iter().map(|d| erased::Json::json(&d.fields)).collect();
    let mut cells: Vec<Cell<'_>> = Vec::with_capacity(fields.len() * 3);
    for (d, fields) in batch.differences.iter().zip(&fields) {
        cells.extend([d.row.map(number).into(), Cell::Text(&d.subject), Cell::Text(fields)]);
    }
    tx.insert_many("difference", &["row", "subject", "fields"], &cells).await
}

fn word(value: &impl Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
}
