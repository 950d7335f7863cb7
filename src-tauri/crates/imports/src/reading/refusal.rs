//! Why a file cannot be read at all: what the operating system says, and what the first bytes betray.

use super::refuse;
use crate::problem::Problem;
use std::io;
use std::path::Path;

/// A failure of the file system, in words.
pub(super) fn io(path: &Path, error: &io::Error) -> Problem {
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
    match error.kind() {
        io::ErrorKind::NotFound => {
            refuse(format!("There is no file {name} at this place. Check the name and the folder."))
        }
        io::ErrorKind::PermissionDenied => refuse(format!(
            "{name} may not be read by you. Close it in other programs, or ask for the right to read it."
        )),
        _ => refuse(format!("{name} cannot be read: {error}. Copy it to this computer and try again.")),
    }
}

/// Says what a file is whose first bytes are not those of a table; `None` where nothing is known against it.
pub(super) fn not_a_table(head: &[u8]) -> Option<Problem> {
    const KNOWN: [(&[u8], &str); 13] = [
        (b"\x89PNG", "a PNG picture"),
        (b"\xff\xd8\xff", "a JPEG picture"),
        (b"GIF8", "a GIF picture"),
        (b"%PDF", "a PDF document"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel file (.xls) or a workbook with a password"),
        (b"\x1f\x8b", "a compressed archive (gzip)"),
        (b"7z\xbc\xaf\x27\x1c", "a compressed archive (7-Zip)"),
        (b"Rar!\x1a\x07", "a compressed archive (RAR)"),
        (b"SQLite format 3\0", "a database"),
        (b"PAR1", "a Parquet file"),
        (b"{\\rtf", "a text document (RTF)"),
        (b"\x7fELF", "a program"),
        (b"<", ""),
    ];
    let (_, what) =
        KNOWN.iter().find(|(magic, _)| head.trim_ascii_start().starts_with(magic) || head.starts_with(magic))?;
    Some(match *what {
        "" => refuse(
            "This is a web page or an XML file, although its name may end in .xls or .csv. Open it in a spreadsheet and save it as XLSX or CSV.",
        ),
        what => refuse(format!("This is {what}, not a table. Save the data as XLSX, CSV or JSON and import that.")),
    })
}

/// Bytes that no text holds.
pub(super) fn binary() -> Problem {
    refuse("The file holds binary data, not text. Export it as CSV, XLSX or JSON.")
}

/// A row without end.
pub(super) fn endless_row(row: u64) -> Problem {
    refuse(format!(
        "No line break found within 1 MB of row {row}. Either a quotation mark is never closed there, or the file is not a table. Correct the row, or export again."
    ))
    .at_row(row)
}

/// Bytes that the detected encoding does not know.
pub(super) fn undecodable(encoding: &str, line: Option<u64>) -> Problem {
    let place = line.map(|line| format!(" at line {line}")).unwrap_or_default();
    refuse(format!("The text is written in {encoding}, but is damaged{place}. Export it again as UTF-8."))
}
