//! Runs as a long list shows them: a page of them, how many there are, and their words for a search.

use presell_store::{Db, Result, on, text};
use serde_json::json;

use crate::{Millis, Run, RunState};

/// Which runs; what is none does not narrow.
#[derive(Clone, Debug, Default)]
pub struct Narrow {
    /// Of this store.
    pub store_id: i64,
    /// Of this job.
    pub job_id: Option<String>,
    /// Made at or after this.
    pub since: Option<Millis>,
    /// Made before this.
    pub until: Option<Millis>,
}

/// In which order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// Newest first.
    #[default]
    Newest,
    /// Oldest first.
    Oldest,
    /// Those that took longest first.
    Longest,
}

/// How many runs there are in each state.
pub async fn count(db: &Db, narrow: &Narrow) -> Result<Vec<(RunState, i64)>> {
    let sql = "SELECT state, COUNT(*) FROM run WHERE store_id = $1 AND (CAST($2 AS TEXT) IS NULL OR job_id = $2)
        AND (CAST($3 AS BIGINT) IS NULL OR created_at >= $3) AND (CAST($4 AS BIGINT) IS NULL OR created_at < $4) GROUP BY state";
    let rows: Vec<(String, i64)> = on!(db, p => sqlx::query_as(sql).bind(narrow.store_id).bind(narrow.job_id.as_deref())
        .bind(narrow.since).bind(narrow.until).fetch_all(p).await)?;
    Ok(rows.into_iter().filter_map(|(state, count)| Some((state.parse().ok()?, count))).collect())
}

/// A page of the runs in these states, none of them: in any.
pub async fn page(
    db: &Db,
    narrow: &Narrow,
    states: &[RunState],
    order: Order,
    limit: i64,
    offset: i64,
) -> Result<Vec<Run>> {
    macro_rules! ordered {
        ($by:tt) => {
            text!(
                db,
                "SELECT * FROM run WHERE store_id = $2 AND (CAST($3 AS TEXT) IS NULL OR job_id = $3)
                AND (CAST($4 AS BIGINT) IS NULL OR created_at >= $4) AND (CAST($5 AS BIGINT) IS NULL OR created_at < $5)
                AND ($6 = 0 OR state IN ",
                TEXTS,
                ") ORDER BY ",
                $by,
                " LIMIT $7 OFFSET $8"
            )
        };
    }
    let sql = match order {
        Order::Newest => ordered!("id DESC"),
        Order::Oldest => ordered!("id"),
        Order::Longest => ordered!("COALESCE(finished_at - started_at, -1) DESC, id DESC"),
    };
    let words: Vec<&str> = states.iter().map(|state| state.word()).collect();
    on!(db, p => sqlx::query_as(sql).bind(json!(words).to_string()).bind(narrow.store_id).bind(narrow.job_id.as_deref())
        .bind(narrow.since).bind(narrow.until).bind(words.len() as i64).bind(limit).bind(offset).fetch_all(p).await)
}

/// A run and all its words, to be searched.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Words {
    /// Its key.
    pub id: i64,
    /// The job.
    pub job_id: String,
    /// Its state.
    #[sqlx(try_from = "String")]
    pub state: RunState,
    /// How long it took; none: it has not ended, or never started.
    pub took: Option<Millis>,
    /// Who asked, with what, and what came of it; one text, since each value crosses a thread by itself.
    pub text: String,
}

/// The words of the newest runs.
pub async fn words(db: &Db, narrow: &Narrow, limit: i64) -> Result<Vec<Words>> {
    let sql = "SELECT id, job_id, state, finished_at - started_at AS took, actor || ' ' || origin || ' ' || params || ' ' || COALESCE(reason, '') || ' '
            || COALESCE(detail, '') || ' ' || COALESCE(result, '') || ' ' || COALESCE(error, '') AS text
        FROM run WHERE store_id = $1 AND (CAST($2 AS TEXT) IS NULL OR job_id = $2) AND (CAST($3 AS BIGINT) IS NULL OR created_at >= $3)
            AND (CAST($4 AS BIGINT) IS NULL OR created_at < $4) ORDER BY id DESC LIMIT $5";
    on!(db, p => sqlx::query_as(sql).bind(narrow.store_id).bind(narrow.job_id.as_deref()).bind(narrow.since)
        .bind(narrow.until).bind(limit).fetch_all(p).await)
}

/// The runs with these keys, in no order.
pub async fn with_keys(db: &Db, ids: &[i64]) -> Result<Vec<Run>> {
    let sql = text!(db, "SELECT * FROM run WHERE id IN ", INTS);
    on!(db, p => sqlx::query_as(sql).bind(json!(ids).to_string()).fetch_all(p).await)
}
