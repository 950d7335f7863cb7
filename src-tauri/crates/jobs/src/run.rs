//! The record of one run: who started it, with which parameters, and how it ended.

use chrono::{DateTime, Utc};
use presell_catalog::refresh::RefreshError;
use presell_catalog::stores::Store;
use presell_store::{Db, StoreError, on};
use serde::Serialize;

use crate::{BadParameter, Definition, Values};

/// What a handler works with.
pub struct Context<'a> {
    /// The database.
    pub db: &'a Db,
    /// The store it works for.
    pub store: &'a Store,
    /// Who asked for the run.
    pub actor: &'a str,
    /// Now, by the database's clock.
    pub now: DateTime<Utc>,
}

/// Why a run did not finish.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The parameters were refused; nothing ran.
    #[error("{}", list(.0))]
    Parameters(Vec<BadParameter>),
    /// The refresh could not be done.
    #[error(transparent)]
    Refresh(#[from] RefreshError),
    /// The run could not be recorded.
    #[error(transparent)]
    Store(#[from] StoreError),
}

fn list(bad: &[BadParameter]) -> String {
    bad.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

/// A run that has begun.
#[derive(Clone, Copy, Debug)]
pub struct Ticket {
    /// Key of the run.
    pub id: i64,
}

impl Ticket {
    /// Records that a run begins now.
    pub async fn begin(context: &Context<'_>, job: &Definition, values: &Values) -> Result<Ticket, StoreError> {
        let at = context.now.timestamp_millis();
        let sql = "INSERT INTO run (job_id, store_id, origin, actor, state, params, created_at, started_at)
                   VALUES ($1, $2, 'manual', $3, 'running', $4, $5, $5) RETURNING id";
        let (id,): (i64,) = on!(context.db, p => sqlx::query_as(sql).bind(job.id).bind(context.store.id)
            .bind(context.actor).bind(values.to_json()).bind(at).fetch_one(p).await)?;
        Ok(Ticket { id })
    }

    /// Records how the run ended. Counts are kept as JSON; an error is kept in full.
    pub async fn end(
        self,
        db: &Db,
        outcome: Result<&impl Serialize, &RunError>,
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let (state, counts, error) = match outcome {
            Ok(counts) => ("finished", serde_json::to_string(counts).ok(), None),
            Err(error) => ("failed", None, Some(error.to_string())),
        };
        let sql =
            "UPDATE run SET state = $1, counts = $2, error = $3, finished_at = $4 WHERE id = $5 AND state = 'running'";
        on!(db, p => sqlx::query(sql).bind(state).bind(counts).bind(error).bind(at.timestamp_millis()).bind(self.id)
            .execute(p).await.map(|_| ()))
    }
}
