//! What each product should show in a shop, what it shows, and how far that is: one row per product and shop.

mod rows;

use chrono::{DateTime, Utc};
use presell_catalog::stores::Store;
use presell_store::{Db, Result, on};
use serde::Serialize;
use ts_rs::TS;

use crate::shop::Shop;
use crate::state::{self, Terms, with_terms};

pub use rows::{InShop, Row, in_shops};

/// Which rows to show.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Words in SKU or title.
    pub search: String,
    /// Only rows in this state.
    pub state: Option<String>,
    /// Rows to leave out at the start.
    pub offset: i64,
    /// Rows at most.
    pub limit: i64,
}

/// How many rows are in a state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "ShopStateCount")]
pub struct StateCount {
    /// The state.
    pub state: String,
    /// Rows.
    pub count: i64,
}

/// A page of rows with the totals.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "ShopMatrix")]
pub struct Matrix {
    /// Rows that match the words and the state.
    pub total: i64,
    /// Rows that match the words and were not found in the shop, or never looked for.
    pub unlinked: i64,
    /// Rows that match the words, by state.
    pub states: Vec<StateCount>,
    /// This page.
    pub rows: Vec<Row>,
}

/// Words in SKU or title, as `$1` has them.
const FOUND: &str = "($1 = '' OR lower(p.sku) LIKE $1 ESCAPE '!' OR lower(p.title) LIKE $1 ESCAPE '!')";

/// A page of the matrix.
pub async fn matrix(db: &Db, store: &Store, shop: &Shop, filter: &Filter, now: DateTime<Utc>) -> Result<Matrix> {
    let words = filter.search.trim().to_lowercase();
    let like = match words.is_empty() {
        true => String::new(),
        false => format!("%{}%", words.replace('!', "!!").replace('%', "!%").replace('_', "!_")),
    };
    let terms = [Terms::of(store, shop, now)];
    let (from, state, concerned) = (state::from(2, 1), state::state(), state::CONCERNED);
    let sql = format!(
        "SELECT state, COUNT(*), SUM(unlinked) FROM (SELECT {state} AS state,
             CASE WHEN v.product_id IS NULL OR v.link IN ('missing', 'gone') THEN 1 ELSE 0 END AS unlinked
             {from} WHERE {concerned} AND {FOUND}) AS r GROUP BY state ORDER BY state"
    );
    let counts: Vec<(String, i64, i64)> = on!(db, p => with_terms!(sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(&like), terms)
        .fetch_all(p).await)?;
    let wanted = |state: &str| filter.state.as_deref().is_none_or(|wanted| wanted == state);
    let total = counts.iter().filter(|(state, _, _)| wanted(state)).map(|(_, count, _)| count).sum();
    let unlinked = counts.iter().map(|(_, _, unlinked)| unlinked).sum();
    let (limit, offset) = (filter.limit.clamp(1, 1_000), filter.offset.max(0));
    let page = format!(
        "{} {from} {} WHERE {concerned} AND {FOUND} AND ($9 = '' OR {state} = $9) ORDER BY p.sku LIMIT {limit} OFFSET {offset}",
        rows::columns(),
        rows::TAGS,
    );
    let only = filter.state.clone().unwrap_or_default();
    let found = on!(db, p => with_terms!(sqlx::query_as(sqlx::AssertSqlSafe(page)).bind(&like), terms).bind(&only)
        .fetch_all(p).await)?;
    let rows = rows::rows(db, store, shop, found, now).await?;
    let states = counts.into_iter().map(|(state, count, _)| StateCount { state, count }).collect();
    Ok(Matrix { total, unlinked, states, rows })
}
