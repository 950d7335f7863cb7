//! From one cell to one value: quantities, dates, flags, identifiers, moments and status words.
//! Each returns a small error that [`FieldError::problem`] places in the file; nothing here knows rows or columns.

pub mod date;
pub mod flag;
pub mod identifier;
pub mod moment;
pub mod quantity;
pub mod status;

use crate::problem::{Check, Problem};
use std::fmt::Display;

/// Why a cell has no value. The text says what happened and what to do.
pub trait FieldError: Display {
    /// The check this error belongs to.
    fn check(&self) -> Check;

    /// The error as a refusal of its row, with the cell it is about.
    fn problem(&self, row: u64, column: &str, cell: &str) -> Problem {
        let problem = Problem::refused(self.check(), row, self.to_string()).in_column(column);
        if cell.is_empty() { problem } else { problem.with_value(cell) }
    }
}

/// The cell without the blanks that people cannot see: spaces, tabs, non-breaking and zero-width spaces, a stray BOM.
pub fn trimmed(cell: &str) -> &str {
    let bytes = cell.as_bytes();
    match (bytes.first(), bytes.last()) {
        (None, _) | (_, None) => cell,
        (Some(b'!'..=b'~'), Some(b'!'..=b'~')) => cell,
        _ => cell.trim_matches(is_blank),
    }
}

fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}')
}
