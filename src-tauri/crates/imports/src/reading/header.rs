//! Which row holds the headers. Reports put titles, dates and filters above their table; these rows are passed over.

use crate::fields::trimmed;

/// Rows that are looked at to find the headers.
pub(super) const LOOK: usize = 100;

/// The position of the header among the first rows that are not blank.
///
/// It is the first row that is about as wide as rows usually are; a title has one or two cells above a wider table.
pub(super) fn position<'r, R>(rows: &'r [R]) -> usize
where
    &'r R: IntoIterator<Item = &'r str>,
{
    let filled: Vec<usize> =
        rows.iter().map(|row| row.into_iter().filter(|cell| !trimmed(cell).is_empty()).count()).collect();
    let mut sorted = filled.clone();
    sorted.sort_unstable();
    let usual = sorted.get(sorted.len() / 2).copied().unwrap_or(0);
    filled.iter().position(|count| *count >= 2 && count * 5 >= usual * 3).unwrap_or(0)
}

/// Headers without what surrounds them; empty ones at the end are dropped.
pub(super) fn clean<'r>(cells: impl IntoIterator<Item = &'r str>) -> Vec<String> {
    let mut headers: Vec<String> = cells.into_iter().map(|cell| trimmed(cell).to_owned()).collect();
    while headers.last().is_some_and(String::is_empty) {
        headers.pop();
    }
    headers
}

#[cfg(test)]
mod tests {
    use super::*;
    use csv::StringRecord;

    #[test]
    fn titles_above_the_table_are_passed_over_and_a_plain_header_never_is() {
        let row = |cells: &[&str]| StringRecord::from(cells.to_vec());
        let table = [row(&["PO", "SKU", "Qty", "ETA"]), row(&["1", "A", "5", "2027-01-01"]), row(&["1", "B", "", ""])];
        assert_eq!(position(&table), 0);
        let report =
            [row(&["Open orders"]), row(&["Date", "2026-08-01"]), table[0].clone(), table[1].clone(), table[1].clone()];
        assert_eq!(position(&report), 2, "the header is the first row as wide as the table");
        let overfull = [row(&["PO", "SKU", "Name"]), row(&["1", "A", "x", "y", "z"]), row(&["1", "A", "x"])];
        assert_eq!(position(&overfull), 0, "a row with too many cells does not make the header a title");
    }
}
