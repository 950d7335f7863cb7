//! The database's clock: the only one the core trusts, so that a laptop with a wrong time decides nothing wrongly.

use chrono::{DateTime, Utc};
use serde::Serialize;
use ts_rs::TS;

use crate::{Db, Result, Tx, on, text, within};

/// The instant of a stored epoch in milliseconds. Values outside chrono's range, which only a damaged file holds,
/// become the epoch itself.
pub fn instant(millis: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(millis).unwrap_or_default()
}

/// An instant as stored, shown as RFC 3339.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, TS)]
pub struct At(pub DateTime<Utc>);

impl From<i64> for At {
    fn from(millis: i64) -> At {
        At(instant(millis))
    }
}

impl Db {
    /// Now, by the database's clock, in UTC with millisecond precision.
    pub async fn now(&self) -> Result<DateTime<Utc>> {
        let sql = text!(self, "SELECT ", NOW);
        let (millis,): (i64,) = on!(self, p => sqlx::query_as(sql).fetch_one(p).await)?;
        Ok(instant(millis))
    }
}

impl Tx {
    /// Now, by the database's clock, inside this transaction.
    pub async fn now(&mut self) -> Result<DateTime<Utc>> {
        let sql = text!(self, "SELECT ", NOW);
        let (millis,): (i64,) = within!(self, c => sqlx::query_as(sql).fetch_one(c).await)?;
        Ok(instant(millis))
    }
}
