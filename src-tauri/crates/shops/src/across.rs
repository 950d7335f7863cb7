//! All products in all shops of a store, for pages about products: a few statements, however many products and shops.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use presell_catalog::stores::Store;
use presell_store::{Db, Result, on, text};

use crate::matrix::StateCount;
use crate::shop::Shop;
use crate::state::{self, DRIFTED, STATES, Terms, with_terms};

fn terms(store: &Store, shops: &[Shop], now: DateTime<Utc>) -> Vec<Terms> {
    shops.iter().map(|shop| Terms::of(store, shop, now)).collect()
}

/// The states of these products, shop by shop, each in the order of the SKUs. One that is not known is not in line.
pub async fn states(
    db: &Db,
    store: &Store,
    shops: &[Shop],
    skus: &[&str],
    now: DateTime<Utc>,
) -> Result<Vec<Vec<String>>> {
    let wanted = text!(db, TEXTS);
    let mut found: HashMap<(i64, String), String> = HashMap::new();
    if !shops.is_empty() && !skus.is_empty() {
        let (state, from) = (state::state(), state::from(2, shops.len()));
        let sql = format!("SELECT t.shop_id, p.sku, {state} {from} WHERE p.sku IN {wanted}");
        let (names, terms) = (serde_json::json!(skus).to_string(), terms(store, shops, now));
        let rows: Vec<(i64, String, String)> = on!(db, p => with_terms!(sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(&names), terms)
            .fetch_all(p).await)?;
        found.extend(rows.into_iter().map(|(shop, sku, state)| ((shop, sku), state)));
    }
    let mut of =
        |shop: &Shop, sku: &&str| found.remove(&(shop.id, (*sku).to_owned())).unwrap_or_else(|| "unknown".to_owned());
    Ok(shops.iter().map(|shop| skus.iter().map(|sku| of(shop, sku)).collect()).collect())
}

/// The keys of the products that are in this state in at least one of the shops.
pub async fn products_in(db: &Db, store: &Store, shops: &[Shop], state: &str, now: DateTime<Utc>) -> Result<Vec<i64>> {
    if shops.is_empty() {
        return Ok(Vec::new());
    }
    // Only what is in line can be of no concern.
    let concerned = if state == "notListed" { "TRUE" } else { state::CONCERNED };
    let sql =
        format!("SELECT DISTINCT p.id {} WHERE {concerned} AND {} = $1", state::from(2, shops.len()), state::state());
    let terms = terms(store, shops, now);
    let rows: Vec<(i64,)> =
        on!(db, p => with_terms!(sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(state), terms).fetch_all(p).await)?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// How many products are in each state in at least one of the shops, those first that ask for somebody first.
pub async fn counts(db: &Db, store: &Store, shops: &[Shop], now: DateTime<Utc>) -> Result<Vec<StateCount>> {
    if shops.is_empty() {
        return Ok(Vec::new());
    }
    // One bit for each state, so that each product is read once: its states in all shops are one number.
    let bits: String =
        STATES.iter().enumerate().map(|(at, state)| format!(" WHEN '{state}' THEN {}", 1 << at)).collect();
    let sql = format!(
        "SELECT states, COUNT(*) FROM (SELECT SUM(DISTINCT CASE {} {bits} END) AS states {} GROUP BY p.id) AS r GROUP BY states",
        state::state(),
        state::from(1, shops.len())
    );
    let terms = terms(store, shops, now);
    let rows: Vec<(i64, i64)> =
        on!(db, p => with_terms!(sqlx::query_as(sqlx::AssertSqlSafe(sql)), terms).fetch_all(p).await)?;
    let of = |at: usize| rows.iter().filter(|(states, _)| states & (1 << at) != 0).map(|(_, count)| count).sum();
    let counts = STATES.iter().enumerate().map(|(at, state)| StateCount { state: (*state).to_owned(), count: of(at) });
    Ok(counts.filter(|one| one.count > 0).collect())
}

/// Shops that need somebody: they do not let us in, a product failed there, or somebody else changed one.
pub async fn troubled(db: &Db, store: &Store, shops: &[Shop], now: DateTime<Utc>) -> Result<usize> {
    use crate::shop::ShopState::{Blocked, Disconnected};
    let (away, open): (Vec<Shop>, Vec<Shop>) =
        shops.iter().cloned().partition(|shop| matches!(shop.state, Disconnected | Blocked));
    if open.is_empty() {
        return Ok(away.len());
    }
    // First what can be told from a variant or an item alone: mostly there is nothing, and nothing else is read. The index of
    // open items is used only by a condition that names all of them.
    let sql = format!(
        "SELECT DISTINCT product_id FROM (SELECT v.product_id FROM shop_variant v WHERE {DRIFTED} UNION ALL
             SELECT i.product_id FROM shop_item i
             WHERE i.state IN ('pending', 'sent', 'unknown', 'failed') AND i.state = 'failed') AS c"
    );
    let perhaps: Vec<(i64,)> = on!(db, p => sqlx::query_as(sqlx::AssertSqlSafe(sql)).fetch_all(p).await)?;
    if perhaps.is_empty() {
        return Ok(away.len());
    }
    let keys = serde_json::json!(perhaps.iter().map(|(id,)| id).collect::<Vec<_>>()).to_string();
    let wanted = text!(db, INTS);
    let sql = format!(
        "SELECT COUNT(DISTINCT shop_id) FROM (SELECT t.shop_id, {} AS state {} WHERE p.id IN {wanted}) AS r
         WHERE state IN ('failed', 'drifted')",
        state::state(),
        state::from(2, open.len())
    );
    let terms = terms(store, &open, now);
    let (troubled,): (i64,) = on!(db, p => with_terms!(sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(&keys), terms)
        .fetch_one(p).await)?;
    Ok(away.len() + usize::try_from(troubled).unwrap_or(0))
}
