//! Where every product stands and why, kept so that a list of half a million products that are not listed can be filtered
//! and counted by reason. The reasons come from the same `decide` as everything else; a refresh only says for which
//! products they are due, and whoever looks at the list works them out, a bit at a time.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use presell_store::{Cell, Db, StoreError, Tx, text, within};
use serde::Serialize;
use ts_rs::TS;

use crate::facts::{self, Reach};
use crate::rules::{Line, Member, ProductFacts, Verdict, decide};
use crate::stores::{self, Store, StoresError};

/// Kept as the reason of a product that the rules would list.
pub(crate) const LISTED: &str = "LISTED";

/// Products worked out in one transaction: enough to read as a set, few enough to hold nobody up.
const BATCH: i64 = 2_000;

/// How far it got.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ReasonsProgress {
    /// Products worked out by this call.
    pub done: u64,
    /// Where to go on; none: nothing is due any more.
    pub after: Option<i64>,
}

/// Works out where products stand, those with a key beyond `after` first, until `budget` is used up or none is due.
/// Several callers may do so at once.
pub async fn work_out(
    db: &Db,
    store: &Store,
    after: i64,
    budget: Duration,
    now: DateTime<Utc>,
) -> Result<ReasonsProgress, StoresError> {
    let started = Instant::now();
    let mut progress = ReasonsProgress { done: 0, after: Some(after) };
    while let Some(after) = progress.after {
        let due = announce(db, store, after).await?;
        progress.after = due.last().copied();
        if due.is_empty() {
            break;
        }
        match judge(db, store, &due, now).await {
            Ok(()) => progress.done += due.len() as u64,
            // A refresh overtook this batch; what it left due is found the next time.
            Err(StoresError::Store(StoreError::Conflict)) => {}
            Err(error) => return Err(error),
        }
        if started.elapsed() >= budget {
            break;
        }
    }
    Ok(progress)
}

/// The round that counts.
pub(crate) async fn round(tx: &mut Tx, store: &Store) -> Result<i64, StoreError> {
    let sql = "SELECT round FROM refresh_mark WHERE store_id = $1";
    let row: Option<(i64,)> = within!(tx, c => sqlx::query_as(sql).bind(store.id).fetch_optional(c).await)?;
    Ok(row.map_or(0, |row| row.0))
}

/// The next products that are due. Each has a row before its facts are read, so that a refresh which comes between
/// writes to the same row, and one of the two notices.
async fn announce(db: &Db, store: &Store, after: i64) -> Result<Vec<i64>, StoresError> {
    let mut tx = db.begin().await?;
    let round = round(&mut tx, store).await?;
    let sql = "SELECT p.id FROM product p LEFT JOIN standing s ON s.store_id = $1 AND s.product_id = p.id
               WHERE p.id > $2 AND (s.round IS NULL OR s.round <> $3) ORDER BY p.id LIMIT $4";
    let due: Vec<(i64,)> = within!(&mut tx, c => sqlx::query_as(sql)
        .bind(store.id).bind(after).bind(round).bind(BATCH).fetch_all(c).await)?;
    let due: Vec<i64> = due.into_iter().map(|row| row.0).collect();
    let sql = text!(
        tx,
        "INSERT INTO standing (store_id, product_id, reason) SELECT $2, id, '' FROM product WHERE id IN ",
        INTS,
        " ON CONFLICT (store_id, product_id) DO NOTHING"
    );
    let ids = serde_json::json!(due).to_string();
    within!(&mut tx, c => sqlx::query(sql).bind(ids).bind(store.id).execute(c).await.map(|_| ()))?;
    if due.is_empty() {
        // Products that an undone import took away again.
        let sql = "DELETE FROM standing WHERE store_id = $1
                   AND NOT EXISTS (SELECT 1 FROM product p WHERE p.id = standing.product_id)";
        within!(&mut tx, c => sqlx::query(sql).bind(store.id).execute(c).await.map(|_| ()))?;
    }
    tx.commit().await?;
    Ok(due)
}

async fn judge(db: &Db, store: &Store, products: &[i64], now: DateTime<Utc>) -> Result<(), StoresError> {
    let (Some(first), Some(last)) = (products.first(), products.last()) else { return Ok(()) };
    let mut tx = db.begin_snapshot().await?;
    let round = round(&mut tx, store).await?;
    scope(&mut tx, products).await?;
    let settings = stores::settings(&mut tx, store).await?;
    let facilities = facts::facilities(&mut tx, store, now).await?;
    let mut lines: HashMap<i64, Vec<Line>> = HashMap::new();
    for (product, line) in facts::lines_of(&mut tx, store, &facilities, products).await? {
        lines.entry(product).or_default().push(line);
    }
    let members: HashMap<i64, Member> = facts::members(&mut tx, store, Reach::Scope).await?.into_iter().collect();
    let range = (*first, *last);
    let stock = facts::stock_block(&mut tx, store, &facilities, &settings, now, range, Reach::Scope).await?;
    let mut found = Vec::with_capacity(products.len());
    for product in products {
        let (excluded, stock) = stock.of(*product);
        let lines = lines.remove(product).unwrap_or_default();
        let facts = ProductFacts { listed: members.contains_key(product), excluded, lines, stock };
        let decision = decide(&facts, &settings, store.today(now), now);
        let reasons = decision.reasons_for(members.get(product));
        let reason = match (decision.verdict, reasons.first()) {
            (Verdict::Listed(_), _) | (_, None) => LISTED,
            (_, Some(code)) => code.as_str(),
        };
        found.push((*product, reason, serde_json::json!(reasons).to_string()));
    }
    write(&mut tx, store, round, &found).await?;
    Ok(tx.commit().await?)
}

async fn scope(tx: &mut Tx, products: &[i64]) -> Result<(), StoreError> {
    tx.staging("scope", "product_id BIGINT PRIMARY KEY").await?;
    let cells: Vec<Cell<'_>> = products.iter().map(|product| Cell::Int(*product)).collect();
    tx.insert_many("scope", &["product_id"], &cells).await?;
    Ok(())
}

async fn write(tx: &mut Tx, store: &Store, round: i64, found: &[(i64, &str, String)]) -> Result<(), StoreError> {
    const COLUMNS: &[&str] = &["store_id", "product_id", "reason", "reasons", "round"];
    let mut cells = Vec::with_capacity(found.len() * COLUMNS.len());
    for (product, reason, reasons) in found {
        cells.extend([
            Cell::Int(store.id),
            Cell::Int(*product),
            Cell::Text(reason),
            Cell::Text(reasons),
            Cell::Int(round),
        ]);
    }
    tx.staging("stands", "store_id BIGINT, product_id BIGINT, reason TEXT, reasons TEXT, round BIGINT").await?;
    tx.insert_many("stands", COLUMNS, &cells).await?;
    let sql = "UPDATE standing SET reason = s.reason, reasons = s.reasons, round = s.round FROM stands s
               WHERE standing.store_id = s.store_id AND standing.product_id = s.product_id";
    tx.run(sql).await?;
    Ok(())
}
