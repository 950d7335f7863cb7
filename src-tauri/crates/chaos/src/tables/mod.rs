//! The tables beside Presell's own: what probes write down, and what three witnesses inside the database see.
//!
//! * `chaos_start`: an execution began, and perhaps ended; written outside the run's own commit, so a run without a claim
//!   shows as well.
//! * `chaos_effect`: a probe's effect, in the run's commit. It has no unique key, so that doubles can be counted.
//! * `chaos_refused`: a commit of a run that was not the probe's any more, and was refused.
//! * `chaos_move`: every move of a schedule, by a trigger in the same transaction: from which occurrence to which, on which
//!   grid. It is the ledger in which nothing can be missing.
//! * `chaos_touched`: an ended run was changed, by a trigger; there must be none.
//! * `chaos_outdated`: a row was made from settings that somebody had changed meanwhile, by a trigger; there must be none.

use presell_store::{Db, Result, on};

const SQLITE: &str = include_str!("sqlite.sql");
const POSTGRES: &str = include_str!("postgres.sql");

/// Creates the tables and the witnesses; the database must not have them yet.
pub async fn create(db: &Db) -> Result<()> {
    let sql = if db.is_postgres() { POSTGRES } else { SQLITE };
    on!(db, p => sqlx::raw_sql(sql).execute(p).await.map(|_| ()))
}
