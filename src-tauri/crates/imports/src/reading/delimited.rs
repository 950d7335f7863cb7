//! CSV and its kin: finds the delimiter by how evenly it divides the first rows, then streams the records.

use super::survey::Text;
use super::text::{BUFFER, TextReader, refusal_of};
use super::{Body, Format, MAX_ROW, OnRow, Row, Shape, header, no_rows, refusal, refuse};
use crate::fields::trimmed;
use crate::problem::{Check, Problem};
use csv::{ErrorKind, Reader, ReaderBuilder, StringRecord};
use std::io::Read;
use std::path::Path;
use std::sync::atomic::AtomicU64;

/// How to read the table again.
#[derive(Debug)]
pub(super) struct Layout {
    text: Text,
    delimiter: u8,
    /// Records before the first data row: `sep=`, titles, the header.
    skip: usize,
    /// A first line `sep=;` is an instruction to the spreadsheet, which does not show it as a row.
    has_sep_line: bool,
}

pub(super) fn open(path: &Path, text: Text, chosen: Option<char>) -> Result<(Shape, Vec<String>, Body), Problem> {
    let (sample, complete) = sample(path, text)?;
    let announced = announced(&sample);
    let chosen = chosen.and_then(|delimiter| u8::try_from(delimiter).ok());
    let (delimiter, records) = match chosen.or(announced) {
        Some(delimiter) => (delimiter, divide(&sample, delimiter, complete)),
        None => best(&sample, complete).ok_or_else(|| {
            refuse("Only one column was found. Separate the columns by comma, semicolon, tab or |, and export again.")
        })?,
    };
    let sep_lines = usize::from(announced.is_some());
    let filled: Vec<(usize, &StringRecord)> =
        records.iter().enumerate().skip(sep_lines).filter(|(_, record)| !is_blank(record)).collect();
    let rows: Vec<StringRecord> = filled.iter().map(|(_, record)| (*record).clone()).collect();
    let at = header::position(&rows);
    let headers = rows.get(at).map(header::clean).ok_or_else(no_rows)?;
    if complete && rows.len() == at + 1 {
        return Err(no_rows());
    }
    let skip = filled[at].0 + 1;
    let layout = Layout { text, delimiter, skip, has_sep_line: announced.is_some() };
    let shape = Shape {
        format: Format::Csv,
        encoding: Some(text.encoding.name()),
        delimiter: Some(char::from(delimiter)),
        sheet: None,
        header_row: Some(layout.header_row(path)?),
    };
    Ok((shape, headers, Body::Delimited(layout)))
}

impl Layout {
    /// Streams the rows below the header.
    pub(super) fn rows(
        &self,
        path: &Path,
        headers: &[String],
        progress: &AtomicU64,
        on_row: &mut OnRow<'_>,
    ) -> Result<(), Problem> {
        let mut records = self.records(path, progress)?;
        let mut problems = Vec::new();
        for _ in 0..self.skip {
            records.next()?;
        }
        while records.next()? {
            if is_blank(&records.record) {
                continue;
            }
            problems.clear();
            fit(&mut records.record, headers, records.row, &mut problems);
            if on_row(Row { number: records.row, cells: &records.record, problems: &problems }).is_break() {
                return Ok(());
            }
        }
        Ok(())
    }

    fn header_row(&self, path: &Path) -> Result<u64, Problem> {
        let progress = AtomicU64::new(0);
        let mut records = self.records(path, &progress)?;
        for _ in 0..self.skip {
            records.next()?;
        }
        Ok(records.row)
    }

    fn records<'p>(&self, path: &'p Path, progress: &'p AtomicU64) -> Result<Records<'p>, Problem> {
        let reader = TextReader::open(path, self.text, progress)?;
        let row_length = reader.row_length();
        Ok(Records {
            path,
            text: self.text,
            reader: builder(self.delimiter).from_reader(reader),
            row_length,
            record: StringRecord::new(),
            row: 0,
            hidden: u64::from(self.has_sep_line),
        })
    }
}

/// The records of one pass, with their row numbers.
struct Records<'p> {
    path: &'p Path,
    text: Text,
    reader: Reader<TextReader<'p>>,
    row_length: super::text::RowLength,
    record: StringRecord,
    row: u64,
    hidden: u64,
}

impl Records<'_> {
    fn next(&mut self) -> Result<bool, Problem> {
        let line = self.reader.position().line();
        match self.reader.read_record(&mut self.record) {
            Ok(more) => {
                self.row_length.set(0);
                let lines = self.reader.position().line() - line;
                self.row += 1 + if lines > 1 { self.blank_lines(lines) } else { 0 };
                if self.hidden > 0 {
                    self.hidden = 0;
                    self.row = 0;
                }
                Ok(more)
            }
            Err(error) => Err(match error.into_kind() {
                ErrorKind::Io(error) => refusal_of(self.path, self.text, &error, self.row + 1),
                _ => refusal::undecodable(self.text.encoding.name(), None),
            }),
        }
    }

    /// Lines without any cell before this record; a spreadsheet shows them as rows, the parser passes over them.
    #[cold]
    fn blank_lines(&self, lines: u64) -> u64 {
        let inside = self.record.as_slice().bytes().filter(|byte| *byte == b'\n').count() as u64;
        lines.saturating_sub(1 + inside)
    }
}

/// Makes the record as wide as the header, or says why that is not possible.
fn fit(record: &mut StringRecord, headers: &[String], row: u64, problems: &mut Vec<Problem>) {
    while record.len() < headers.len() {
        record.push_field("");
    }
    if record.len() == headers.len() {
        return;
    }
    if record.iter().skip(headers.len()).all(|cell| trimmed(cell).is_empty()) {
        record.truncate(headers.len());
        return;
    }
    problems.push(
        Problem::refused(
            Check::V1,
            row,
            format!(
                "The row has {} cells under {} headers. Most likely a cell contains the delimiter and is not in quotation marks.",
                record.len(),
                headers.len()
            ),
        )
        .with_value(&record.iter().skip(headers.len()).collect::<Vec<_>>().join(" | ")),
    );
}

fn is_blank(record: &StringRecord) -> bool {
    record.iter().all(|cell| trimmed(cell).is_empty())
}

fn builder(delimiter: u8) -> ReaderBuilder {
    let mut builder = ReaderBuilder::new();
    builder.has_headers(false).flexible(true).delimiter(delimiter).buffer_capacity(BUFFER);
    builder
}

/// The beginning of the text, and whether that is all of it.
fn sample(path: &Path, text: Text) -> Result<(String, bool), Problem> {
    let progress = AtomicU64::new(0);
    let reader = TextReader::open(path, text, &progress)?;
    let mut bytes = Vec::new();
    let limit = MAX_ROW as u64;
    reader.take(limit).read_to_end(&mut bytes).map_err(|error| refusal_of(path, text, &error, 1))?;
    let complete = (bytes.len() as u64) < limit;
    let sample = String::from_utf8_lossy(&bytes).into_owned();
    let odd = sample.chars().filter(|c| c.is_control() && !matches!(c, '\t' | '\r' | '\n')).count();
    if sample.contains('\0') || odd * 50 > sample.len() {
        return Err(refusal::binary());
    }
    Ok((sample, complete))
}

/// The delimiter that a first line `sep=;` announces.
fn announced(sample: &str) -> Option<u8> {
    let line = sample.lines().next()?.trim_end().trim_matches('"');
    let head = line.get(..4)?;
    match line.as_bytes() {
        [_, _, _, _, delimiter] if head.eq_ignore_ascii_case("sep=") && delimiter.is_ascii() => Some(*delimiter),
        // A tab at the end of the line was trimmed with the line break.
        [_, _, _, _] if head.eq_ignore_ascii_case("sep=") => Some(b'\t'),
        _ => None,
    }
}

/// The delimiter that divides the rows most evenly, and the rows so divided.
fn best(sample: &str, complete: bool) -> Option<(u8, Vec<StringRecord>)> {
    [b',', b';', b'\t', b'|']
        .into_iter()
        .map(|delimiter| (delimiter, divide(sample, delimiter, complete)))
        .filter_map(|(delimiter, records)| Some((evenness(&records)?, delimiter, records)))
        // On a tie the first wins, so a comma is preferred.
        .rev()
        .max_by_key(|(evenness, ..)| *evenness)
        .map(|(_, delimiter, records)| (delimiter, records))
}

/// Share of rows, in percent, with the usual number of cells, then that number; `None` for one column.
fn evenness(records: &[StringRecord]) -> Option<(usize, usize)> {
    let mut widths: Vec<usize> = records.iter().filter(|record| !is_blank(record)).map(StringRecord::len).collect();
    widths.sort_unstable();
    let groups = widths.chunk_by(|a, b| a == b).filter(|group| group[0] > 1);
    let usual = groups.max_by_key(|group| (group.len(), group[0]))?;
    Some((usual.len() * 100 / widths.len(), usual[0]))
}

/// The first records; the last is left out where the sample may have cut it.
fn divide(sample: &str, delimiter: u8, complete: bool) -> Vec<StringRecord> {
    let reader = builder(delimiter).from_reader(sample.as_bytes());
    let mut records: Vec<StringRecord> = reader.into_records().take(header::LOOK).map_while(Result::ok).collect();
    if !complete && records.len() < header::LOOK && records.len() > 1 {
        records.pop();
    }
    records
}
