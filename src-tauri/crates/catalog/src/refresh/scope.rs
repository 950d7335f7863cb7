//! Which products a refresh looks at. Changes mark products dirty as they are written; what time alone changes is found
//! here: a store's new day, stock that grew too old, a facility's membership that began or ended.

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use presell_store::{Result as StoreResult, Tx, text, within};

use super::{RefreshError, Request};
use crate::facts::{Reach, membership_changed};
use crate::settings::Settings;
use crate::stores::Store;

/// So many dirty products are always looked up one by one.
const FEW: u64 = 1_000;

/// Which products to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Those that something happened to since the last refresh.
    Dirty,
    /// All.
    Everything,
    /// These SKUs.
    Products(Vec<String>),
    /// Those with purchase order lines to these facilities.
    Facilities(Vec<String>),
    /// Listed ones whose purchase order line has another promise date by now.
    MovedDates,
}

/// A scope that has been looked up; with [`Reach::Scope`] its products stand in the temporary table `scope`.
pub(super) struct Resolved {
    pub(super) reach: Reach,
    pub(super) examined: u64,
    /// It holds everything that was dirty, so the store's mark may move on.
    complete: bool,
}

pub(super) async fn resolve(
    tx: &mut Tx,
    store: &Store,
    settings: &Settings,
    request: &Request,
    today: NaiveDate,
    now: DateTime<Utc>,
) -> Result<Resolved, RefreshError> {
    match &request.scope {
        Scope::Everything => everything(tx).await,
        Scope::Dirty => dirty(tx, store, settings, today, now).await,
        Scope::Products(skus) => {
            begin(tx).await?;
            let missing = missing(tx, skus).await?;
            if !missing.is_empty() {
                return Err(RefreshError::UnknownSku(missing.join(", ")));
            }
            let sql = text!(tx, "INSERT INTO scope SELECT id FROM product WHERE sku IN ", TEXTS);
            fill(tx, sql, &serde_json::json!(skus).to_string()).await?;
            scoped(tx, false).await
        }
        Scope::Facilities(codes) => {
            begin(tx).await?;
            let sql = text!(
                tx,
                "INSERT INTO scope SELECT DISTINCT l.product_id FROM po_line l
                JOIN facility f ON f.id = l.facility_id WHERE f.code IN ",
                TEXTS
            );
            fill(tx, sql, &serde_json::json!(codes).to_string()).await?;
            scoped(tx, false).await
        }
        Scope::MovedDates => {
            begin(tx).await?;
            let sql = "INSERT INTO scope SELECT m.product_id FROM member m JOIN po_line l ON l.id = m.line_id
                WHERE m.store_id = $1 AND (l.promise_date IS NULL OR l.promise_date <> m.promise_date)";
            within!(tx, c => sqlx::query(sql).bind(store.id).execute(c).await.map(|_| ()))?;
            scoped(tx, false).await
        }
    }
}

/// Forgets the marks that this refresh has answered. Marks written meanwhile are not visible here and stay.
pub(super) async fn clean(
    tx: &mut Tx,
    store: &Store,
    scope: &Resolved,
    today: NaiveDate,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    let sql = match scope.reach {
        Reach::Scope if !scope.complete => {
            "DELETE FROM dirty WHERE store_id = $1 AND product_id IN (SELECT product_id FROM scope)"
        }
        Reach::Scope | Reach::Everything => "DELETE FROM dirty WHERE store_id = $1",
    };
    within!(tx, c => sqlx::query(sql).bind(store.id).execute(c).await.map(|_| ()))?;
    // What is not listed, and why, is worked out by whoever looks (`standing`); here it only becomes due.
    let sql = match scope.reach {
        Reach::Everything => "UPDATE refresh_mark SET round = round + 1 WHERE store_id = $1",
        Reach::Scope => {
            "UPDATE standing SET round = -1
             WHERE store_id = $1 AND product_id IN (SELECT product_id FROM scope) AND round >= 0"
        }
    };
    within!(tx, c => sqlx::query(sql).bind(store.id).execute(c).await.map(|_| ()))?;
    if scope.complete {
        let sql = "INSERT INTO refresh_mark (store_id, at, today, everything, round) VALUES ($1, $2, $3, FALSE, 1)
                   ON CONFLICT (store_id) DO UPDATE SET at = excluded.at, today = excluded.today, everything = FALSE";
        let at = now.timestamp_millis();
        within!(tx, c => sqlx::query(sql).bind(store.id).bind(at).bind(today).execute(c).await.map(|_| ()))?;
    }
    Ok(())
}

async fn everything(tx: &mut Tx) -> Result<Resolved, RefreshError> {
    let examined = count(tx, "SELECT count(*) FROM product").await?;
    Ok(Resolved { reach: Reach::Everything, examined, complete: true })
}

async fn scoped(tx: &mut Tx, complete: bool) -> Result<Resolved, RefreshError> {
    if tx.is_postgres() {
        tx.run("ANALYZE scope").await?;
    }
    let examined = count(tx, "SELECT count(*) FROM scope").await?;
    Ok(Resolved { reach: Reach::Scope, examined, complete })
}

async fn dirty(
    tx: &mut Tx,
    store: &Store,
    settings: &Settings,
    today: NaiveDate,
    now: DateTime<Utc>,
) -> Result<Resolved, RefreshError> {
    let sql = "SELECT at, today, everything FROM refresh_mark WHERE store_id = $1";
    let mark: Option<(i64, NaiveDate, bool)> =
        within!(tx, c => sqlx::query_as(sql).bind(store.id).fetch_optional(c).await)?;
    // A store never refreshed before, or whose rules changed, has no product that could be left out.
    let Some((at, day, false)) = mark else { return everything(tx).await };
    // The clock may also have been set back: what lies between the two moments counts either way.
    let (from, until) = (at.min(now.timestamp_millis()), at.max(now.timestamp_millis()));
    if membership_changed(tx, store, (from, until)).await? {
        return everything(tx).await;
    }
    begin(tx).await?;
    let sql = "INSERT INTO scope SELECT DISTINCT product_id FROM dirty WHERE store_id = $1";
    within!(tx, c => sqlx::query(sql).bind(store.id).execute(c).await.map(|_| ()))?;
    if day != today {
        let (first, last) = (day.min(today), day.max(today));
        let first = first.checked_sub_days(Days::new(1)).unwrap_or(first);
        let sql = "INSERT INTO scope SELECT DISTINCT product_id FROM po_line WHERE promise_date BETWEEN $1 AND $2
                   ON CONFLICT DO NOTHING";
        within!(tx, c => sqlx::query(sql).bind(first).bind(last).execute(c).await.map(|_| ()))?;
    }
    if let Some(age) = settings.max_stock_age_hours.and_then(TimeDelta::try_hours) {
        let age = age.num_milliseconds();
        let sql = "INSERT INTO scope SELECT DISTINCT product_id FROM stock WHERE as_of BETWEEN $1 AND $2
                   ON CONFLICT DO NOTHING";
        within!(tx, c => sqlx::query(sql).bind(from - age).bind(until - age).execute(c).await.map(|_| ()))?;
    }
    let scoped = scoped(tx, true).await?;
    // Few products need no comparison, and counting all of them takes longer than looking at these.
    if scoped.examined <= FEW {
        return Ok(scoped);
    }
    let products = count(tx, "SELECT count(*) FROM product").await?;
    // Looking up a fifth of all products one by one costs more than reading all of them in order.
    if scoped.examined * 5 > products { everything(tx).await } else { Ok(scoped) }
}

async fn begin(tx: &mut Tx) -> StoreResult<()> {
    tx.staging("scope", "product_id BIGINT PRIMARY KEY").await
}

async fn fill(tx: &mut Tx, sql: &'static str, list: &str) -> StoreResult<()> {
    within!(tx, c => sqlx::query(sql).bind(list).execute(c).await.map(|_| ()))
}

async fn count(tx: &mut Tx, sql: &'static str) -> StoreResult<u64> {
    let (n,): (i64,) = within!(tx, c => sqlx::query_as(sql).fetch_one(c).await)?;
    Ok(n.unsigned_abs())
}

async fn missing(tx: &mut Tx, skus: &[String]) -> StoreResult<Vec<String>> {
    let sql = text!(tx, "SELECT sku FROM product WHERE sku IN ", TEXTS);
    let list = serde_json::json!(skus).to_string();
    let found: Vec<(String,)> = within!(tx, c => sqlx::query_as(sql).bind(list).fetch_all(c).await)?;
    Ok(skus.iter().filter(|sku| !found.iter().any(|(f,)| f == *sku)).cloned().collect())
}
