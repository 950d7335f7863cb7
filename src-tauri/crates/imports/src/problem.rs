//! What is wrong with a file or a row, in the words of the person who has to mend it.
//! Every check of the import ends here; nothing in this crate reports trouble in another form.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Longest piece of a cell that is repeated in a problem, in characters.
const CLIP: usize = 80;

/// The check that found a problem. Serialised as `V1` … `V17`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
pub enum Check {
    /// The file, or the shape of a row, cannot be read.
    V1,
    /// A required column is missing, or two columns claim one field.
    V2,
    /// A date is missing, unreadable or impossible.
    V3,
    /// A date is past, today or far ahead, or its day and month could be swapped.
    V4,
    /// A quantity is missing, not a whole number, negative or too large; zero asks.
    V5,
    /// The product is unknown, or several fit.
    V6,
    /// The facility is unknown, or belongs to no store.
    V7,
    /// The same line stands twice in the file.
    V8,
    /// The purchase order is known already.
    V9,
    /// A quantity falls below what is received and promised, or a closed order changes.
    V10,
    /// A status word is unknown, or the rows of one order disagree.
    V11,
    /// The new-style flag is empty, or differs inside one product.
    V12,
    /// An order buffer is negative, or leaves nothing to sell.
    V13,
    /// An identifier is empty or was mangled by a spreadsheet.
    V14,
    /// Nothing is selected, or the file was imported before.
    V15,
    /// Stock: unreadable, negative, or products missing from a file declared complete.
    V16,
    /// Anything a later check adds.
    V17,
}

/// What a problem stops.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
pub enum Severity {
    /// Nothing of the file is taken.
    #[serde(rename = "file")]
    FileRefused,
    /// This row is left out, the others go on.
    #[serde(rename = "refused")]
    RowRefused,
    /// A person has to say yes.
    #[serde(rename = "asks")]
    Asks,
    /// Worth knowing, stops nothing.
    #[serde(rename = "note")]
    Note,
}

/// One finding about a file: where it is, what happened and what to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    /// Row as a spreadsheet numbers it (the header of a plain table is row 1); in JSON the first object is 1.
    pub row: Option<u64>,
    /// The column's header as the file writes it.
    pub column: Option<String>,
    /// The check that found it.
    pub code: Check,
    /// What it stops.
    pub severity: Severity,
    /// What happened and what to do, as sentences.
    pub message: String,
    /// The offending cell, at most 80 characters of it.
    pub value: Option<String>,
}

impl Problem {
    /// A finding without a place; add the place with [`Problem::at_row`], [`Problem::in_column`] and [`Problem::with_value`].
    pub fn new(code: Check, severity: Severity, message: impl Into<String>) -> Self {
        Self { row: None, column: None, code, severity, message: message.into(), value: None }
    }

    /// A finding that refuses the whole file.
    pub fn file(code: Check, message: impl Into<String>) -> Self {
        Self::new(code, Severity::FileRefused, message)
    }

    /// A finding that refuses one row.
    pub fn refused(code: Check, row: u64, message: impl Into<String>) -> Self {
        Self::new(code, Severity::RowRefused, message).at_row(row)
    }

    /// A finding that a person has to confirm.
    pub fn asks(code: Check, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Asks, message)
    }

    /// The same finding, at this row.
    pub fn at_row(mut self, row: u64) -> Self {
        self.row = Some(row);
        self
    }

    /// The same finding, in this column.
    pub fn in_column(mut self, column: impl Into<String>) -> Self {
        self.column = Some(column.into());
        self
    }

    /// The same finding about this cell, clipped to 80 characters.
    pub fn with_value(mut self, value: &str) -> Self {
        self.value = Some(clip(value));
        self
    }
}

/// At most 80 characters of a cell, with an ellipsis where something was cut.
pub fn clip(value: &str) -> String {
    match value.char_indices().nth(CLIP) {
        None => value.to_owned(),
        Some(_) => value.chars().take(CLIP - 1).chain(['…']).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_is_serialised_with_its_check_and_its_severity() {
        let problem =
            Problem::refused(Check::V5, 7, "The quantity is negative.").in_column("Qty").with_value(&"9".repeat(100));
        let json = serde_json::to_value(&problem).unwrap();
        assert_eq!(json["row"], 7);
        assert_eq!(json["code"], "V5");
        assert_eq!(json["severity"], "refused");
        assert_eq!(json["value"].as_str().unwrap().chars().count(), CLIP, "a repeated cell stays short");
        assert_eq!(clip(&"é".repeat(CLIP)), "é".repeat(CLIP), "eighty characters are not cut, whatever their bytes");
    }
}
