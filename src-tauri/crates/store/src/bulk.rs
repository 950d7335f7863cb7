//! Many rows at once by each database's fast path: arrays on PostgreSQL, wide VALUES lists on SQLite.

use chrono::{Datelike, NaiveDate};
use sqlx::postgres::{PgArguments, Postgres};
use sqlx::query::Query;
use sqlx::{Arguments, AssertSqlSafe};

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
/// Rows sent to PostgreSQL by one statement.
const POSTGRES_ROWS: usize = 10_000;

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
                            Cell::Date(v) => query.bind(iso(v)),
                        };
                    }
                    query.execute(&mut **t).await?;
                }
            }
            Tx::Postgres(t) => {
                for chunk in cells.chunks(POSTGRES_ROWS * columns.len()) {
                    unnested(table, columns, chunk)?.execute(&mut **t).await?;
                }
            }
        }
        Ok(())
    }
}

impl Tx {
    /// Sets aside `count` keys of `table` that nobody else will get, and returns the first. Only for tables that are
    /// written in turn (see [`Db::begin_in_turn`](crate::Db::begin_in_turn)) and whose rows never come with other keys.
    pub async fn reserve_ids(&mut self, table: &'static str, count: usize) -> Result<i64> {
        let count = i64::try_from(count).unwrap_or(i64::MAX).max(1);
        match self {
            // Inserting a larger key moves SQLite's own count along.
            Tx::Sqlite(t) => {
                let sql = "SELECT COALESCE((SELECT seq FROM sqlite_sequence WHERE name = ?), 0) + 1";
                Ok(sqlx::query_scalar(sql).bind(table).fetch_one(&mut **t).await?)
            }
            Tx::Postgres(t) => {
                let sql = "SELECT setval(s, nextval(s) + $2 - 1) - $2 + 1 FROM pg_get_serial_sequence($1, 'id') AS s";
                Ok(sqlx::query_scalar(sql).bind(table).bind(count).fetch_one(&mut **t).await?)
            }
        }
    }
}

fn values_list(table: &str, columns: &[&str], rows: usize) -> String {
    let row = format!("({}),", vec!["?"; columns.len()].join(","));
    let mut sql = format!("INSERT INTO {table} ({}) VALUES {}", columns.join(", "), row.repeat(rows));
    sql.pop();
    sql
}

/// A date as both databases write it; by hand, since a million of them pass here.
fn iso(date: NaiveDate) -> String {
    let (year, month, day) = (date.year(), date.month(), date.day());
    if !(0..=9999).contains(&year) {
        return date.to_string();
    }
    let digit = |n: u32| char::from(b'0' + (n % 10) as u8);
    let year = year.unsigned_abs();
    let mut text = String::with_capacity(10);
    text.extend([digit(year / 1000), digit(year / 100), digit(year / 10), digit(year), '-']);
    text.extend([digit(month / 10), digit(month), '-', digit(day / 10), digit(day)]);
    text
}

/// One INSERT from an array per column. COPY would be a little quicker, but sqlx leaves Nagle's algorithm on, and the end
/// of each COPY then waits 40 ms for an acknowledgement; this is one message and one answer.
fn unnested<'q>(table: &str, columns: &[&str], cells: &[Cell<'q>]) -> Result<Query<'q, Postgres, PgArguments>> {
    let mut arguments = PgArguments::default();
    let mut picked = Vec::with_capacity(columns.len());
    let mut arrays = Vec::new();
    for at in 0..columns.len() {
        let column = || cells.iter().skip(at).step_by(columns.len());
        // An array of nothing has no type; the column is then simply NULL.
        let Some(first) = column().find(|cell| **cell != Cell::Null) else {
            picked.push("NULL".to_owned());
            continue;
        };
        macro_rules! bind {
            ($kind:ident, $cast:literal) => {{
                let values: Vec<Option<_>> =
                    column().map(|cell| if let Cell::$kind(v) = cell { Some(*v) } else { None }).collect();
                arguments.add(values).map_err(sqlx::Error::Encode)?;
                $cast
            }};
        }
        let cast = match first {
            Cell::Text(_) => bind!(Text, "text[]"),
            Cell::Bool(_) => bind!(Bool, "boolean[]"),
            Cell::Date(_) => bind!(Date, "date[]"),
            Cell::Int(_) | Cell::Null => bind!(Int, "bigint[]"),
        };
        arrays.push(format!("${}::{cast}", arrays.len() + 1));
        picked.push(format!("u.c{}", arrays.len()));
    }
    let names: Vec<String> = (1..=arrays.len()).map(|n| format!("c{n}")).collect();
    let source = match arrays.is_empty() {
        true => format!("generate_series(1, {})", cells.len() / columns.len()),
        false => format!("unnest({}) AS u({})", arrays.join(", "), names.join(", ")),
    };
    let sql = format!("INSERT INTO {table} ({}) SELECT {} FROM {source}", columns.join(", "), picked.join(", "));
    Ok(sqlx::query_with(AssertSqlSafe(sql), arguments))
}
