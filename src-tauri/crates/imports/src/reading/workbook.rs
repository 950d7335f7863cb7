//! XLSX: the first visible sheet with data, streamed cell by cell. Formulas count by the value the spreadsheet stored.
//! Refuses archives that are no workbook, and those that would fill the memory.

use super::archive;
use super::{Body, Format, MAX_COLUMNS, OnRow, Row, Shape, header, number, refusal, refuse};
use crate::fields::trimmed;
use crate::problem::{Check, Problem, Severity};
use calamine::{DataRef, Dimensions, Reader, SheetType, SheetVisible, Xlsx, XlsxError};
use csv::StringRecord;
use std::fs::File;
use std::io::BufReader;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

/// Rows a sheet can have.
const MAX_ROWS: u32 = 1_048_576;

type Book = Xlsx<BufReader<File>>;

/// The sheet that is read.
pub(super) struct Sheet {
    book: Book,
    name: String,
    /// Zero-based row of the headers.
    header: u32,
    last: u32,
    merged: Vec<Dimensions>,
}

impl std::fmt::Debug for Sheet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sheet").field("name", &self.name).field("header", &self.header).finish_non_exhaustive()
    }
}

pub(super) fn open(path: &Path, notes: &mut Vec<Problem>) -> Result<(Shape, Vec<String>, Body), Problem> {
    archive::check(path)?;
    let file = File::open(path).map_err(|error| refusal::io(path, &error))?;
    let mut book = Xlsx::new(BufReader::new(file)).map_err(|error| damaged(&error))?;
    let sheets: Vec<_> =
        book.sheets_metadata().iter().filter(|sheet| sheet.typ == SheetType::WorkSheet).cloned().collect();
    let visible = sheets.iter().filter(|sheet| sheet.visible == SheetVisible::Visible);
    let hidden = sheets.iter().filter(|sheet| sheet.visible != SheetVisible::Visible);
    let mut found: Option<(String, Top)> = None;
    let mut others = Vec::new();
    for sheet in visible.chain(hidden) {
        let top = Top::of(&mut book, &sheet.name)?;
        match &found {
            _ if top.rows.len() < 2 => {}
            None => found = Some((sheet.name.clone(), top)),
            Some(_) if sheet.visible == SheetVisible::Visible => others.push(sheet.name.as_str()),
            Some(_) => {}
        }
    }
    let (name, top) = found.ok_or_else(|| {
        refuse("No sheet of this workbook holds headers and rows below them. Check the export, and export it again.")
    })?;
    if !others.is_empty() {
        let message =
            format!("Only the sheet {name} was read. The workbook also holds data in: {}.", others.join(", "));
        notes.push(Problem::new(Check::V1, Severity::Note, message));
    }
    let at = header::position(&top.rows);
    let headers = header::clean(&top.rows[at]);
    if at + 1 == top.rows.len() {
        return Err(super::no_rows());
    }
    let header = top.numbers[at];
    let merged = book.merge_cells_by_sheet_name(&name).map_err(|error| damaged(&error))?;
    let merged = merged.into_iter().filter(|range| range.end.0 > header && range.start.1 < width(&headers)).collect();
    let shape = Shape {
        format: Format::Xlsx,
        encoding: None,
        delimiter: None,
        sheet: Some(name.clone()),
        header_row: Some(u64::from(header) + 1),
    };
    Ok((shape, headers, Body::Workbook(Box::new(Sheet { book, name, header, last: top.last, merged }))))
}

impl Sheet {
    /// Streams the rows below the header.
    pub(super) fn rows(
        &mut self,
        headers: &[String],
        size: u64,
        progress: &AtomicU64,
        on_row: &mut OnRow<'_>,
    ) -> Result<(), Problem> {
        let (header, merged) = (self.header, &self.merged);
        let last = u64::from(self.last.max(1));
        walk(&mut self.book, &self.name, headers, &mut |row, record, problems| {
            if row <= header {
                return ControlFlow::Continue(());
            }
            progress.store((size * u64::from(row) / last).min(size), Ordering::Relaxed);
            let number = u64::from(row) + 1;
            for range in merged.iter().filter(|range| (range.start.0..=range.end.0).contains(&row)) {
                problems.push(merged_cells(range, number, headers));
            }
            if problems.is_empty() && record.iter().all(|cell| trimmed(cell).is_empty()) {
                return ControlFlow::Continue(());
            }
            on_row(Row { number, cells: record, problems })
        })
    }
}

/// The first rows of a sheet that are not blank.
struct Top {
    rows: Vec<StringRecord>,
    numbers: Vec<u32>,
    last: u32,
}

impl Top {
    fn of(book: &mut Book, name: &str) -> Result<Self, Problem> {
        let mut top = Self { rows: Vec::new(), numbers: Vec::new(), last: 0 };
        // A dialogue or chart that calls itself a worksheet has no rows.
        top.last = match book.worksheet_cells_reader(name) {
            Ok(cells) => cells.dimensions().end.0,
            Err(XlsxError::NotAWorksheet(_) | XlsxError::WorksheetNotFound(_)) => return Ok(top),
            Err(error) => return Err(damaged(&error)),
        };
        walk(book, name, &[], &mut |row, record, _| {
            if record.iter().any(|cell| !trimmed(cell).is_empty()) {
                top.rows.push(record.clone());
                top.numbers.push(row);
            }
            if top.rows.len() < header::LOOK { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })?;
        Ok(top)
    }
}

type OnCells<'f> = dyn FnMut(u32, &StringRecord, &mut Vec<Problem>) -> ControlFlow<()> + 'f;

/// Hands out every row of the sheet that has cells; as wide as the headers, or as its cells where there are none yet.
fn walk(book: &mut Book, name: &str, headers: &[String], on_cells: &mut OnCells<'_>) -> Result<(), Problem> {
    let mut cells = book.worksheet_cells_reader(name).map_err(|error| damaged(&error))?;
    let (mut record, mut text, mut problems) = (StringRecord::new(), String::new(), Vec::new());
    let mut current: Option<u32> = None;
    loop {
        let cell = cells.next_cell_with_formula_metadata().map_err(|error| damaged(&error))?;
        let next = cell.as_ref().map(|cell| cell.pos.0);
        if let Some(row) = current.filter(|_| next != current) {
            (record.len()..headers.len()).for_each(|_| record.push_field(""));
            if on_cells(row, &record, &mut problems).is_break() {
                return Ok(());
            }
            record.clear();
            problems.clear();
        }
        let Some(cell) = cell else { return Ok(()) };
        let (row, column) = (cell.pos.0, cell.pos.1 as usize);
        if row >= MAX_ROWS || column >= MAX_COLUMNS {
            return Err(refuse(
                "The sheet is larger than a spreadsheet can be (1,048,576 rows, 16,384 columns). Split the file.",
            ));
        }
        if current.is_some_and(|last| row < last)
            || column < record.len() && (headers.is_empty() || column < headers.len())
        {
            return Err(refuse(
                "The cells of the sheet are stored out of order. Open the file in a spreadsheet and save it again.",
            ));
        }
        current = Some(row);
        if !headers.is_empty() && column >= headers.len() {
            continue;
        }
        text.clear();
        let trouble = write(&cell.value, cell.formula.is_some(), &mut text);
        if let Some(message) = trouble {
            let problem = Problem::refused(Check::V1, u64::from(row) + 1, message).with_value(&text);
            problems.push(match headers.get(column) {
                Some(header) => problem.in_column(header),
                None => problem,
            });
        }
        (record.len()..column).for_each(|_| record.push_field(""));
        record.push_field(&text);
    }
}

/// Writes the cell as text, and says what is wrong with it.
fn write(value: &DataRef<'_>, formula: bool, out: &mut String) -> Option<&'static str> {
    match value {
        DataRef::Empty if formula => {
            return Some(
                "This formula has no stored value. Open the file in a spreadsheet, save it, and import it again.",
            );
        }
        DataRef::Empty => {}
        DataRef::Int(whole) => out.push_str(&whole.to_string()),
        DataRef::Float(float) => number::write(*float, out),
        DataRef::String(text) => out.push_str(text),
        DataRef::SharedString(text) => out.push_str(text),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => out.push_str(text),
        DataRef::Bool(flag) => out.push_str(if *flag { "true" } else { "false" }),
        // Day 1 is 1900-01-01 and the last is 9999-12-31; outside, the number is no date.
        DataRef::DateTime(date) if date.is_datetime() && (1.0..2_958_466.0).contains(&date.as_f64()) => {
            let (year, month, day, hour, minute, second, _) = date.to_ymd_hms_milli();
            out.push_str(&format!("{year:04}-{month:02}-{day:02}"));
            if (hour, minute, second) != (0, 0, 0) {
                out.push_str(&format!("T{hour:02}:{minute:02}:{second:02}"));
            }
        }
        DataRef::DateTime(date) => number::write(date.as_f64(), out),
        DataRef::Error(error) => {
            out.push_str(&error.to_string());
            return Some(
                "The cell holds a formula error. Mend the formula in the spreadsheet, save it, and import it again.",
            );
        }
    }
    None
}

fn merged_cells(range: &Dimensions, row: u64, headers: &[String]) -> Problem {
    let message = format!(
        "The cells {} are merged, so it is not clear to which row their value belongs. Unmerge them and fill in every row.",
        range_name(range)
    );
    let problem = Problem::refused(Check::V1, row, message);
    // A merge of one column concerns that column only.
    match headers.get(range.start.1 as usize).filter(|_| range.start.1 == range.end.1) {
        Some(header) => problem.in_column(header),
        None => problem,
    }
}

/// `B4:B9`.
fn range_name(range: &Dimensions) -> String {
    let cell = |(row, column): (u32, u32)| format!("{}{}", column_name(column), u64::from(row) + 1);
    format!("{}:{}", cell(range.start), cell(range.end))
}

fn column_name(mut column: u32) -> String {
    let mut letters = Vec::new();
    loop {
        letters.insert(0, char::from(b'A' + u8::try_from(column % 26).unwrap_or(0)));
        match column / 26 {
            0 => return letters.into_iter().collect(),
            more => column = more - 1,
        }
    }
}

fn width(headers: &[String]) -> u32 {
    u32::try_from(headers.len()).unwrap_or(u32::MAX)
}

fn damaged(error: &XlsxError) -> Problem {
    match error {
        XlsxError::Password => {
            refuse("The workbook is protected by a password. Save it without one and import it again.")
        }
        error => {
            refuse(format!("The workbook is damaged ({error}). Open it in a spreadsheet and save it again as XLSX."))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_named_as_the_spreadsheet_names_it() {
        assert_eq!(range_name(&Dimensions { start: (3, 1), end: (8, 1) }), "B4:B9");
        assert_eq!(
            (column_name(25), column_name(26), column_name(701), column_name(702)),
            ("Z".into(), "AA".into(), "ZZ".into(), "AAA".into())
        );
    }
}
