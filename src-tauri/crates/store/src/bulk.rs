//! Many rows at once by each database's fast path: COPY on PostgreSQL, wide VALUES lists on SQLite.

use std::fmt::Write as _;

use chrono::NaiveDate;
use sqlx::AssertSqlSafe;

use crate::{Result, Tx};

/// One value of a row on its way in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cell<'a> {
    /// No value.
    Null,
    /// A whole number.
    Int(i64),
    /// A text.
    Text(&'a str),
    /// A yes or no.
    Bool(bool),
    /// A calendar date.
    Date(NaiveDate),
}

impl From<i64> for Cell<'_> {
    fn from(value: i64) -> Self {
        Cell::Int(value)
    }
}

impl<'a> From<&'a str> for Cell<'a> {
    fn from(value: &'a str) -> Self {
        Cell::Text(value)
    }
}

impl From<bool> for Cell<'_> {
    fn from(value: bool) -> Self {
        Cell::Bool(value)
    }
}

impl From<NaiveDate> for Cell<'_> {
    fn from(value: NaiveDate) -> Self {
        Cell::Date(value)
    }
}

impl<'a, T: Into<Cell<'a>>> From<Option<T>> for Cell<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Cell::Null, Into::into)
    }
}

/// Values bound by one SQLite statement: a wide list costs less per row, a very wide one costs parsing.
const SQLITE_VALUES: usize = 4_000;
/// Bytes of COPY text sent at once.
const COPY_BYTES: usize = 1 << 20;

impl Tx {
    /// Inserts `cells`, read row by row with `columns.len()` cells each, into `table`.
    pub async fn insert_many(&mut self, table: &str, columns: &[&str], cells: &[Cell<'_>]) -> Result<()> {
        if cells.is_empty() {
            return Ok(());
        }
        debug_assert_eq!(cells.len() % columns.len(), 0, "every row fills every column");
        match self {
            Tx::Sqlite(t) => {
                let rows = (SQLITE_VALUES / columns.len()).max(1);
                for chunk in cells.chunks(rows * columns.len()) {
                    let full = chunk.len() == rows * columns.len();
                    let sql = values_list(table, columns, chunk.len() / columns.len());
                    // Only the full-width text recurs; keeping the odd last one would evict useful statements.
                    let mut query = sqlx::query(AssertSqlSafe(sql)).persistent(full);
                    for cell in chunk {
                        query = match *cell {
                            Cell::Null => query.bind(None::<i64>),
                            Cell::Int(v) => query.bind(v),
                            Cell::Text(v) => query.bind(v),
                            Cell::Bool(v) => query.bind(v),
                            Cell::Date(v) => query.bind(v),
                        };
                    }
                    query.execute(&mut **t).await?;
                }
            }
            Tx::Postgres(t) => {
                let sql = format!("COPY {table} ({}) FROM STDIN", columns.join(", "));
                let mut copy = t.copy_in_raw(&sql).await?;
                let mut buffer = String::with_capacity(COPY_BYTES + 4096);
                for row in cells.chunks(columns.len()) {
                    copy_row(&mut buffer, row);
                    if buffer.len() >= COPY_BYTES {
                        copy.send(buffer.as_bytes()).await?;
                        buffer.clear();
                    }
                }
                copy.send(buffer.as_bytes()).await?;
                copy.finish().await?;
            }
        }
        Ok(())
    }
}

fn values_list(table: &str, columns: &[&str], rows: usize) -> String {
    let row = format!("({}),", vec!["?"; columns.len()].join(","));
    let mut sql = format!("INSERT INTO {table} ({}) VALUES {}", columns.join(", "), row.repeat(rows));
    sql.pop();
    sql
}

fn copy_row(buffer: &mut String, row: &[Cell<'_>]) {
    for (i, cell) in row.iter().enumerate() {
        if i > 0 {
            buffer.push('\t');
        }
        match *cell {
            Cell::Null => buffer.push_str("\\N"),
            Cell::Int(v) => drop(write!(buffer, "{v}")),
            Cell::Bool(v) => buffer.push(if v { 't' } else { 'f' }),
            Cell::Date(v) => drop(write!(buffer, "{v}")),
            Cell::Text(v) => {
                for c in v.chars() {
                    match c {
                        '\\' => buffer.push_str("\\\\"),
                        '\t' => buffer.push_str("\\t"),
                        '\n' => buffer.push_str("\\n"),
                        '\r' => buffer.push_str("\\r"),
                        // PostgreSQL's text type cannot hold NUL; readers refuse it long before.
                        '\0' => {}
                        c => buffer.push(c),
                    }
                }
            }
        }
    }
    buffer.push('\n');
}
