//! A picture of what is coming: pieces on open purchase orders by week, beside what is sold of them already.

use chrono::{DateTime, Datelike, Days, NaiveDate, Utc};
use presell_store::{Db, StoreError, Tx, within};
use serde::Serialize;
use ts_rs::TS;

use crate::facts;
use crate::stores::{Store, StoresError};

/// Most weeks of one picture.
const MOST: u64 = 104;

/// What is coming.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Coming {
    /// The store's day.
    pub today: NaiveDate,
    /// Promised for a day that has passed, and not received.
    pub overdue: Incoming,
    /// Week by week, from the one of today.
    pub weeks: Vec<Week>,
    /// Promised for a day after these weeks.
    pub later: Incoming,
    /// Without a day.
    pub undated: Incoming,
}

/// What one week brings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "ComingWeek")]
pub struct Week {
    /// Its Monday.
    pub monday: NaiveDate,
    /// What comes.
    #[serde(flatten)]
    pub incoming: Incoming,
}

/// Pieces on open lines of open purchase orders that supply the store.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Incoming {
    /// Pieces still to come: ordered, less received and called off.
    pub pieces: i64,
    /// Of them, promised to customers.
    pub presold: i64,
    /// Of them, still to pre-sell. What is neither is the order buffer.
    pub left: i64,
    /// Different products.
    pub products: i64,
    /// Different purchase orders.
    pub purchase_orders: i64,
}

/// Weeks are numbered from today's; a day that has passed, one after the picture and no day have numbers of their own.
const OVERDUE: i64 = -1;
const UNDATED: i64 = -2;

/// What the coming `weeks` bring to a store, at most 104 of them.
pub async fn coming(db: &Db, store: &Store, weeks: u64, now: DateTime<Utc>) -> Result<Coming, StoresError> {
    let today = store.today(now);
    let monday = today.checked_sub_days(Days::new(today.weekday().num_days_from_monday().into())).unwrap_or(today);
    let weeks = i64::try_from(weeks.clamp(1, MOST)).unwrap_or(1);
    let mut tx = db.begin_read().await?;
    let found = read(&mut tx, store, today, monday, weeks, now).await;
    tx.rollback().await?;
    let found = found?;
    let of = |number: i64| found.iter().find(|(n, _)| *n == number).map(|(_, i)| *i).unwrap_or_default();
    let week = |n: i64| {
        let monday = monday.checked_add_days(Days::new(7 * n.unsigned_abs())).unwrap_or(monday);
        Week { monday, incoming: of(n) }
    };
    let weeks_of = (0..weeks).map(week).collect();
    Ok(Coming { today, overdue: of(OVERDUE), weeks: weeks_of, later: of(weeks), undated: of(UNDATED) })
}

/// `$3`: today, `$4`: Monday, `$5`: weeks. `rest` is positive on every line that is read.
macro_rules! statement {
    ($week:literal, $ints:literal) => {
        concat!(
            "SELECT week, CAST(SUM(rest) AS BIGINT), CAST(SUM(sold) AS BIGINT), CAST(SUM(free) AS BIGINT),
               COUNT(DISTINCT product_id), COUNT(DISTINCT po_id)
             FROM (SELECT l.product_id, l.po_id, l.ordered - l.received - l.cancelled AS rest,
                 CASE WHEN l.allocated < l.ordered - l.received - l.cancelled THEN l.allocated
                      ELSE l.ordered - l.received - l.cancelled END AS sold,
                 CASE WHEN l.ordered - l.received - l.cancelled - l.buffer - l.allocated > 0
                      THEN l.ordered - l.received - l.cancelled - l.buffer - l.allocated ELSE 0 END AS free,
                 CASE WHEN l.promise_date IS NULL THEN -2 WHEN l.promise_date < $3 THEN -1
                      WHEN ",
            $week,
            " < $5 THEN ",
            $week,
            " ELSE $5 END AS week
               FROM po_line l JOIN purchase_order po ON po.id = l.po_id
               WHERE po.status IN ('CREATED', 'APPROVED') AND l.status IN ('CREATED', 'APPROVED')
                 AND l.ordered - l.received - l.cancelled > 0
                 AND (po.store_id IS NULL OR po.store_id = $2) AND l.facility_id IN ",
            $ints,
            ") AS line GROUP BY week"
        )
    };
}

async fn read(
    tx: &mut Tx,
    store: &Store,
    today: NaiveDate,
    monday: NaiveDate,
    weeks: i64,
    now: DateTime<Utc>,
) -> Result<Vec<(i64, Incoming)>, StoreError> {
    let facilities = facts::facilities(tx, store, now).await?.inbound();
    let sql = if tx.is_postgres() {
        statement!(
            "CAST((l.promise_date - $4::date) / 7 AS BIGINT)",
            "(SELECT value::bigint FROM jsonb_array_elements_text($1::jsonb))"
        )
    } else {
        statement!(
            "CAST(julianday(l.promise_date) - julianday($4) AS INTEGER) / 7",
            "(SELECT value FROM json_each($1))"
        )
    };
    let rows: Vec<(i64, i64, i64, i64, i64, i64)> = within!(tx, c => sqlx::query_as(sql)
        .bind(facilities).bind(store.id).bind(today).bind(monday).bind(weeks).fetch_all(c).await)?;
    let incoming = |(week, pieces, presold, left, products, purchase_orders)| {
        (week, Incoming { pieces, presold, left, products, purchase_orders })
    };
    Ok(rows.into_iter().map(incoming).collect())
}
