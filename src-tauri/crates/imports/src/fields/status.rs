//! Status words of purchase orders, lines and order items, from plain words and from the four ERPs' own.

use super::{FieldError, trimmed};
use crate::problem::Check;
use thiserror::Error;

pub use presell_catalog::rules::Status;

/// The word means no status we know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("This status is not known. Write CREATED, APPROVED, COMPLETED or CANCELLED.")]
pub struct StatusError;

impl FieldError for StatusError {
    fn check(&self) -> Check {
        Check::V11
    }
}

/// A status; `None` where the cell is empty. Takes `ORDER_` and `ITEM_` prefixes, "open" and both spellings of cancelled.
///
/// # Errors
/// Any other word.
pub fn parse(cell: &str) -> Result<Option<Status>, StatusError> {
    let word = trimmed(cell);
    let word = strip_prefix(word, "ORDER_").or_else(|| strip_prefix(word, "ITEM_")).unwrap_or(word);
    let is = |known: &[&str]| known.iter().any(|k| word.eq_ignore_ascii_case(k));
    match word {
        "" => Ok(None),
        _ if is(&["created", "open"]) => Ok(Some(Status::Created)),
        _ if is(&["approved"]) => Ok(Some(Status::Approved)),
        _ if is(&["completed"]) => Ok(Some(Status::Completed)),
        _ if is(&["cancelled", "canceled"]) => Ok(Some(Status::Cancelled)),
        _ => Err(StatusError),
    }
}

fn strip_prefix<'c>(word: &'c str, prefix: &str) -> Option<&'c str> {
    let head = word.get(..prefix.len())?;
    head.eq_ignore_ascii_case(prefix).then(|| &word[prefix.len()..])
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("ORDER_CREATED", Status::Created)]
    #[case("open", Status::Created)]
    #[case("Item_Approved", Status::Approved)]
    #[case("COMPLETED", Status::Completed)]
    #[case("canceled", Status::Cancelled)]
    #[case("ORDER_CANCELLED", Status::Cancelled)]
    fn a_status_is_understood_with_and_without_its_prefix(#[case] cell: &str, #[case] status: Status) {
        assert_eq!(parse(cell), Ok(Some(status)));
    }

    #[test]
    fn a_blank_status_is_none_and_a_strange_one_is_refused() {
        assert_eq!(parse("  "), Ok(None));
        assert_eq!(parse("ORDER_"), Ok(None));
        assert_eq!(parse("shipped"), Err(StatusError));
    }
}
