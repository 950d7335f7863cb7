//! The two lists as people see them.

use chrono::{DateTime, NaiveDate, Utc};
use presell_store::{Db, Result, instant, on};
use serde::Serialize;
use ts_rs::TS;

use crate::rules::Class;
use crate::stores::Store;

/// One listed product.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Listed {
    /// The product.
    pub sku: String,
    /// Its name; empty if no file gave one.
    pub title: String,
    /// Pre-order or backorder.
    pub category: Class,
    /// The date customers are told.
    pub promise_date: NaiveDate,
    /// The purchase order that brings it; none if its line was deleted and the next refresh has not run.
    pub purchase_order: Option<String>,
    /// The line of that order.
    pub line: Option<i64>,
    /// Pieces published as sellable.
    pub cap: i64,
    /// Since when it is in this list.
    pub since: DateTime<Utc>,
}

/// The listed products by promise date, then SKU; `search` is looked for in SKU, title and purchase order.
pub async fn listings(db: &Db, store: &Store, category: Option<Class>, search: Option<&str>) -> Result<Vec<Listed>> {
    type Row = (String, String, String, NaiveDate, Option<String>, Option<i64>, i64, i64);
    let sql = "SELECT p.sku, p.title, m.category, m.promise_date, po.code, l.line_no, m.cap, m.since
               FROM member m JOIN product p ON p.id = m.product_id
               LEFT JOIN po_line l ON l.id = m.line_id LEFT JOIN purchase_order po ON po.id = l.po_id
               WHERE m.store_id = $1 AND ($2 IS NULL OR m.category = $2)
               ORDER BY m.promise_date, p.sku";
    let category = category.map(Class::as_str);
    let rows: Vec<Row> = on!(db, p => sqlx::query_as(sql).bind(store.id).bind(category).fetch_all(p).await)?;
    let words: Vec<String> = search.unwrap_or_default().split_whitespace().map(str::to_lowercase).collect();
    let listed =
        rows.into_iter().filter_map(|(sku, title, category, promise_date, purchase_order, line, cap, since)| {
            let category = category.parse().ok()?;
            Some(Listed { sku, title, category, promise_date, purchase_order, line, cap, since: instant(since) })
        });
    Ok(listed.filter(|l| matches(l, &words)).collect())
}

/// Every word is found somewhere, in any case. Done here because the two databases fold case differently.
fn matches(listed: &Listed, words: &[String]) -> bool {
    let text = format!("{} {} {}", listed.sku, listed.title, listed.purchase_order.as_deref().unwrap_or_default());
    let text = text.to_lowercase();
    words.iter().all(|word| text.contains(word.as_str()))
}
