//! From a path to rows of text: CSV, XLSX and JSON, whatever their encoding, delimiter and sheet.
//! Streams in flat memory and knows nothing of what the columns mean. What cannot be read is refused with its cause.

mod archive;
mod delimited;
mod header;
mod number;
mod objects;
mod refusal;
mod survey;
mod text;
mod workbook;

use crate::problem::{Check, Problem};
use serde::{Deserialize, Serialize};
use std::fs::Metadata;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use survey::Content;
use ts_rs::TS;

/// Largest file that is read, in bytes.
pub const MAX_FILE: u64 = 2 << 30;
/// Longest row that is read, in bytes: beyond it a quote or a line break is missing.
pub const MAX_ROW: usize = 1 << 20;
/// Most columns that are read, the limit of a spreadsheet.
pub const MAX_COLUMNS: usize = 16_384;

/// How the file is written, as it was detected; shown to the person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Shape {
    /// The kind of file.
    pub format: Format,
    /// The encoding's usual name, for text.
    pub encoding: Option<&'static str>,
    /// What stands between the cells, for CSV.
    pub delimiter: Option<char>,
    /// The sheet that was read, for XLSX.
    pub sheet: Option<String>,
    /// The row that holds the headers, for CSV and XLSX.
    pub header_row: Option<u64>,
}

impl std::fmt::Display for Shape {
    /// "CSV, windows-1252, separated by ;" or "XLSX, sheet Lines".
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self.format {
            Format::Csv => "CSV",
            Format::Xlsx => "XLSX",
            Format::Json => "JSON",
        })?;
        if let Some(encoding) = self.encoding {
            write!(f, ", {encoding}")?;
        }
        match self.delimiter {
            Some('\t') => f.write_str(", separated by tabs")?,
            Some(delimiter) => write!(f, ", separated by {delimiter}")?,
            None => {}
        }
        self.sheet.as_ref().map_or(Ok(()), |sheet| write!(f, ", sheet {sheet}"))
    }
}

/// How a file is to be read, where a person knows better than what was detected.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[ts(rename = "FileReading")]
pub struct Reading {
    /// What stands between the cells.
    pub delimiter: Option<char>,
    /// The encoding, by its usual name.
    pub encoding: Option<String>,
    /// Whether `03/04/2027` is the third of April.
    pub day_first: Option<bool>,
    /// Whether a comma stands before the fraction.
    pub comma_is_decimal: Option<bool>,
}

/// How a file writes dates and numbers, as far as its cells show it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "FileWritten")]
pub struct Written {
    /// Whether `03/04/2027` is the third of April.
    pub day_first: Option<bool>,
    /// Whether a comma stands before the fraction.
    pub comma_is_decimal: Option<bool>,
}

/// A kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// Text with a delimiter.
    Csv,
    /// An Excel workbook.
    Xlsx,
    /// An array of flat objects.
    Json,
}

/// One row of the file.
#[derive(Debug)]
pub struct Row<'a> {
    /// Row as a spreadsheet numbers it; in JSON the first object is 1.
    pub number: u64,
    /// One cell per header, empty where the file has none; more than headers only where `problems` says so.
    pub cells: &'a csv::StringRecord,
    /// What is wrong with the row's form: too many cells, a formula error, a merged cell. Usually empty.
    /// Those with a column concern that column only.
    pub problems: &'a [Problem],
}

/// Receives each row; breaking off ends the pass early and is no error.
pub type OnRow<'f> = dyn FnMut(Row<'_>) -> ControlFlow<()> + 'f;

/// A file that can be read, as often as needed.
#[derive(Debug)]
pub struct Source {
    path: PathBuf,
    shape: Shape,
    headers: Vec<String>,
    sha256: String,
    size: u64,
    seen: Seen,
    notes: Vec<Problem>,
    progress: Arc<AtomicU64>,
    stop: Arc<AtomicBool>,
    body: Body,
}

#[derive(Debug)]
enum Body {
    Delimited(delimited::Layout),
    Objects(survey::Text),
    Workbook(Box<workbook::Sheet>),
}

/// What tells one state of a file from another.
type Seen = (u64, Option<std::time::SystemTime>);

/// Looks at a file: hashes it, finds out how it is written, and reads its headers.
///
/// # Errors
/// A refusal (V1) with its cause: missing, unreadable, a folder, empty, no rows, not a table, too large, undecodable.
pub fn open(path: &Path) -> Result<Source, Problem> {
    open_as(path, &Reading::default())
}

/// As [`open`], with a delimiter or an encoding that a person chose.
///
/// # Errors
/// As [`open`], and an encoding that nobody knows.
pub fn open_as(path: &Path, reading: &Reading) -> Result<Source, Problem> {
    let metadata = path.metadata().map_err(|error| refusal::io(path, &error))?;
    if metadata.is_dir() {
        return Err(refuse("This is a folder, not a file. Choose a CSV, XLSX or JSON file inside it."));
    }
    if !metadata.is_file() {
        return Err(refuse("This is a device or a pipe, not a file. Save the data to a file first."));
    }
    if metadata.len() == 0 {
        return Err(refuse("The file is empty (0 bytes). Export it again."));
    }
    if metadata.len() > MAX_FILE {
        return Err(refuse("The file is larger than 2 GB. Split it and import the parts one by one."));
    }
    let survey = survey::survey(path)?;
    let progress = Arc::new(AtomicU64::new(0));
    let mut notes = Vec::new();
    let (shape, headers, body) = match survey.content {
        Content::Zip => workbook::open(path, &mut notes)?,
        Content::Json(text) => objects::open(path, chosen(text, reading)?)?,
        Content::Table(text) => delimited::open(path, chosen(text, reading)?, reading.delimiter)?,
    };
    if headers.len() > MAX_COLUMNS {
        return Err(refuse("The file has more than 16,384 columns, which no table has. Check how it was exported."));
    }
    Ok(Source {
        path: path.to_owned(),
        shape,
        headers,
        sha256: survey.sha256,
        size: metadata.len(),
        seen: seen(&metadata),
        notes,
        progress,
        stop: Arc::default(),
        body,
    })
}

/// The text with the encoding that a person chose.
fn chosen(text: survey::Text, reading: &Reading) -> Result<survey::Text, Problem> {
    let Some(name) = &reading.encoding else { return Ok(text) };
    let encoding = encoding_rs::Encoding::for_label(name.as_bytes())
        .ok_or_else(|| refuse(format!("There is no encoding {name}. Usual ones are UTF-8 and windows-1252.")))?;
    // A mark at the beginning says what the text is; nobody knows better.
    Ok(if text.skip > 0 { text } else { survey::Text { encoding, ..text } })
}

impl Source {
    /// Passes end early once this is set.
    pub fn stop_with(&mut self, stop: Arc<AtomicBool>) {
        self.stop = stop;
    }

    /// How the file is written.
    pub fn shape(&self) -> &Shape {
        &self.shape
    }

    /// The headers, trimmed; a column without one is an empty text.
    pub fn headers(&self) -> &[String] {
        &self.headers
    }

    /// SHA-256 of the file's bytes, in lower-case hexadecimal.
    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    /// The file's size in bytes.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// What is worth knowing before the rows are read.
    pub fn notes(&self) -> &[Problem] {
        &self.notes
    }

    /// Bytes of [`Source::size`] that the running pass has read; may be watched from another thread.
    pub fn progress(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.progress)
    }

    /// Hands every row that is not blank to `on_row`, from the first; each call is a pass of its own.
    ///
    /// # Errors
    /// A refusal of the file (V1): it changed since it was opened, a row without end, a broken encoding, no rows at all.
    /// Rows handed out before it must then be dropped.
    pub fn for_each_row(&mut self, on_row: &mut OnRow<'_>) -> Result<(), Problem> {
        self.unchanged()?;
        self.progress.store(0, Ordering::Relaxed);
        let stop = Arc::clone(&self.stop);
        let mut rows = 0_u64;
        let mut stopped = false;
        let mut counted = |row: Row<'_>| {
            rows += 1;
            let flow = if stop.load(Ordering::Relaxed) { ControlFlow::Break(()) } else { on_row(row) };
            stopped = flow.is_break();
            flow
        };
        match &mut self.body {
            Body::Delimited(layout) => layout.rows(&self.path, &self.headers, &self.progress, &mut counted)?,
            Body::Objects(text) => objects::rows(&self.path, *text, &self.headers, &self.progress, &mut counted)?,
            Body::Workbook(sheet) => sheet.rows(&self.headers, self.size, &self.progress, &mut counted)?,
        }
        if stopped {
            return Ok(());
        }
        if rows == 0 {
            return Err(no_rows());
        }
        self.progress.store(self.size, Ordering::Relaxed);
        self.unchanged()
    }

    fn unchanged(&self) -> Result<(), Problem> {
        let metadata = self.path.metadata().map_err(|error| refusal::io(&self.path, &error))?;
        if seen(&metadata) == self.seen {
            return Ok(());
        }
        Err(refuse(
            "The file changed while it was being read. Wait until it is written completely, then import it again.",
        ))
    }
}

fn seen(metadata: &Metadata) -> Seen {
    (metadata.len(), metadata.modified().ok())
}

fn refuse(message: impl Into<String>) -> Problem {
    Problem::file(Check::V1, message)
}

fn no_rows() -> Problem {
    refuse("The file has headers but no rows below them. Check the filter of the export, and export it again.")
}
