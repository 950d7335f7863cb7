//! The part of the self-test that looks at the records: whether they still fit together.

use presell_catalog::claims;
use presell_store::{Db, on};

use super::{Check, fine, wrong};
use crate::{App, Result};

pub(super) async fn promised(db: &Db) -> Result<Check> {
    let mut tx = db.begin_read().await?;
    let drift = claims::drift(&mut tx).await;
    tx.rollback().await?;
    let drift = drift?;
    Ok(match drift.first() {
        None => {
            fine("promised pieces", "The promised pieces of every purchase order line match its orders and receipts.")
        }
        Some(d) => wrong(
            "promised pieces",
            format!(
                "{} lines disagree with their orders and receipts; first {} line {}: stored {}, should be {}.",
                drift.len(),
                d.purchase_order,
                d.line,
                d.stored,
                d.recomputed
            ),
            "Make a backup, then import the sales orders of these lines again: that counts them anew.",
        ),
    })
}

pub(super) async fn imports(db: &Db) -> Result<Check> {
    let sql = "SELECT id, file_name FROM import WHERE state = 'applying' ORDER BY id";
    let rows: Vec<(i64, String)> = on!(db, p => sqlx::query_as(sql).fetch_all(p).await)?;
    Ok(match rows.first() {
        None => fine("imports", "No import was cut short."),
        Some((id, name)) => wrong(
            "imports",
            format!(
                "{} not finished; first import {id}, {name}.",
                if rows.len() == 1 { "1 import is".to_owned() } else { format!("{} imports are", rows.len()) }
            ),
            "Unless it is running right now, import the file again: rows that are in are found unchanged, the rest is added.",
        ),
    })
}

pub(super) async fn listings(app: &App) -> Result<Check> {
    let store = app.store().await?;
    let sql = "SELECT p.sku FROM member m JOIN product p ON p.id = m.product_id
               WHERE m.store_id = $1 AND NOT EXISTS (SELECT 1 FROM po_line l WHERE l.id = m.line_id) ORDER BY p.sku";
    let rows: Vec<(String,)> = on!(&app.db, p => sqlx::query_as(sql).bind(store.id).fetch_all(p).await)?;
    Ok(match rows.first() {
        None => fine("listings", "Every listed product has a purchase order line behind it."),
        Some((sku,)) => wrong(
            "listings",
            format!("Listed without a purchase order line behind it: {} (first: {sku}).", rows.len()),
            "Bring the lists up to date with: presell refresh --full",
        ),
    })
}

/// Stock and purchase-order lines have no foreign keys, for speed; this looks for what those would have caught.
pub(super) async fn orphans(db: &Db) -> Result<Check> {
    let sql = "SELECT (SELECT count(*) FROM po_line l LEFT JOIN purchase_order o ON o.id = l.po_id
                 LEFT JOIN product p ON p.id = l.product_id LEFT JOIN facility f ON f.id = l.facility_id
                 WHERE o.id IS NULL OR p.id IS NULL OR f.id IS NULL),
               (SELECT count(*) FROM stock s LEFT JOIN product p ON p.id = s.product_id
                 LEFT JOIN facility f ON f.id = s.facility_id WHERE p.id IS NULL OR f.id IS NULL)";
    let (lines, stock): (i64, i64) = on!(db, p => sqlx::query_as(sql).fetch_one(p).await)?;
    Ok(match (lines, stock) {
        (0, 0) => {
            fine("orphans", "Every purchase order line and stock record belongs to a known product and facility.")
        }
        (lines, stock) => wrong(
            "orphans",
            format!(
                "{lines} purchase order lines and {stock} stock records name something that is not there any more."
            ),
            "Put your last backup in place with: presell restore FILE",
        ),
    })
}
