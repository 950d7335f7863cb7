//! How many products there are: by list, by reason, and waiting for a refresh.

use chrono::{DateTime, Utc};
use presell_store::{Result, StoreError, Tx, instant, within};
use serde::Serialize;
use ts_rs::TS;

use crate::rules::Code;
use crate::stores::Store;

/// Changed products counted; beyond that it is "more than so many".
const MOST_WAITING: i64 = 10_000;

/// Products by list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "CatalogCounts")]
pub struct Counts {
    /// All products.
    pub products: i64,
    /// In the list of pre-orders.
    pub pre_order: i64,
    /// In the list of backorders.
    pub backorder: i64,
    /// In neither.
    pub not_listed: i64,
    /// Left as they are because their stock is unknown.
    pub undetermined: i64,
}

/// How many products a reason keeps out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ReasonCount {
    /// The reason.
    pub code: Code,
    /// Products whose first reason it is.
    pub count: i64,
}

/// What happened since the last refresh.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "CatalogWaiting")]
pub struct Waiting {
    /// When the lists were last brought up to date; none: never.
    pub refreshed_at: Option<DateTime<Utc>>,
    /// The next refresh looks at every product: there was none yet, or the rules were changed.
    pub everything: bool,
    /// Products that something happened to since, counted up to 10,000.
    pub products: i64,
}

pub(super) async fn counts(tx: &mut Tx, store: &Store) -> Result<Counts> {
    let (products,): (i64,) =
        within!(&mut *tx, c => sqlx::query_as("SELECT count(*) FROM product").fetch_one(c).await)?;
    let sql = "SELECT category, count(*) FROM member WHERE store_id = $1 GROUP BY category";
    let lists: Vec<(String, i64)> = within!(&mut *tx, c => sqlx::query_as(sql).bind(store.id).fetch_all(c).await)?;
    let sql = "SELECT count(*) FROM standing WHERE store_id = $1 AND reason = 'STOCK_UNKNOWN'";
    let (undetermined,): (i64,) = within!(tx, c => sqlx::query_as(sql).bind(store.id).fetch_one(c).await)?;
    let of = |list: &str| lists.iter().find(|(category, _)| category == list).map_or(0, |(_, n)| *n);
    let (pre_order, backorder) = (of("PRE_ORDER"), of("BACKORDER"));
    Ok(Counts { products, pre_order, backorder, not_listed: products - pre_order - backorder, undetermined })
}

/// Products by reason, and how many of all were worked out in the round that counts.
pub(super) async fn reasons(tx: &mut Tx, store: &Store, round: i64) -> Result<(Vec<ReasonCount>, i64)> {
    let sql = "SELECT reason, count(*), SUM(CASE WHEN round = $2 THEN 1 ELSE 0 END) FROM standing
               WHERE store_id = $1 GROUP BY reason";
    let rows: Vec<(String, i64, i64)> =
        within!(tx, c => sqlx::query_as(sql).bind(store.id).bind(round).fetch_all(c).await)?;
    let current = rows.iter().map(|row| row.2).sum();
    // LISTED is no reason, and neither is one that only a newer version knows.
    let reason =
        |(reason, count, _): &(String, i64, i64)| reason.parse().ok().map(|code| ReasonCount { code, count: *count });
    let mut reasons: Vec<ReasonCount> = rows.iter().filter_map(reason).collect();
    reasons.sort_by_key(|reason| (-reason.count, reason.code));
    Ok((reasons, current))
}

pub(super) async fn waiting(tx: &mut Tx, store: &Store) -> Result<Waiting> {
    let sql = "SELECT at, everything FROM refresh_mark WHERE store_id = $1";
    let mark: Option<(i64, bool)> = within!(&mut *tx, c => sqlx::query_as(sql).bind(store.id).fetch_optional(c).await)?;
    // The same product may be marked many times.
    let sql = "SELECT count(DISTINCT product_id) FROM (SELECT product_id FROM dirty WHERE store_id = $1 LIMIT $2) AS d";
    let (products,): (i64,) =
        within!(tx, c => sqlx::query_as(sql).bind(store.id).bind(MOST_WAITING).fetch_one(c).await)?;
    Ok::<_, StoreError>(Waiting {
        refreshed_at: mark.map(|(at, _)| instant(at)),
        everything: mark.is_none_or(|(_, everything)| everything),
        products,
    })
}
