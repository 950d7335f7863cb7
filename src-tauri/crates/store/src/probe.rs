//! A look at a PostgreSQL server before somebody entrusts data to it. Changes nothing there.

use std::str::FromStr;
use std::time::{Duration, Instant};

use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions, Connection, PgConnection};

use crate::connect::{PATIENCE, careful, is_here};
use crate::{Result, SCHEMA_VERSION};

/// The oldest server that Presell works with: major version times 10,000, as the server counts.
const OLDEST: i32 = 140_000;

/// What was found on a server that answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Probe {
    /// How long one question and its answer took.
    pub latency: Duration,
    /// Version of the server, e.g. `16.4`.
    pub version: String,
    /// Old enough to be refused.
    pub too_old: bool,
    /// What is in the database.
    pub schema: Schema,
    /// The user may create tables there.
    pub may_create: bool,
    /// What travels is encrypted.
    pub encrypted: bool,
    /// The server had to prove who it is, or runs on this machine.
    pub proven: bool,
}

/// What a database holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Schema {
    /// Nothing at all: Presell makes its tables when it opens it.
    Empty,
    /// Tables of somebody else, none of Presell's.
    Foreign,
    /// An older Presell's: it is brought up to date when it is opened.
    Older(i64),
    /// This Presell's.
    Current,
    /// A newer Presell's.
    Newer(i64),
}

/// Connects to a server as [`Db::open`](crate::Db::open) does, looks, and leaves.
///
/// # Errors
/// Those of the connection; the message never holds the password.
pub async fn probe(url: &str) -> Result<Probe> {
    let options = careful(url)?;
    let late = |_| std::io::Error::new(std::io::ErrorKind::TimedOut, "the server did not answer within 10 seconds");
    let looked = tokio::time::timeout(PATIENCE, async {
        let mut connection = options.connect().await?;
        let found = look(&mut connection).await?;
        connection.close().await?;
        Ok::<_, sqlx::Error>(found)
    });
    let mut found = looked.await.map_err(late).map_err(sqlx::Error::Io)??;
    found.proven = is_here(options.get_host()) || proves(url);
    Ok(found)
}

/// Whether the address makes the server prove who it is; without `sslmode` it does.
fn proves(url: &str) -> bool {
    let named = url.split_once("sslmode=").map(|(_, mode)| mode.split('&').next().unwrap_or_default());
    named.is_none_or(|mode| mode == "verify-full")
}

async fn look(c: &mut PgConnection) -> std::result::Result<Probe, sqlx::Error> {
    let asked = Instant::now();
    let sql = "SELECT current_setting('server_version_num')::int, current_setting('server_version')";
    let (number, version): (i32, String) = sqlx::query_as(sql).fetch_one(&mut *c).await?;
    let latency = asked.elapsed();
    let sql = "SELECT COALESCE(has_schema_privilege(current_schema(), 'CREATE'), FALSE)
                  AND has_database_privilege(current_database(), 'TEMPORARY'),
               COALESCE((SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()), FALSE)";
    let (may_create, encrypted): (bool, bool) = sqlx::query_as(sql).fetch_one(&mut *c).await?;
    let sql = "SELECT count(*), count(*) FILTER (WHERE table_name = '_sqlx_migrations') FROM information_schema.tables
               WHERE table_schema = current_schema()";
    let (tables, ours): (i64, i64) = sqlx::query_as(sql).fetch_one(&mut *c).await?;
    let schema = match (tables, ours) {
        (0, _) => Schema::Empty,
        (_, 0) => Schema::Foreign,
        _ => {
            let sql = "SELECT COALESCE(max(version), 0) FROM _sqlx_migrations WHERE success";
            let (version,): (i64,) = sqlx::query_as(sql).fetch_one(&mut *c).await?;
            match version {
                v if v > SCHEMA_VERSION => Schema::Newer(v),
                SCHEMA_VERSION => Schema::Current,
                v => Schema::Older(v),
            }
        }
    };
    let version = version.split(' ').next().unwrap_or_default().to_owned();
    Ok(Probe { latency, version, too_old: number < OLDEST, schema, may_create, encrypted, proven: false })
}

/// Reads an address without connecting: the host and the database it names.
///
/// # Errors
/// The text is no address of a server.
pub fn server_of(url: &str) -> Result<(String, String)> {
    let options = PgConnectOptions::from_str(url)?;
    Ok((options.get_host().to_owned(), options.get_database().unwrap_or(options.get_username()).to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Kind, Place};
    use crate::{Address, Db};

    #[test]
    fn only_the_strictest_mode_makes_a_server_prove_who_it_is() {
        assert!(proves("postgres://a@db.example/x"), "nothing named means the strictest");
        assert!(proves("postgres://a@db.example/x?sslmode=verify-full&a=b"), "the strictest, by name");
        for weak in ["disable", "prefer", "require", "verify-ca"] {
            assert!(!proves(&format!("postgres://a@db.example/x?sslmode={weak}")), "{weak} proves nothing, or not all");
        }
    }

    #[test]
    fn a_database_is_looked_at_and_left_as_it_is() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let place = Place::new(Kind::Postgres).await;
            let Address::Server(url) = &place.address else { panic!("a server") };
            let found = probe(url).await.unwrap();
            assert_eq!(found.schema, Schema::Current, "a database of this Presell is known as such");
            assert!(found.may_create && found.proven && !found.too_old, "the test's server is fine: {found:?}");
            let db = Db::open(&place.address).await.unwrap();
            let Db::Postgres(pool) = &db else { panic!("a server") };
            sqlx::query("UPDATE _sqlx_migrations SET version = version + 1000").execute(pool).await.unwrap();
            let newer = Schema::Newer(SCHEMA_VERSION + 1000);
            assert_eq!(probe(url).await.unwrap().schema, newer, "a newer schema is told, not refused by an error");
            sqlx::query("DROP SCHEMA public CASCADE").execute(pool).await.unwrap();
            let nothing = probe(url).await.unwrap();
            assert!(!nothing.may_create, "without a schema there is nowhere to create tables: {nothing:?}");
            sqlx::query("CREATE SCHEMA public").execute(pool).await.unwrap();
            assert_eq!(probe(url).await.unwrap().schema, Schema::Empty, "an empty database is fit for a start");
            sqlx::query("CREATE TABLE theirs (id int)").execute(pool).await.unwrap();
            assert_eq!(probe(url).await.unwrap().schema, Schema::Foreign, "somebody else's tables are noticed");
            db.close().await;
            place.remove().await;
        });
    }
}
