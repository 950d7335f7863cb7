//! Finding runs.

use presell_store::{Db, Result, on, text};
use serde_json::json;

use crate::schedules::Key;
use crate::{Run, RunState};

/// Which runs to list; what is none does not narrow.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Of this store.
    pub store_id: Option<i64>,
    /// Of this job.
    pub job_id: Option<String>,
    /// Of this shop.
    pub shop_id: Option<String>,
    /// In one of these states; empty: in any.
    pub states: Vec<RunState>,
    /// At most so many; 0: 50.
    pub limit: i64,
}

/// A run by its key.
pub async fn find(db: &Db, id: i64) -> Result<Option<Run>> {
    let sql = "SELECT * FROM run WHERE id = $1";
    on!(db, p => sqlx::query_as(sql).bind(id).fetch_optional(p).await)
}

/// Runs, newest first.
pub async fn list(db: &Db, filter: &Filter) -> Result<Vec<Run>> {
    let states: Vec<&str> = filter.states.iter().map(|state| state.word()).collect();
    let sql = text!(db, "SELECT * FROM run WHERE (CAST($2 AS BIGINT) IS NULL OR store_id = $2) AND (CAST($3 AS TEXT) IS NULL OR job_id = $3)
          AND (CAST($4 AS TEXT) IS NULL OR shop_id = $4) AND ($5 = 0 OR state IN ", TEXTS, ") ORDER BY id DESC LIMIT $6");
    let limit = if filter.limit > 0 { filter.limit } else { 50 };
    on!(db, p => sqlx::query_as(sql).bind(json!(states).to_string()).bind(filter.store_id).bind(filter.job_id.as_deref())
        .bind(filter.shop_id.as_deref()).bind(states.len() as i64).bind(limit).fetch_all(p).await)
}

/// The parts of a run, oldest first.
pub async fn children(db: &Db, parent: i64) -> Result<Vec<Run>> {
    let sql = "SELECT * FROM run WHERE parent_id = $1 ORDER BY id";
    on!(db, p => sqlx::query_as(sql).bind(parent).fetch_all(p).await)
}

/// The newest runs of a job, newest first; parts of others do not count.
pub async fn recent(db: &Db, key: &Key, limit: i64) -> Result<Vec<Run>> {
    let sql = "SELECT * FROM run WHERE job_id = $1 AND store_id = $2 AND shop_id = $3 AND parent_id IS NULL ORDER BY id DESC LIMIT $4";
    on!(db, p => sqlx::query_as(sql).bind(&key.job_id).bind(key.store_id).bind(&key.shop_id).bind(limit).fetch_all(p).await)
}
