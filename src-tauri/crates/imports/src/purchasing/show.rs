//! One purchase order with a page of its lines.

use chrono::NaiveDate;
use presell_catalog::stores::Store;
use presell_store::{Db, Result, on};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::HandError;
use super::list::{OrderRow, pattern, summed_up};

/// An order to show.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[ts(rename = "ShowPurchaseOrder")]
pub struct ShowOrder {
    /// Its number.
    pub code: String,
    /// Part of a SKU or a product's name.
    pub search: String,
    /// Only lines that still bring something.
    pub open: bool,
    /// How many lines.
    pub limit: u32,
    /// How many to pass over.
    pub offset: u64,
}

/// One order.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "PurchaseOrderView")]
pub struct OrderView {
    /// Summed up.
    pub order: OrderRow,
    /// How many lines fit.
    pub total: u64,
    /// This page of them, by number.
    pub lines: Vec<LineView>,
}

/// One line.
#[derive(Clone, Debug, PartialEq, Serialize, sqlx::FromRow, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "PoLine")]
pub struct LineView {
    /// Its number.
    pub line: i64,
    /// What it brings.
    pub sku: String,
    /// The product's name; empty if no file gave one.
    pub title: String,
    /// Where it goes.
    pub facility: String,
    /// Its status.
    pub status: String,
    /// Closed by itself: received and cancelled reach what was ordered.
    pub closed: bool,
    /// A new style, or a known product restocked.
    pub is_new: bool,
    /// Pieces ordered.
    pub ordered: i64,
    /// Pieces received.
    pub received: i64,
    /// Pieces cancelled.
    pub cancelled: i64,
    /// Pieces kept back from pre-selling.
    pub buffer: i64,
    /// Pieces promised to customers and not here yet.
    pub pre_sold: i64,
    /// Pieces that may still be pre-sold.
    pub left: i64,
    /// Pieces promised that will not come.
    pub oversold: i64,
    /// When the supplier says it arrives.
    pub arrival_date: Option<NaiveDate>,
    /// Days of safety.
    pub buffer_days: i64,
    /// It should be here by now.
    pub late: bool,
    /// What customers are told.
    pub promise_date: Option<NaiveDate>,
    /// The list the product is in now.
    pub listed: Option<String>,
    /// This line is what customers are told of.
    pub active: bool,
    /// Changes whenever the line does; to be given with a change.
    pub version: String,
}

/// $1 store, $2 order, $3 today.
const LINES: &str = "SELECT l.line_no AS line, p.sku, p.title, f.code AS facility, l.status, l.closed, l.is_new, l.ordered, l.received,
    l.cancelled, l.buffer, l.allocated AS pre_sold,
    CASE WHEN l.status IN ('CREATED', 'APPROVED') AND o.status IN ('CREATED', 'APPROVED')
      AND l.ordered - l.received - l.cancelled - l.buffer - l.allocated > 0
      THEN l.ordered - l.received - l.cancelled - l.buffer - l.allocated ELSE 0 END AS left,
    CASE WHEN l.ordered - l.received - l.cancelled < 0 THEN l.allocated
         WHEN l.allocated > l.ordered - l.received - l.cancelled THEN l.allocated - (l.ordered - l.received - l.cancelled)
         ELSE 0 END AS oversold,
    l.arrival_date, l.buffer_days, COALESCE(l.arrival_date < $3 AND NOT l.closed AND l.status IN ('CREATED', 'APPROVED')
      AND o.status IN ('CREATED', 'APPROVED'), FALSE) AS late, l.promise_date, m.category AS listed, COALESCE(m.line_id = l.id, FALSE) AS active,
    l.status || ' ' || CASE WHEN l.is_new THEN 'Y' ELSE 'N' END || ' ' || l.ordered || ' ' || l.received || ' ' || l.cancelled || ' '
      || l.buffer || ' ' || l.buffer_days || ' ' || COALESCE(CAST(l.arrival_date AS TEXT), '-') AS version
    FROM po_line l JOIN purchase_order o ON o.id = l.po_id JOIN product p ON p.id = l.product_id
    JOIN facility f ON f.id = l.facility_id LEFT JOIN member m ON m.product_id = l.product_id AND m.store_id = $1
    WHERE o.code = $2";

/// The order and a page of its lines, as a store sees them on its day `today`.
pub async fn show_order(
    db: &Db,
    store: &Store,
    wanted: &ShowOrder,
    today: NaiveDate,
) -> std::result::Result<OrderView, HandError> {
    let sql = "SELECT id FROM purchase_order WHERE code = $1";
    let id: Option<(i64,)> = on!(db, p => sqlx::query_as(sql).bind(&wanted.code).fetch_optional(p).await)?;
    let order = match id {
        Some((id,)) => summed_up(db, &[id], today).await?.into_iter().next(),
        None => None,
    };
    let order = order.ok_or_else(|| HandError::NoOrder(wanted.code.clone()))?;
    let search = pattern(&wanted.search);
    let filter = "($4 = '' OR lower(p.sku) LIKE $4 ESCAPE '\\' OR lower(p.title) LIKE $4 ESCAPE '\\')
        AND ($5 = 0 OR (l.status IN ('CREATED', 'APPROVED') AND NOT l.closed))";
    let count = format!("SELECT count(*) FROM ({LINES} AND {filter}) AS found");
    let open = i64::from(wanted.open);
    let (total,): (i64,) = on!(db, p => sqlx::query_as(sqlx::AssertSqlSafe(count)).bind(store.id).bind(&wanted.code)
        .bind(today).bind(&search).bind(open).fetch_one(p).await)?;
    let page = format!("{LINES} AND {filter} ORDER BY l.line_no LIMIT $6 OFFSET $7");
    let lines: Vec<LineView> = on!(db, p => sqlx::query_as(sqlx::AssertSqlSafe(page)).bind(store.id).bind(&wanted.code)
        .bind(today).bind(&search).bind(open).bind(i64::from(wanted.limit)).bind(i64::try_from(wanted.offset).unwrap_or(i64::MAX))
        .fetch_all(p).await)?;
    Ok(OrderView { order, total: total.unsigned_abs(), lines })
}

/// One line, as it is now.
pub async fn show_line(db: &Db, store: &Store, code: &str, line: i64, today: NaiveDate) -> Result<Option<LineView>> {
    let sql = format!("{LINES} AND l.line_no = $4");
    on!(db, p => sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(store.id).bind(code).bind(today).bind(line).fetch_optional(p).await)
}
