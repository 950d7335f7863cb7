//! Importing purchase orders with every check on, against the bare bulk load of the same file into a table without keys or checks.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail};

use super::Bench;
use super::measure::{Cost, cost};
use super::report::{Comparison, Finding, side_by_side};
use crate::postgres;

/// Our import may take this many times the bare load.
const AT_MOST: f64 = 3.0;

/// Columns of the file in its order, with types that both databases know.
const BARE_TABLE: &str = "CREATE TABLE bare (po_id text, line_no integer, sku text, quantity integer, arrival_date date, facility text, \
     is_new text, store text, status text, received integer, cancelled integer, buffer integer, buffer_days integer, supplier text)";

pub(super) fn compare(bench: &Bench) -> Result<Vec<Finding>> {
    let file = bench.data.join(presell_samples::File::PurchaseOrders.name());
    // Read once, so that the first contender does not pay for the disk.
    io::copy(&mut fs::File::open(&file)?, &mut io::sink())?;
    Ok(vec![on_sqlite(bench, &file), on_postgres(bench, &file)])
}

fn on_sqlite(bench: &Bench, file: &Path) -> Finding {
    let fresh = |name: &str| -> Result<PathBuf> {
        let folder = bench.scratch.join(name);
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        fs::create_dir_all(&folder)?;
        Ok(folder.join("presell.db"))
    };
    let ours = || import(bench, &format!("sqlite://{}", fresh("ours")?.display()), file);
    let bare = || {
        let mut sqlite = Command::new("sqlite3");
        sqlite
            .arg("-bail")
            .arg(fresh("bare")?)
            .arg(BARE_TABLE)
            .arg(format!(".import --csv --skip 1 '{}' bare", file.display()));
        Ok(cost(&mut sqlite)?.0)
    };
    titled(bench, "SQLite", side_by_side(bench.runs, ("presell import", &ours), ("sqlite3 .import", &bare)))
}

fn on_postgres(bench: &Bench, file: &Path) -> Finding {
    let ours = || import(bench, &bench.fresh_database("presell_bench_ours")?, file);
    let bare = || {
        let mut psql = postgres::psql(&bench.programs, &bench.fresh_database("presell_bench_bare")?);
        psql.args([
            "-c",
            BARE_TABLE,
            "-c",
            &format!("\\copy bare FROM '{}' WITH (FORMAT csv, HEADER)", file.display()),
        ]);
        Ok(cost(&mut psql)?.0)
    };
    titled(bench, "PostgreSQL", side_by_side(bench.runs, ("presell import", &ours), ("psql \\copy", &bare)))
}

/// Our import, which counts only if it took every row.
fn import(bench: &Bench, database: &str, file: &Path) -> Result<Cost> {
    let mut presell = Command::new(&bench.presell);
    presell
        .args(["--json", "--database", database, "import", "purchase-orders"])
        .arg(file)
        .args(["--create", "--confirm"]);
    let (cost, printed) = cost(&mut presell)?;
    match accepted(&printed) {
        Some(rows) if rows == bench.lines => Ok(cost),
        Some(rows) => bail!("it accepted {rows} of {} rows", bench.lines),
        None => bail!("it did not say how many rows it accepted"),
    }
}

/// The number behind `"accepted":` in the command's JSON.
fn accepted(json: &str) -> Option<usize> {
    let number = json.split_once("\"accepted\"")?.1.trim_start().strip_prefix(':')?.trim_start();
    number.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

fn titled(bench: &Bench, database: &str, comparison: Comparison) -> Finding {
    let title = format!("Import of {} purchase-order lines, {database}", bench.lines);
    Finding::Compared(Comparison { title, at_most: AT_MOST, ..comparison })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_accepted_rows_are_read_from_compact_and_pretty_json() {
        assert_eq!(accepted(r#"{"rows":12,"accepted":10,"refused":2}"#), Some(10), "compact");
        assert_eq!(accepted("{\n  \"accepted\" : 10\n}"), Some(10), "pretty");
        assert_eq!(accepted(""), None, "a command that prints nothing accepted nothing we know of");
    }
}
