//! Identifiers of orders, products and facilities: cleaned of what spreadsheets and people add, and refused where a
//! spreadsheet destroyed them. A lost digit cannot be guessed, so it is never guessed.

use super::{FieldError, is_blank, trimmed};
use crate::problem::Check;
use std::borrow::Cow;
use thiserror::Error;
use unicode_normalization::UnicodeNormalization;

/// Longest identifier, in characters.
pub const MAX_LENGTH: usize = 200;

/// Why a cell is no identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum IdentifierError {
    /// Nothing is left once blanks and quotes are taken away.
    #[error("The cell is empty, but it has to name something. Fill it in.")]
    Empty,
    /// `1.23E+12`: digits are lost.
    #[error(
        "A spreadsheet turned this number into scientific notation and its digits are lost. Format the column as text in the source, and export again."
    )]
    Scientific,
    /// `#REF!`, `#N/A` and their kin.
    #[error("This is an error of a spreadsheet formula, not a name. Mend the formula and export again.")]
    SpreadsheetError,
    /// A control character or a line break inside.
    #[error("The cell holds a line break or an invisible control character. Remove it.")]
    ControlCharacter,
    /// More than 200 characters.
    #[error("The cell is longer than 200 characters, which no identifier is. Perhaps a quote is missing in this row.")]
    TooLong,
}

impl FieldError for IdentifierError {
    fn check(&self) -> Check {
        Check::V14
    }
}

/// The identifier in a cell, without blanks around it, quotes, a leading apostrophe or the `="00123"` armour.
///
/// # Errors
/// Empty, mangled by a spreadsheet, with control characters, or longer than 200 characters.
pub fn parse(cell: &str) -> Result<Cow<'_, str>, IdentifierError> {
    let bare = unwrapped(trimmed(cell));
    if bare.is_empty() {
        return Err(IdentifierError::Empty);
    }
    if bare.is_ascii() {
        if bare.len() > MAX_LENGTH {
            return Err(IdentifierError::TooLong);
        }
        if bare.bytes().any(|b| b.is_ascii_control()) {
            return Err(IdentifierError::ControlCharacter);
        }
        if is_scientific(bare) {
            return Err(IdentifierError::Scientific);
        }
        if bare.starts_with('#') && is_spreadsheet_error(bare) {
            return Err(IdentifierError::SpreadsheetError);
        }
        return Ok(Cow::Borrowed(bare));
    }
    // A no-break space inside is the same name to every person; composed and decomposed letters are, too.
    let clean: String = bare.nfc().map(|c| if c == '\u{a0}' || c == '\u{202f}' { ' ' } else { c }).collect();
    if clean.chars().count() > MAX_LENGTH {
        Err(IdentifierError::TooLong)
    } else if clean.chars().any(|c| c.is_control() || c == char::REPLACEMENT_CHARACTER) {
        Err(IdentifierError::ControlCharacter)
    } else {
        Ok(Cow::Owned(clean))
    }
}

/// Takes off `="…"`, a leading apostrophe and paired quotes, each at most once, and blanks between them.
fn unwrapped(cell: &str) -> &str {
    let cell = cell.strip_prefix('=').filter(|rest| rest.starts_with('"')).unwrap_or(cell);
    let paired = |q: char| cell.len() > 1 && cell.starts_with(q) && cell.ends_with(q);
    let cell = if paired('"') || paired('\'') { &cell[1..cell.len() - 1] } else { cell };
    let cell = cell.strip_prefix('\'').unwrap_or(cell);
    cell.trim_matches(is_blank)
}

/// Digits, perhaps a fraction, then `E` and an exponent: the way a spreadsheet shows a number it shortened.
pub fn is_scientific(cell: &str) -> bool {
    let Some((mantissa, exponent)) = cell.split_once(['e', 'E']) else { return false };
    let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    let (whole, fraction) = mantissa.split_once(['.', ',']).unwrap_or((mantissa, "0"));
    let digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    digits(whole) && digits(fraction) && digits(exponent) && exponent.len() <= 3
}

fn is_spreadsheet_error(cell: &str) -> bool {
    const ERRORS: [&str; 8] = ["#REF!", "#N/A", "#NAME?", "#VALUE!", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!"];
    ERRORS.iter().any(|known| cell.eq_ignore_ascii_case(known)) || cell.bytes().all(|b| b == b'#')
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("SKU-BLK-M", "SKU-BLK-M")]
    #[case("  00123 ", "00123")]
    #[case("\u{a0}PO 1\u{feff}", "PO 1")]
    #[case("=\"00123\"", "00123")]
    #[case("'00123", "00123")]
    #[case("\"A-1\"", "A-1")]
    #[case("PO\u{a0}1", "PO 1")]
    #[case("cafe\u{301}", "caf\u{e9}")]
    #[case("1E2-RED", "1E2-RED")]
    #[case("#12", "#12")]
    fn an_identifier_is_freed_of_what_surrounds_it(#[case] cell: &str, #[case] clean: &str) {
        assert_eq!(parse(cell).as_deref(), Ok(clean));
    }

    #[rstest]
    #[case("1.23E+12", IdentifierError::Scientific)]
    #[case("1,23E+12", IdentifierError::Scientific)]
    #[case("1e12", IdentifierError::Scientific)]
    #[case("#REF!", IdentifierError::SpreadsheetError)]
    #[case("#####", IdentifierError::SpreadsheetError)]
    #[case("A\nB", IdentifierError::ControlCharacter)]
    #[case("A\u{0}B", IdentifierError::ControlCharacter)]
    #[case("Ã\u{fffd}", IdentifierError::ControlCharacter)]
    #[case("\"\"", IdentifierError::Empty)]
    fn a_destroyed_identifier_is_refused(#[case] cell: &str, #[case] error: IdentifierError) {
        assert_eq!(parse(cell), Err(error));
        assert_eq!(error.check(), Check::V14, "a mangled identifier is check V14");
    }

    #[test]
    fn an_identifier_of_more_than_two_hundred_characters_is_refused() {
        assert!(parse(&"é".repeat(200)).is_ok(), "characters count, not bytes");
        assert_eq!(parse(&"a".repeat(201)), Err(IdentifierError::TooLong));
    }
}
