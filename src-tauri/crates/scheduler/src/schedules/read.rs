//! Finding schedules.

use presell_store::{Db, Result};

use super::Key;
use crate::Schedule;

/// The schedule of a job for a store and shop, in whatever state.
pub async fn find(_db: &Db, _key: &Key) -> Result<Option<Schedule>> {
    unimplemented!()
}

/// All schedules of a store.
pub async fn list(_db: &Db, _store_id: i64) -> Result<Vec<Schedule>> {
    unimplemented!()
}
