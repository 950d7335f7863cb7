//! The rows that were not taken, as a CSV with their reasons, ready to be mended and imported again.

use std::ops::ControlFlow;
use std::path::Path;

use csv::StringRecord;

use crate::findings::Findings;
use crate::problem::Problem;
use crate::reading::{Row, Source};
use crate::request::ImportError;

/// Writes the file; nothing is written where every row was taken.
pub(crate) fn write(path: &Path, source: &mut Source, findings: &Findings) -> Result<(), ImportError> {
    let all = findings.file_asks();
    if !all && findings.count_out() == (0, 0) {
        return Ok(());
    }
    let failed = |cause: String| ImportError::Rejects { path: path.display().to_string(), cause };
    let mut writer = csv::Writer::from_path(path).map_err(|e| failed(e.to_string()))?;
    let mut header: Vec<&str> = source.headers().iter().map(String::as_str).collect();
    header.push("reason");
    writer.write_record(header).map_err(|e| failed(e.to_string()))?;
    let reasons = findings.reasons();
    let mut trouble = None;
    source
        .for_each_row(&mut |row: Row<'_>| {
            if !all && findings.out(row.number).is_none() {
                return ControlFlow::Continue(());
            }
            let mut record: StringRecord = row.cells.iter().map(defused).collect();
            let reason = reasons.get(&row.number).or_else(|| reasons.get(&0));
            record.push_field(reason.map_or("", String::as_str));
            match writer.write_record(&record) {
                Ok(()) => ControlFlow::Continue(()),
                Err(error) => {
                    trouble = Some(error.to_string());
                    ControlFlow::Break(())
                }
            }
        })
        .map_err(|p: Problem| ImportError::File(vec![p]))?;
    if let Some(cause) = trouble {
        return Err(failed(cause));
    }
    writer.flush().map_err(|e| failed(e.to_string()))
}

/// A cell that a spreadsheet would run as a formula becomes text; the readers take the apostrophe away again.
pub fn defused(cell: &str) -> std::borrow::Cow<'_, str> {
    let starts = |c: char| matches!(c, '=' | '+' | '@' | '\t' | '\r');
    let negative_number = cell.strip_prefix('-').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    if cell.starts_with(starts) || (cell.starts_with('-') && !negative_number) {
        format!("'{cell}").into()
    } else {
        cell.into()
    }
}
