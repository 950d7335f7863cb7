//! What the page shows, as a file for a spreadsheet.

use std::io::Write;
use std::path::PathBuf;

use presell_catalog::browse::{self, Query, Row};
use presell_imports::defused;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::browse::{BrowseCatalog, query};
use crate::{App, Error, Result};

/// Rows read at once.
const STEP: i64 = 10_000;
/// Most rows of an answer that holds the file itself.
const MOST_INSIDE: i64 = 100_000;

/// The products to write.
#[derive(Clone, Debug, Default, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct ExportCatalog {
    /// Which products, and in which order; `limit` and `offset` do not count.
    pub products: BrowseCatalog,
    /// Where to write them; none: the answer holds the file, of at most 100,000 products.
    pub path: Option<PathBuf>,
}

/// The products are written.
#[derive(Clone, Debug, Default, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CatalogExported {
    /// How many.
    pub rows: i64,
    /// The file, if it was not written to a path.
    pub csv: String,
}

/// Writes the products that a page shows as CSV. No cell of it is a formula.
pub async fn export_catalog(app: &App, args: ExportCatalog) -> Result<CatalogExported> {
    let store = app.store().await?;
    let query = query(app, &store, args.products).await?;
    let failed =
        |error: std::io::Error| Error::failed(format!("The file could not be written: {error}. Choose another place."));
    let mut file = args.path.map(std::fs::File::create).transpose().map_err(failed)?;
    let mut done = CatalogExported::default();
    done.csv.push_str("sku,title,list,reason,promise_date,purchase_order,line,left,since\n");
    loop {
        let page = browse::browse(&app.db, &store, &Query { limit: STEP, offset: done.rows, ..query.clone() }).await?;
        page.rows.iter().for_each(|row| line(&mut done.csv, row));
        let read = i64::try_from(page.rows.len()).unwrap_or(STEP);
        done.rows += read;
        if let Some(file) = &mut file {
            file.write_all(done.csv.as_bytes()).map_err(failed)?;
            done.csv.clear();
        }
        if read < STEP || (file.is_none() && done.rows >= MOST_INSIDE) {
            return Ok(done);
        }
    }
}

fn line(csv: &mut String, row: &Row) {
    let text = |text: Option<&str>| defused(text.unwrap_or_default()).into_owned();
    let number = |n: Option<i64>| n.map(|n| n.to_string()).unwrap_or_default();
    let cells = [
        text(Some(&row.sku)),
        text(Some(&row.title)),
        row.category.map(|list| list.to_string()).unwrap_or_default(),
        row.reasons.first().map(|code| code.to_string()).unwrap_or_default(),
        row.promise_date.map(|day| day.to_string()).unwrap_or_default(),
        text(row.purchase_order.as_deref()),
        number(row.line),
        number(row.cap),
        row.since.map(|at| at.to_rfc3339()).unwrap_or_default(),
    ];
    let quoted = cells.map(|cell| match cell.contains([',', '"', '\n', '\r']) {
        true => format!("\"{}\"", cell.replace('"', "\"\"")),
        false => cell,
    });
    csv.push_str(&quoted.join(","));
    csv.push('\n');
}
