//! Plain tables: a line under the headers and nothing else, as wide as the terminal allows.

use comfy_table::{
    CellAlignment, ColumnConstraint, ContentArrangement, ContentLineStyle, LineStyle, Table, TableStyle,
};

const PLAIN: TableStyle = TableStyle::new()
    .header_lines(ContentLineStyle::none().junction(' '))
    .header_separator(LineStyle::none().fill('─').junction('─'))
    .content_lines(ContentLineStyle::none().junction(' '));

/// Columns of a terminal below which no table fits.
const NARROW: u16 = 80;

/// An empty table with these headers. A header that begins with `#` heads a column of numbers, one
/// that begins with `=` a column whose words must not be broken, such as SKUs: people copy them.
pub(super) fn table(headers: &[&str]) -> Table {
    let mut table = Table::new();
    // In a narrow window the terminal wraps whole rows better than columns of one letter read.
    let narrow = table.width().is_some_and(|width| width < NARROW);
    let arrangement = if narrow { ContentArrangement::Disabled } else { ContentArrangement::Dynamic };
    table.load_style(PLAIN).set_content_arrangement(arrangement);
    table.set_header(headers.iter().map(|header| header.trim_start_matches(['#', '='])).collect::<Vec<_>>());
    for (i, header) in headers.iter().enumerate() {
        if let Some(column) = table.column_mut(i) {
            column.set_padding((0, 1));
            if header.starts_with(['#', '=']) {
                column.set_constraint(ColumnConstraint::ContentWidth);
            }
            if header.starts_with('#') {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
    }
    table
}

/// The table as text, one line end after the last row.
pub(super) fn text(table: &Table) -> String {
    let mut text = table.trim_fmt();
    text.push('\n');
    text
}
