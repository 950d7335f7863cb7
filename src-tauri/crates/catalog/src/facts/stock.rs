//! Stock, waiting orders and per-product rules. For many products the pieces of all counted facilities are summed by the
//! database; for one product every facility is read, so that "why" can name it.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use presell_store::{Result, Tx, instant, text, within};

use super::{Facilities, Reach};
use crate::rules::{FacilityStock, LeftOut, Stock};
use crate::settings::Settings;
use crate::stores::Store;

/// Stock of the products of one block.
pub(crate) struct StockBlock {
    /// Sum over the counted facilities; a product without a usable record is missing.
    sums: HashMap<i64, i64>,
    queues: HashMap<i64, (i64, i64)>,
    rules: HashMap<i64, (bool, i64, bool)>,
    all: Arc<str>,
}

impl StockBlock {
    /// Whether the product was taken out of pre-selling, and its stock as the rules take it.
    pub(crate) fn of(&self, product: i64) -> (bool, Stock) {
        let (excluded, threshold, brokering_allowed) = self.rules.get(&product).copied().unwrap_or((false, 0, true));
        let (queued, parked) = self.queues.get(&product).copied().unwrap_or((0, 0));
        let facilities = match self.sums.get(&product) {
            Some(sum) => {
                vec![FacilityStock {
                    facility: self.all.clone(),
                    atp: Some(*sum),
                    as_of: Some(DateTime::<Utc>::MAX_UTC),
                    left_out: None,
                }]
            }
            None => Vec::new(),
        };
        (excluded, Stock { facilities, threshold, queued, parked, brokering_allowed })
    }
}

/// The oldest stock record that still counts, in epoch milliseconds; records of any age count while no limit is set.
pub(crate) fn oldest(settings: &Settings, now: DateTime<Utc>) -> i64 {
    settings
        .max_stock_age_hours
        .and_then(TimeDelta::try_hours)
        .and_then(|age| now.checked_sub_signed(age))
        .map_or(i64::MIN, |t| t.timestamp_millis())
}

/// Waiting pieces of the products from `$1` to `$2`, and those of them that are parked.
macro_rules! queues {
    ($from:literal) => {
        concat!(
            "SELECT o.product_id, CAST(SUM(o.quantity) AS BIGINT),
             CAST(SUM(CASE WHEN o.queue IN ('PRE_ORDER_PARKING', 'BACKORDER_PARKING') THEN o.quantity ELSE 0 END) AS BIGINT)
             FROM ",
            $from,
            " o.status = 'OPEN' AND o.product_id BETWEEN $1 AND $2 GROUP BY o.product_id"
        )
    };
}
const QUEUES: &str = queues!("order_item o WHERE");
const QUEUES_IN_SCOPE: &str = queues!("scope s CROSS JOIN order_item o WHERE o.product_id = s.product_id AND");

/// Reads the products from `range.0` to `range.1`, both included; with [`Reach::Scope`] only those in scope.
pub(crate) async fn stock_block(
    tx: &mut Tx,
    store: &Store,
    facilities: &Facilities,
    settings: &Settings,
    now: DateTime<Utc>,
    range: (i64, i64),
    reach: Reach,
) -> Result<StockBlock> {
    let sql = match reach {
        Reach::Everything => text!(
            tx,
            "SELECT product_id, CAST(SUM(atp) AS BIGINT) FROM stock
            WHERE facility_id IN ",
            INTS,
            " AND as_of >= $2 AND product_id BETWEEN $3 AND $4 GROUP BY product_id"
        ),
        Reach::Scope => text!(
            tx,
            "SELECT k.product_id, CAST(SUM(k.atp) AS BIGINT) FROM scope s CROSS JOIN stock k
            WHERE k.product_id = s.product_id AND k.facility_id IN ",
            INTS,
            " AND k.as_of >= $2 AND k.product_id BETWEEN $3 AND $4 GROUP BY k.product_id"
        ),
    };
    let oldest = oldest(settings, now);
    let sums: Vec<(i64, i64)> = within!(tx, c => sqlx::query_as(sql)
        .bind(facilities.counted()).bind(oldest).bind(range.0).bind(range.1).fetch_all(c).await)?;
    let sql = if reach == Reach::Scope { QUEUES_IN_SCOPE } else { QUEUES };
    let queues: Vec<(i64, i64, i64)> =
        within!(tx, c => sqlx::query_as(sql).bind(range.0).bind(range.1).fetch_all(c).await)?;
    let sql = "SELECT product_id, excluded, threshold, brokering FROM product_rule
               WHERE store_id = $1 AND product_id BETWEEN $2 AND $3";
    let rules: Vec<(i64, bool, i64, bool)> =
        within!(tx, c => sqlx::query_as(sql).bind(store.id).bind(range.0).bind(range.1).fetch_all(c).await)?;
    Ok(StockBlock {
        sums: sums.into_iter().collect(),
        queues: queues.into_iter().map(|(p, q, k)| (p, (q, k))).collect(),
        rules: rules.into_iter().map(|(p, e, t, b)| (p, (e, t, b))).collect(),
        all: Arc::from("all facilities"),
    })
}

/// Stock of one product, facility by facility, those left out with their reason.
pub(crate) async fn stock_of(
    tx: &mut Tx,
    store: &Store,
    facilities: &Facilities,
    product: i64,
) -> Result<(bool, Stock)> {
    // One record a location: each has its own age.
    let sql = "SELECT facility_id, atp, as_of FROM stock WHERE product_id = $1 ORDER BY facility_id, location";
    let records: Vec<(i64, i64, i64)> = within!(tx, c => sqlx::query_as(sql).bind(product).fetch_all(c).await)?;
    let mut found: Vec<FacilityStock> = records
        .into_iter()
        .filter_map(|(id, atp, as_of)| {
            let facility = facilities.get(id)?;
            Some(FacilityStock {
                facility: facility.code.clone(),
                atp: Some(atp),
                as_of: Some(instant(as_of)),
                left_out: facility.left_out,
            })
        })
        .collect();
    for facility in facilities.counted_facilities() {
        if !found.iter().any(|f| f.facility == facility.code) {
            let left_out = Some(LeftOut::NoRecord);
            found.push(FacilityStock { facility: facility.code.clone(), atp: None, as_of: None, left_out });
        }
    }
    let queues: Option<(i64, i64, i64)> =
        within!(tx, c => sqlx::query_as(QUEUES).bind(product).bind(product).fetch_optional(c).await)?;
    let sql = "SELECT excluded, threshold, brokering FROM product_rule WHERE store_id = $1 AND product_id = $2";
    let rule: Option<(bool, i64, bool)> =
        within!(tx, c => sqlx::query_as(sql).bind(store.id).bind(product).fetch_optional(c).await)?;
    let (excluded, threshold, brokering_allowed) = rule.unwrap_or((false, 0, true));
    let (_, queued, parked) = queues.unwrap_or((product, 0, 0));
    Ok((excluded, Stock { facilities: found, threshold, queued, parked, brokering_allowed }))
}
