//! Finding schedules.

use presell_store::{Db, Result, Tx, on, within};

use super::Key;
use crate::Schedule;

const BY_KEY: &str = "SELECT * FROM schedule WHERE job_id = $1 AND store_id = $2 AND shop_id = $3";

/// The schedule of a job for a store and shop, in whatever state.
pub async fn find(db: &Db, key: &Key) -> Result<Option<Schedule>> {
    on!(db, p => sqlx::query_as(BY_KEY).bind(&key.job_id).bind(key.store_id).bind(&key.shop_id).fetch_optional(p).await)
}

/// The same inside a transaction.
pub(super) async fn find_in(tx: &mut Tx, key: &Key) -> Result<Option<Schedule>> {
    within!(tx, c => sqlx::query_as(BY_KEY).bind(&key.job_id).bind(key.store_id).bind(&key.shop_id).fetch_optional(c).await)
}

/// All schedules of a store.
pub async fn list(db: &Db, store_id: i64) -> Result<Vec<Schedule>> {
    let sql = "SELECT * FROM schedule WHERE store_id = $1 ORDER BY id";
    on!(db, p => sqlx::query_as(sql).bind(store_id).fetch_all(p).await)
}

/// The enabled schedules of a job, in all stores and shops.
pub async fn enabled(db: &Db, job_id: &str) -> Result<Vec<Schedule>> {
    let sql = "SELECT * FROM schedule WHERE job_id = $1 AND state = 'enabled' ORDER BY id";
    on!(db, p => sqlx::query_as(sql).bind(job_id).fetch_all(p).await)
}
