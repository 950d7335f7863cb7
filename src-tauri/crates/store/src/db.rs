//! A database of either kind, and a transaction on it.

use sqlx::{AssertSqlSafe, PgPool, Postgres, Sqlite, SqlitePool, Transaction};

use crate::{Result, within};

/// An open database. Cloning shares the connections.
#[derive(Clone, Debug)]
pub enum Db {
    /// A file on this computer.
    Sqlite(SqlitePool),
    /// A server that a team shares.
    Postgres(PgPool),
}

/// A transaction that may write. Dropped without [`Tx::commit`], it leaves no trace.
pub enum Tx {
    /// Started with `BEGIN IMMEDIATE`: a read snapshot that upgrades later would meet "database is locked".
    Sqlite(Transaction<'static, Sqlite>),
    /// READ COMMITTED, or REPEATABLE READ when started by [`Db::begin_snapshot`].
    Postgres(Transaction<'static, Postgres>),
}

impl Db {
    /// Whether statements need PostgreSQL's dialect; see [`text!`](crate::text).
    pub fn is_postgres(&self) -> bool {
        matches!(self, Db::Postgres(_))
    }

    /// "SQLite" or "PostgreSQL", for people.
    pub fn kind(&self) -> &'static str {
        if self.is_postgres() { "PostgreSQL" } else { "SQLite" }
    }

    /// Starts a transaction that may write.
    pub async fn begin(&self) -> Result<Tx> {
        Ok(match self {
            Db::Sqlite(p) => Tx::Sqlite(p.begin_with("BEGIN IMMEDIATE").await?),
            Db::Postgres(p) => Tx::Postgres(p.begin().await?),
        })
    }

    /// Starts a transaction that takes turns with all others of its kind, on PostgreSQL too: what it reads, no other
    /// such transaction changes before it ends. Imports use it.
    pub async fn begin_in_turn(&self) -> Result<Tx> {
        let mut tx = self.begin().await?;
        if tx.is_postgres() {
            // A constant of our own; nothing else in the database uses advisory locks with it.
            tx.run("SELECT pg_advisory_xact_lock(7305817)").await?;
        }
        Ok(tx)
    }

    /// Starts a transaction that sees one moment of the database throughout and may write.
    /// On PostgreSQL a writer that meets another ends in [`StoreError::Conflict`](crate::StoreError::Conflict): repeat it.
    pub async fn begin_snapshot(&self) -> Result<Tx> {
        Ok(match self {
            Db::Sqlite(p) => Tx::Sqlite(p.begin_with("BEGIN IMMEDIATE").await?),
            Db::Postgres(p) => Tx::Postgres(p.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ").await?),
        })
    }

    /// Starts a transaction that reads one moment of the database and holds nobody up.
    pub async fn begin_read(&self) -> Result<Tx> {
        Ok(match self {
            Db::Sqlite(p) => Tx::Sqlite(p.begin_with("BEGIN DEFERRED").await?),
            Db::Postgres(p) => Tx::Postgres(p.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?),
        })
    }

    /// Lets PostgreSQL count tables that grew much since it last did. It does so by itself within a minute, but a plan
    /// made before that may compare every row with every other. SQLite plans well without.
    pub async fn count_grown_tables(&self) -> Result<()> {
        let Db::Postgres(pool) = self else { return Ok(()) };
        let sql = "SELECT string_agg(quote_ident(relname), ', ') FROM pg_stat_user_tables
                   WHERE schemaname = current_schema() AND n_mod_since_analyze > 1000 + n_live_tup / 10";
        let (grown,): (Option<String>,) = sqlx::query_as(sql).fetch_one(pool).await?;
        let Some(grown) = grown else { return Ok(()) };
        // Skipped where somebody else is at it, or where this user may not.
        let sql = format!("ANALYZE (SKIP_LOCKED) {grown}");
        sqlx::query(AssertSqlSafe(sql)).execute(pool).await?;
        Ok(())
    }

    /// Closes all connections; on SQLite the planner's statistics are refreshed first.
    pub async fn close(&self) {
        match self {
            Db::Sqlite(p) => {
                // Statistics are a convenience: a database that cannot take them now still closes.
                let _ = sqlx::query("PRAGMA optimize").execute(p).await;
                p.close().await;
            }
            Db::Postgres(p) => p.close().await,
        }
    }
}

impl Tx {
    /// Whether statements need PostgreSQL's dialect; see [`text!`](crate::text).
    pub fn is_postgres(&self) -> bool {
        matches!(self, Tx::Postgres(_))
    }

    /// Makes everything done in this transaction last.
    pub async fn commit(self) -> Result<()> {
        match self {
            Tx::Sqlite(t) => t.commit().await?,
            Tx::Postgres(t) => t.commit().await?,
        }
        Ok(())
    }

    /// Undoes everything done in this transaction.
    pub async fn rollback(self) -> Result<()> {
        match self {
            Tx::Sqlite(t) => t.rollback().await?,
            Tx::Postgres(t) => t.rollback().await?,
        }
        Ok(())
    }

    /// Runs one statement without parameters; returns the number of rows it touched.
    pub async fn run(&mut self, sql: &'static str) -> Result<u64> {
        match self {
            Tx::Sqlite(t) => Ok(sqlx::query(sql).execute(&mut **t).await?.rows_affected()),
            Tx::Postgres(t) => Ok(sqlx::query(sql).execute(&mut **t).await?.rows_affected()),
        }
    }

    /// Empties or creates a temporary table that lives as long as this connection. `columns` is portable SQL.
    pub async fn staging(&mut self, name: &'static str, columns: &'static str) -> Result<()> {
        let create = format!("CREATE TEMP TABLE IF NOT EXISTS {name} ({columns})");
        let empty = format!("DELETE FROM {name}");
        within!(self, c => sqlx::query(sqlx::AssertSqlSafe(create)).execute(c).await.map(|_| ()))?;
        within!(self, c => sqlx::query(sqlx::AssertSqlSafe(empty)).execute(c).await.map(|_| ()))
    }
}
