//! Yes or no, in the words people and systems use for it. An empty cell is neither.

use super::{FieldError, trimmed};
use crate::problem::Check;
use thiserror::Error;

/// The cell is neither a yes nor a no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("This is neither a yes nor a no. Write Y or N (also yes, no, true, false, 1, 0, Preorder, Backorder).")]
pub struct FlagError;

impl FieldError for FlagError {
    fn check(&self) -> Check {
        Check::V12
    }
}

/// A flag; `None` where the cell is empty, for unknown is not no.
///
/// # Errors
/// Any other word.
pub fn parse(cell: &str) -> Result<Option<bool>, FlagError> {
    const YES: [&str; 12] =
        ["y", "yes", "true", "1", "x", "t", "tyes", "preorder", "pre-order", "pre order", "new", "on"];
    const NO: [&str; 11] = ["n", "no", "false", "0", "f", "tno", "backorder", "back-order", "back order", "-", "off"];
    let word = trimmed(cell);
    let is = |words: &[&str]| words.iter().any(|known| word.eq_ignore_ascii_case(known));
    match word {
        "" => Ok(None),
        _ if is(&YES) => Ok(Some(true)),
        _ if is(&NO) => Ok(Some(false)),
        _ => Err(FlagError),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("Y", true)]
    #[case(" yes ", true)]
    #[case("TRUE", true)]
    #[case("1", true)]
    #[case("x", true)]
    #[case("Preorder", true)]
    #[case("N", false)]
    #[case("no", false)]
    #[case("False", false)]
    #[case("0", false)]
    #[case("Backorder", false)]
    fn every_accepted_word_is_understood(#[case] cell: &str, #[case] flag: bool) {
        assert_eq!(parse(cell), Ok(Some(flag)));
    }

    #[test]
    fn an_empty_flag_is_unknown_and_another_word_is_refused() {
        assert_eq!(parse(" \u{a0}"), Ok(None));
        assert_eq!(parse("maybe"), Err(FlagError));
        assert_eq!(FlagError.problem(3, "New", "maybe").code, Check::V12);
    }
}
