//! What each product should show in a shop, what it shows, and how far that is: one row per product and shop.

use chrono::{DateTime, NaiveDate, Utc};
use presell_catalog::stores::Store;
use presell_store::{At, Db, Result, on};
use serde::Serialize;
use sqlx::FromRow;
use ts_rs::TS;

use crate::model::Listing;
use crate::shop::Shop;

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

/// One product in one shop.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "ShopRow")]
pub struct Row {
    /// The product.
    pub sku: String,
    /// Its name.
    pub title: String,
    /// `listed`, `notListed`, `pending`, `failed`, `drifted`, `notLinked` or `ambiguous`.
    pub state: String,
    /// What it should show; none: not listed.
    pub expected: Option<Listing>,
    /// What was last written and confirmed.
    pub confirmed: Option<Listing>,
    /// What its mark was last seen to say.
    pub observed: Option<Listing>,
    /// Whether the shop goes on selling it without stock; none: never seen.
    pub sells: Option<bool>,
    /// Pieces that the shop counts.
    pub quantity: Option<i64>,
    /// What is under way or failed: `list`, `delist`, `move`, `update`, `tags`.
    pub action: Option<String>,
    /// Why it failed or waits.
    pub reason: Option<String>,
    /// When it was last seen.
    pub seen_at: Option<At>,
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
    /// Rows that match the words, by state.
    pub states: Vec<StateCount>,
    /// This page.
    pub rows: Vec<Row>,
}

#[derive(FromRow)]
struct Found {
    sku: String,
    title: String,
    state: String,
    category: Option<String>,
    promise_date: Option<NaiveDate>,
    cap: Option<i64>,
    sellable: Option<bool>,
    listed_class: Option<String>,
    listed_date: Option<NaiveDate>,
    listed_cap: Option<i64>,
    seen_class: Option<String>,
    seen_date: Option<NaiveDate>,
    seen_cap: Option<i64>,
    seen_continues: Option<bool>,
    seen_quantity: Option<i64>,
    action: Option<String>,
    message: Option<String>,
    seen_at: Option<i64>,
}

/// Products on a list or ever written, with their state in this shop ($2 of store $1); $3 is the shop's buffer, $5 its day: the words are $4, and $6 says whether the quantity is written. What
/// was promised for an earlier one is no more wanted, whatever the lists still say.
const ROWS: &str = "WITH rows AS (
    SELECT p.sku, p.title, m.category, m.promise_date, CASE WHEN $6 = 1 THEN m.cap - $3 ELSE 0 END AS cap, m.cap > $3 AS sellable, v.listed_class, v.listed_date, v.listed_cap, v.seen_class,
        v.seen_date, v.seen_cap, v.seen_continues, v.seen_quantity, i.action, i.message, v.seen_at,
        CASE WHEN v.link = 'ambiguous' THEN 'ambiguous'
             WHEN v.product_id IS NULL OR v.link <> 'linked' THEN 'notLinked'
             WHEN i.state = 'failed' THEN 'failed'
             WHEN i.id IS NOT NULL THEN 'pending'
             WHEN (m.product_id IS NULL OR m.cap <= $3) AND v.listed_class IS NOT NULL THEN 'pending'
             WHEN m.cap > $3 AND (v.listed_class IS NULL OR v.listed_class <> m.category OR v.listed_date <> m.promise_date
                 OR ($6 = 1 AND v.listed_cap <> m.cap - $3)) THEN 'pending'
             WHEN v.listed_class IS NOT NULL AND (NOT v.seen_continues OR v.seen_mark <> 'active' OR v.seen_class <> v.listed_class
                 OR v.seen_date <> v.listed_date OR v.seen_cap <> v.listed_cap) THEN 'drifted'
             WHEN v.listed_class IS NULL AND v.written AND v.seen_mark = 'active' THEN 'drifted'
             WHEN v.listed_class IS NOT NULL THEN 'listed' ELSE 'notListed' END AS state
    FROM product p
    LEFT JOIN member m ON m.store_id = $1 AND m.product_id = p.id AND m.promise_date >= $5
    LEFT JOIN shop_variant v ON v.shop_id = $2 AND v.product_id = p.id
    LEFT JOIN shop_item i ON i.shop_id = $2 AND i.product_id = p.id AND i.state IN ('pending', 'sent', 'unknown', 'failed')
    WHERE (m.product_id IS NOT NULL OR v.written)
      AND ($4 = '' OR lower(p.sku) LIKE $4 ESCAPE '!' OR lower(p.title) LIKE $4 ESCAPE '!'))";

/// A page of the matrix.
pub async fn matrix(db: &Db, store: &Store, shop: &Shop, filter: &Filter, now: DateTime<Utc>) -> Result<Matrix> {
    let today = shop.today(store, now);
    let words = filter.search.trim().to_lowercase();
    let like = match words.is_empty() {
        true => String::new(),
        false => format!("%{}%", words.replace('!', "!!").replace('%', "!%").replace('_', "!_")),
    };
    let counted = i64::from(!shop.settings.quantity_key.is_empty());
    let sql = format!("{ROWS} SELECT state, COUNT(*) FROM rows GROUP BY state ORDER BY state");
    let counts: Vec<(String, i64)> = on!(db, p => sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(store.id).bind(shop.id)
        .bind(shop.settings.buffer).bind(&like).bind(today).bind(counted).fetch_all(p).await)?;
    let wanted = |state: &str| filter.state.as_deref().is_none_or(|wanted| wanted == state);
    let total = counts.iter().filter(|(state, _)| wanted(state)).map(|(_, count)| count).sum();
    let sql = format!("{ROWS} SELECT * FROM rows WHERE ($7 = '' OR state = $7) ORDER BY sku LIMIT $8 OFFSET $9");
    let state = filter.state.clone().unwrap_or_default();
    let found: Vec<Found> = on!(db, p => sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(store.id).bind(shop.id)
        .bind(shop.settings.buffer).bind(&like).bind(today).bind(counted).bind(&state).bind(filter.limit.clamp(1, 1_000)).bind(filter.offset.max(0))
        .fetch_all(p).await)?;
    let states = counts.into_iter().map(|(state, count)| StateCount { state, count }).collect();
    Ok(Matrix { total, states, rows: found.into_iter().map(row).collect() })
}

fn row(found: Found) -> Row {
    let listing = |class: Option<String>, date: Option<NaiveDate>, cap: Option<i64>| {
        let class = class?.parse().ok()?;
        Some(Listing { class, promise_date: date?, cap: cap? })
    };
    let expected = listing(found.category, found.promise_date, found.cap).filter(|_| found.sellable == Some(true));
    let reason = found.message.or_else(|| {
        let words = match found.state.as_str() {
            "notLinked" => "No variant with this SKU was found in the shop, or it was not looked up yet.",
            "ambiguous" => "The shop has several variants with this SKU. Give them different ones there.",
            _ => return None,
        };
        Some(words.to_owned())
    });
    Row {
        sku: found.sku,
        title: found.title,
        state: found.state,
        expected,
        confirmed: listing(found.listed_class, found.listed_date, found.listed_cap),
        observed: listing(found.seen_class, found.seen_date, found.seen_cap),
        sells: found.seen_continues,
        quantity: found.seen_quantity,
        action: found.action,
        reason,
        seen_at: found.seen_at.map(At::from),
    }
}
