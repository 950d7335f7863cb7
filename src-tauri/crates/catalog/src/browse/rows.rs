//! What a page says of each product.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use presell_store::{Result, Tx, instant, text, within};
use serde::Serialize;
use ts_rs::TS;

use crate::rules::{Class, Code};
use crate::stores::Store;

/// One product.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "CatalogRow")]
pub struct Row {
    /// Its SKU.
    pub sku: String,
    /// Its name; empty if no file gave one.
    pub title: String,
    /// The list it is in; none: neither.
    pub category: Option<Class>,
    /// Why it is not listed, or should not be any more; the first is the one it is counted under.
    pub reasons: Vec<Code>,
    /// The reasons are those of the last refresh, or are not known yet.
    pub due: bool,
    /// You took it out of pre-selling.
    pub excluded: bool,
    /// The date customers are told.
    pub promise_date: Option<NaiveDate>,
    /// The purchase order that brings it.
    pub purchase_order: Option<String>,
    /// The line of it.
    pub line: Option<i64>,
    /// Pieces published as sellable.
    pub cap: Option<i64>,
    /// Since when it is in its list; for a product in neither, since when it is in none, if it ever was.
    pub since: Option<DateTime<Utc>>,
}

#[derive(sqlx::FromRow)]
struct Found {
    id: i64,
    sku: String,
    title: String,
    category: Option<String>,
    promise_date: Option<NaiveDate>,
    code: Option<String>,
    line_no: Option<i64>,
    cap: Option<i64>,
    since: Option<i64>,
    left_at: Option<i64>,
    reasons: Option<String>,
    round: Option<i64>,
    excluded: Option<bool>,
}

/// The products with these keys, in this order.
pub(super) async fn rows(tx: &mut Tx, store: &Store, round: i64, ids: &[i64]) -> Result<Vec<Row>> {
    let sql = text!(
        tx,
        "SELECT p.id, p.sku, p.title, m.category, m.promise_date, po.code, l.line_no, m.cap, m.since,
           CASE WHEN m.product_id IS NULL THEN (SELECT d.at FROM decision d
             WHERE d.product_id = p.id AND d.store_id = $2 ORDER BY d.id DESC LIMIT 1) END AS left_at,
           s.reasons, s.round, r.excluded
         FROM product p
         LEFT JOIN member m ON m.store_id = $2 AND m.product_id = p.id
         LEFT JOIN po_line l ON l.id = m.line_id LEFT JOIN purchase_order po ON po.id = l.po_id
         LEFT JOIN standing s ON s.store_id = $2 AND s.product_id = p.id
         LEFT JOIN product_rule r ON r.product_id = p.id AND r.store_id = $2
         WHERE p.id IN ",
        INTS
    );
    let list = serde_json::json!(ids).to_string();
    let found: Vec<Found> = within!(tx, c => sqlx::query_as(sql).bind(list).bind(store.id).fetch_all(c).await)?;
    let mut found: HashMap<i64, Row> = found.into_iter().map(|f| (f.id, row(f, round))).collect();
    Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
}

fn row(found: Found, round: i64) -> Row {
    Row {
        sku: found.sku,
        title: found.title,
        category: found.category.and_then(|category| category.parse().ok()),
        reasons: found.reasons.and_then(|reasons| serde_json::from_str(&reasons).ok()).unwrap_or_default(),
        due: found.round != Some(round),
        excluded: found.excluded.unwrap_or(false),
        promise_date: found.promise_date,
        purchase_order: found.code,
        line: found.line_no,
        cap: found.cap,
        since: found.since.or(found.left_at).map(instant),
    }
}
