//! Forgetting old runs.

use presell_store::{Db, Result, on, text, within};
use serde_json::json;

use crate::Millis;

const DAY: Millis = 86_400_000;

/// What to keep where a schedule does not say otherwise.
#[derive(Clone, Copy, Debug)]
pub struct Keep {
    /// Runs of each job, store and shop.
    pub runs: i64,
    /// Days.
    pub days: i64,
}

/// How far pruning has come: the last history that holds nothing more to delete.
#[derive(Clone, Debug, Default)]
pub struct Place {
    job_id: String,
    store_id: i64,
    shop_id: String,
}

/// Deletes ended runs that are beyond both the number and the age that are kept, with their logs and parts, at most
/// `batch` in short transactions, and goes on from `place`. Returns how many; call again until that is less than `batch`.
/// The newest ended run of each job stays whatever its age.
pub async fn prune(db: &Db, keep: Keep, batch: i64, place: &mut Place) -> Result<u64> {
    let now = db.now().await?.timestamp_millis();
    let mut deleted = 0;
    while deleted < batch {
        let Some(history) = History::after(db, place).await? else { break };
        let wanted = batch - deleted;
        let gone = history.prune(db, keep, now, wanted).await?;
        deleted += gone;
        if gone < wanted {
            *place = Place { job_id: history.job_id, store_id: history.store_id, shop_id: history.shop_id };
        }
    }
    Ok(deleted.unsigned_abs())
}

/// The runs of one job, store and shop, and what its schedule says of them.
#[derive(sqlx::FromRow)]
struct History {
    job_id: String,
    store_id: i64,
    shop_id: String,
    keep_runs: Option<i64>,
    keep_days: Option<i64>,
}

impl History {
    /// The next one. From one to the next in the index: to collect them all at once would read every run.
    async fn after(db: &Db, place: &Place) -> Result<Option<History>> {
        let sql = "SELECT g.job_id, g.store_id, g.shop_id, s.keep_runs, s.keep_days FROM (SELECT job_id, store_id, shop_id FROM run
              WHERE (job_id, store_id, shop_id) > ($1, $2, $3) ORDER BY job_id, store_id, shop_id LIMIT 1) g
            LEFT JOIN schedule s ON s.job_id = g.job_id AND s.store_id = g.store_id AND s.shop_id = g.shop_id";
        on!(db, p => sqlx::query_as(sql).bind(&place.job_id).bind(place.store_id).bind(&place.shop_id).fetch_optional(p).await)
    }

    async fn prune(&self, db: &Db, keep: Keep, now: Millis, batch: i64) -> Result<i64> {
        let (runs, days) = (self.keep_runs.unwrap_or(keep.runs).max(1), self.keep_days.unwrap_or(keep.days));
        // The oldest run that is kept for its number bounds the search; both sides go through the index of histories.
        let sql = "SELECT r.id FROM run r WHERE r.job_id = $1 AND r.store_id = $2 AND r.shop_id = $3 AND r.parent_id IS NULL
              AND r.finished_at < $4 AND r.id < (SELECT min(k.id) FROM (SELECT n.id FROM run n WHERE n.job_id = $1 AND n.store_id = $2
                AND n.shop_id = $3 AND n.finished_at IS NOT NULL AND n.parent_id IS NULL ORDER BY n.id DESC LIMIT $5) k)
            ORDER BY r.id LIMIT $6";
        let before = now - days * DAY;
        let ids: Vec<(i64,)> = on!(db, p => sqlx::query_as(sql).bind(&self.job_id).bind(self.store_id).bind(&self.shop_id)
            .bind(before).bind(runs).bind(batch).fetch_all(p).await)?;
        let ids: Vec<i64> = ids.into_iter().map(|row| row.0).collect();
        if ids.is_empty() {
            return Ok(0);
        }
        let mut tx = db.begin().await?;
        let list = json!(ids).to_string();
        for sql in [
            text!(tx, "DELETE FROM run_log WHERE run_id IN (SELECT id FROM run WHERE parent_id IN ", INTS, ")"),
            text!(tx, "DELETE FROM run_log WHERE run_id IN ", INTS),
            text!(tx, "DELETE FROM run WHERE parent_id IN ", INTS),
            text!(tx, "DELETE FROM run WHERE id IN ", INTS),
        ] {
            within!(&mut tx, c => sqlx::query(sql).bind(&list).execute(c).await.map(|_| ()))?;
        }
        tx.commit().await?;
        Ok(ids.len() as i64)
    }
}
