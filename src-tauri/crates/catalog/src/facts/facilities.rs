//! The facilities of a store: which feed its web shop, and which receive goods for it.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use presell_store::{Result, Tx, within};

use crate::rules::LeftOut;
use crate::stores::Store;

/// One facility as a store sees it.
#[derive(Clone, Debug)]
pub(crate) struct Facility {
    pub(crate) code: Arc<str>,
    /// Purchase order lines to it belong to the store.
    pub(crate) inbound: bool,
    /// Why its stock does not feed the web shop, if it does not.
    pub(crate) left_out: Option<LeftOut>,
}

/// Every facility by its key.
pub(crate) struct Facilities(HashMap<i64, Facility>);

impl Facilities {
    pub(crate) fn get(&self, id: i64) -> Option<&Facility> {
        self.0.get(&id)
    }

    /// The facilities whose stock counts, by code.
    pub(crate) fn counted_facilities(&self) -> Vec<&Facility> {
        let mut counted: Vec<&Facility> = self.0.values().filter(|f| f.left_out.is_none()).collect();
        counted.sort_by(|a, b| a.code.cmp(&b.code));
        counted
    }

    /// The facilities whose stock counts, as a JSON array of keys.
    pub(crate) fn counted(&self) -> String {
        self.keys(|facility| facility.left_out.is_none())
    }

    /// The facilities whose goods are the store's, as a JSON array of keys.
    pub(crate) fn inbound(&self) -> String {
        self.keys(|facility| facility.inbound)
    }

    fn keys(&self, of: impl Fn(&Facility) -> bool) -> String {
        let mut ids: Vec<i64> = self.0.iter().filter(|(_, f)| of(f)).map(|(id, _)| *id).collect();
        ids.sort_unstable();
        serde_json::json!(ids).to_string()
    }
}

/// Reads all facilities. A facility counts for online stock if it is a physical place in the store's channel group, its
/// membership is valid now, and orders may be sent to it; goods sent to it, or to one marked "receives for", are the store's.
pub(crate) async fn facilities(tx: &mut Tx, store: &Store, now: DateTime<Utc>) -> Result<Facilities> {
    type Row = (i64, String, String, bool, Option<String>, Option<i64>, Option<i64>);
    let sql = "SELECT f.id, f.code, f.kind, f.brokering, m.role, m.valid_from, m.valid_until
               FROM facility f LEFT JOIN store_facility m ON m.facility_id = f.id AND m.store_id = $1";
    let rows: Vec<Row> = within!(tx, c => sqlx::query_as(sql).bind(store.id).fetch_all(c).await)?;
    let now = now.timestamp_millis();
    let read = |(id, code, kind, brokering, role, from, until): Row| {
        let valid = role.is_some() && from.is_none_or(|f| f <= now) && until.is_none_or(|u| now < u);
        let left_out = if !valid || role.as_deref() != Some("sells") {
            Some(LeftOut::NotInGroup)
        } else if kind != "physical" {
            Some(LeftOut::NotPhysical)
        } else if !brokering {
            Some(LeftOut::BrokeringOff)
        } else {
            None
        };
        (id, Facility { code: code.into(), inbound: valid, left_out })
    };
    Ok(Facilities(rows.into_iter().map(read).collect()))
}

/// Whether a membership began or ended in the time between two refreshes, in epoch milliseconds.
pub(crate) async fn membership_changed(tx: &mut Tx, store: &Store, between: (i64, i64)) -> Result<bool> {
    let sql = "SELECT count(*) FROM store_facility WHERE store_id = $1
               AND ((valid_from > $2 AND valid_from <= $3) OR (valid_until > $2 AND valid_until <= $3))";
    let (n,): (i64,) =
        within!(tx, c => sqlx::query_as(sql).bind(store.id).bind(between.0).bind(between.1).fetch_one(c).await)?;
    Ok(n > 0)
}
