//! What the director does to the database itself. Its own connections suffer as well, so each call may fail; then there
//! was a little less trouble.

use std::time::Duration;

use presell_scheduler::Millis;
use presell_store::{Address, Db, Result, on, text};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};

/// Ends connections of this database, one or all but our own; returns how many.
pub(crate) async fn terminate(db: &Db, all: bool) -> Result<u64> {
    let Db::Postgres(pool) = db else { return Ok(0) };
    let sql = "SELECT count(pg_terminate_backend(pid)) FROM (SELECT pid FROM pg_stat_activity
               WHERE datname = current_database() AND pid <> pg_backend_pid() ORDER BY random() LIMIT $1) AS x";
    let limit = if all { 1_000_i64 } else { 1 };
    let (ended,): (i64,) = sqlx::query_as(sql).bind(limit).fetch_one(pool).await?;
    Ok(ended.unsigned_abs())
}

/// Reads one moment of the database for `span`, unless other trouble ends that earlier.
pub(crate) async fn read_for(db: &Db, span: Duration) -> Result<()> {
    let mut tx = db.begin_read().await?;
    tx.run("SELECT COUNT(*) FROM run").await?;
    tokio::time::sleep(span).await;
    let _ = tx.rollback().await;
    Ok(())
}

/// Holds the file's write lock for `span`, as a foreign program would.
pub(crate) async fn lock_for(address: &Address, span: Duration) -> Result<()> {
    let Address::File(path) = address else { return Ok(()) };
    let options = SqliteConnectOptions::new().filename(path).busy_timeout(Duration::from_secs(20));
    let mut foreign = options.connect().await?;
    sqlx::query("BEGIN IMMEDIATE").execute(&mut foreign).await?;
    tokio::time::sleep(span).await;
    sqlx::query("ROLLBACK").execute(&mut foreign).await?;
    foreign.close().await?;
    Ok(())
}

/// How long until something is due that is at least `least` away, by the database's clock.
pub(crate) async fn until_due(db: &Db, least: Duration) -> Result<Option<Duration>> {
    let sql = text!(
        db,
        "SELECT MIN(next_due_at - ",
        NOW,
        ") FROM schedule WHERE state = 'enabled' AND next_due_at >= $1 + ",
        NOW
    );
    let least = i64::try_from(least.as_millis()).unwrap_or(i64::MAX);
    let (away,): (Option<i64>,) = on!(db, p => sqlx::query_as(sql).bind(least).fetch_one(p).await)?;
    Ok(away.map(|away| Duration::from_millis(away.unsigned_abs())))
}

/// Lets waiting retries start at once: their minutes are longer than the play.
pub(crate) async fn hurry(db: &Db) -> Result<()> {
    let sql = text!(db, "UPDATE run SET available_at = ", NOW, " WHERE state = 'pending' AND available_at > ", NOW);
    on!(db, p => sqlx::query(sql).execute(p).await.map(|_| ()))
}

/// When a node of this name first executed something after `since`. An execution is the proof: a claim alone may have been
/// made by a question whose answer never arrived.
pub(crate) async fn first_execution(db: &Db, node: &str, since: Millis) -> Result<Option<Millis>> {
    let sql = "SELECT MIN(s.at) FROM chaos_start s JOIN run r ON r.id = s.run_id JOIN node n ON n.id = r.node_id
               WHERE s.at > $1 AND n.version = $2";
    let (at,): (Option<Millis>,) = on!(db, p => sqlx::query_as(sql).bind(since).bind(node).fetch_one(p).await)?;
    Ok(at)
}
