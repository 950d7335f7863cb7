//! What the names in a stock file stand for.

use presell_store::{Tx, within};

use super::rows::{Rows, StockRow};
use crate::intake::Job;
use crate::lookup::{self, Facilities, Products};
use crate::request::ImportError;
use crate::texts::Text;

/// What the names in the file stand for.
pub(super) struct Found {
    pub(super) products: Products,
    pub(super) facilities: Facilities,
    /// By SKU: the product's key, or for a product that is still to be added a number behind all keys. Rows of one
    /// product come together by it, under whichever of its identifiers they name it.
    keys: Vec<i64>,
    /// No stock is known at all, so none need be looked for.
    pub(super) none_known: bool,
    /// Some store lets stock records grow too old, so an equal count made later is news.
    pub(super) ages: bool,
}

impl Found {
    /// The record that a row is about, in the order of the table.
    pub(super) fn key(&self, row: &StockRow) -> (i64, Text, Text) {
        (self.keys[row.sku.index()], row.facility, row.location)
    }
}

pub(super) async fn look_up(job: &Job<'_>, tx: &mut Tx, rows: &Rows) -> Result<Found, ImportError> {
    let skus: Vec<Text> = rows.skus.iter().map(|(sku, _)| sku).collect();
    let names: Vec<Text> = rows.facilities.iter().map(|(facility, _)| facility).collect();
    let products = lookup::products(tx, &rows.skus, &skus, job.request.create).await?;
    let facilities = lookup::facilities(tx, &rows.facilities, &names, job.request.create).await?;
    let behind = |sku: &Text| i64::MAX - i64::try_from(rows.skus.len() - sku.index()).unwrap_or(0);
    let keys = skus.iter().map(|sku| products.id(*sku).unwrap_or_else(|| behind(sku))).collect();
    let any: Option<(i64,)> =
        within!(tx, c => sqlx::query_as("SELECT atp FROM stock LIMIT 1").fetch_optional(c).await)?;
    let sql = "SELECT count(*) FROM store_setting WHERE key = 'max_stock_age_hours' AND value <> 'off'";
    let (ages,): (i64,) = within!(tx, c => sqlx::query_as(sql).fetch_one(c).await)?;
    Ok(Found { products, facilities, keys, none_known: any.is_none(), ages: ages > 0 })
}
