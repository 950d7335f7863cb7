//! Opening a database: its address, its settings, and a schema that is neither older nor newer than this app.

use std::fs::File;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use sqlx::migrate::Migrator;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions, PgSslMode};
use sqlx::sqlite::{SqliteAutoVacuum, SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, Executor};

use crate::{Db, Result, StoreError, on};

static SQLITE: Migrator = sqlx::migrate!("migrations/sqlite");
static POSTGRES: Migrator = sqlx::migrate!("migrations/postgres");

/// The newest schema this app knows; both migration folders end with it.
pub const SCHEMA_VERSION: i64 = 7;

/// How long a server may take to answer.
pub(crate) const PATIENCE: Duration = Duration::from_secs(10);

/// Where a database is. Its text never shows a password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Address {
    /// A file on this computer.
    File(PathBuf),
    /// `postgres://…`
    Server(String),
}

impl FromStr for Address {
    type Err = StoreError;

    fn from_str(text: &str) -> Result<Self> {
        let text = text.trim();
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Ok(Address::Server(text.to_owned()));
        }
        let path = text.strip_prefix("sqlite://").or_else(|| text.strip_prefix("sqlite:")).unwrap_or(text);
        if path.is_empty() || path.contains("://") {
            return Err(StoreError::Address(text.to_owned()));
        }
        Ok(Address::File(PathBuf::from(path)))
    }
}

impl std::fmt::Display for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Address::File(path) => write!(f, "{}", path.display()),
            Address::Server(url) => match (url.find("://"), url.rfind('@')) {
                (Some(scheme), Some(at)) => {
                    let user = url[scheme + 3..at].split(':').next().unwrap_or_default();
                    write!(f, "{}{user}{}", &url[..scheme + 3], &url[at..])
                }
                _ => write!(f, "{url}"),
            },
        }
    }
}

/// The database used when none is named: `presell.db` in the platform's data folder given by the caller.
pub fn default_address(data_folder: &Path) -> Address {
    Address::File(data_folder.join("presell.db"))
}

impl Db {
    /// Opens the database, creates it if it is a file that does not exist yet, and brings its schema up to date.
    /// A database whose schema is newer than this app is refused and left untouched.
    pub async fn open(address: &Address) -> Result<Db> {
        let db = match address {
            Address::File(path) => open_file(path).await,
            Address::Server(url) => open_server(url).await,
        }
        .map_err(|error| open_error(address, error))?;
        match refuse_newer(&db).await? {
            Some(SCHEMA_VERSION) => {}
            _ => migrate(&db, address).await?,
        }
        Ok(db)
    }
}

async fn open_file(path: &Path) -> std::result::Result<Db, sqlx::Error> {
    if let Some(folder) = path.parent().filter(|f| !f.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(sqlx::Error::Io)?;
    }
    let mut options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Normal)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(30))
        // Rows cross a thread; the default of 50 wakes the reader so often that a million of them take twice as long.
        .row_buffer_size(2_000)
        .pragma("journal_size_limit", "67108864")
        .pragma("cache_size", "-32768")
        .pragma("temp_store", "FILE");
    if path.metadata().map_or(true, |file| file.len() == 0) {
        // A new file only: said again, SQLite writes it again, and a full disk could not even be opened.
        options = options.auto_vacuum(SqliteAutoVacuum::Incremental);
    }
    Ok(Db::Sqlite(SqlitePoolOptions::new().max_connections(4).connect_with(options).await?))
}

async fn open_server(url: &str) -> std::result::Result<Db, sqlx::Error> {
    let options = careful(url)?.options([
        ("lock_timeout", "10s"),
        // A computer that froze, slept or went away must not hold rows for long.
        ("idle_in_transaction_session_timeout", "15s"),
        ("tcp_keepalives_idle", "10"),
        ("tcp_keepalives_interval", "3"),
        ("tcp_keepalives_count", "3"),
    ]);
    // A pool would only say that it timed out; the first connection by hand tells why.
    let late = |_| std::io::Error::new(std::io::ErrorKind::TimedOut, "the server did not answer within 10 seconds");
    let mut first = tokio::time::timeout(PATIENCE, options.connect()).await.map_err(late)??;
    let mut options = options;
    for (name, sql) in WHERE_KNOWN {
        // Asked for only where the server's version and system take it; a start-up option it refuses would end in an error.
        if first.execute(sql).await.is_ok() {
            options = options.options([(name, "15s")]);
        }
    }
    first.close().await?;
    let pool = PgPoolOptions::new()
        .max_connections(8)
        .acquire_timeout(PATIENCE)
        // A connection whose other end silently vanished answers nothing at all; it is thrown away, not waited for.
        .test_before_acquire(false)
        .before_acquire(|connection, _| {
            Box::pin(async move {
                let silent = |_| std::io::Error::from(std::io::ErrorKind::TimedOut);
                tokio::time::timeout(PING, connection.ping()).await.map_err(silent)??;
                Ok(true)
            })
        });
    Ok(Db::Postgres(pool.connect_with(options).await?))
}

/// The options that an address means. Across a network only a server that proves who it is; `?sslmode=` in the address
/// says otherwise by name.
pub(crate) fn careful(url: &str) -> std::result::Result<PgConnectOptions, sqlx::Error> {
    let options = PgConnectOptions::from_str(url)?.application_name("presell");
    Ok(if url.contains("sslmode=") || is_here(options.get_host()) {
        options
    } else {
        options.ssl_mode(PgSslMode::VerifyFull)
    })
}

/// A pool may hold several silent connections, which are tried one after the other.
const PING: Duration = Duration::from_millis(500);

/// Settings that make the server notice sooner that we are gone, where it knows them.
const WHERE_KNOWN: [(&str, &str); 2] = [
    ("tcp_user_timeout", "SET tcp_user_timeout = '15s'"),
    ("client_connection_check_interval", "SET client_connection_check_interval = '15s'"),
];

/// Whether a server runs on this machine: a loopback address, or a folder that holds its socket.
pub(crate) fn is_here(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || host.starts_with('/') || address.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

fn open_error(address: &Address, error: sqlx::Error) -> StoreError {
    let remedy = match address {
        Address::File(_) => {
            "Check that the folder exists, that you may write to it, and that the file is a Presell database."
        }
        Address::Server(_) => "Check the address, that the server is running, and that user and password are right.",
    };
    let cause = error.to_string();
    match StoreError::from(error) {
        StoreError::DiskFull => StoreError::DiskFull,
        _ => StoreError::Open { place: address.to_string(), cause, remedy },
    }
}

/// The schema version found, or none in a new database.
async fn refuse_newer(db: &Db) -> Result<Option<i64>> {
    let exists = if db.is_postgres() {
        "SELECT count(*) FROM information_schema.tables WHERE table_schema = current_schema() AND table_name = '_sqlx_migrations'"
    } else {
        "SELECT count(*) FROM sqlite_master WHERE name = '_sqlx_migrations'"
    };
    let (tables,): (i64,) = on!(db, p => sqlx::query_as(exists).fetch_one(p).await)?;
    if tables == 0 {
        return Ok(None);
    }
    let sql = "SELECT max(version) FROM _sqlx_migrations WHERE success";
    let (found,): (Option<i64>,) = on!(db, p => sqlx::query_as(sql).fetch_one(p).await)?;
    match found {
        Some(found) if found > SCHEMA_VERSION => Err(StoreError::Newer { found, known: SCHEMA_VERSION }),
        found => Ok(found),
    }
}

async fn migrate(db: &Db, address: &Address) -> Result<()> {
    match db {
        // sqlx locks migrations on PostgreSQL only; two apps that start at once on one file wait for each other here.
        Db::Sqlite(pool) => {
            let _lock = match address {
                Address::File(path) => {
                    let file = File::create(path.with_added_extension("lock")).map_err(sqlx::Error::Io)?;
                    file.lock().map_err(sqlx::Error::Io)?;
                    Some(file)
                }
                Address::Server(_) => None,
            };
            SQLITE.run(pool).await?;
        }
        Db::Postgres(pool) => POSTGRES.run(pool).await?,
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shown_address_hides_the_password() {
        let address: Address = "postgres://anna:secret@db.example/presell".parse().unwrap();
        assert_eq!(address.to_string(), "postgres://anna@db.example/presell", "a password must never be shown");
    }

    #[test]
    fn only_a_server_on_this_machine_need_not_prove_who_it_is() {
        for here in ["localhost", "127.0.0.1", "[::1]", "/var/run/postgresql"] {
            assert!(is_here(here), "{here} is this machine");
        }
        for away in ["db.example", "10.0.0.5", "localhost.example"] {
            assert!(!is_here(away), "{away} is across a network");
        }
    }

    #[test]
    fn an_address_of_another_kind_is_refused_with_examples() {
        let error = "mysql://x/y".parse::<Address>().unwrap_err().to_string();
        assert!(error.contains("postgres://"), "the refusal must say what is accepted: {error}");
    }

    #[test]
    fn both_folders_hold_the_same_versions_up_to_the_one_this_app_knows() {
        let list = |m: &Migrator| m.iter().map(|m| (m.version, m.description.to_string())).collect::<Vec<_>>();
        assert_eq!(list(&SQLITE), list(&POSTGRES), "a migration exists for one database only");
        assert_eq!(
            list(&SQLITE).last().map(|m| m.0),
            Some(SCHEMA_VERSION),
            "SCHEMA_VERSION must name the newest migration"
        );
    }
}
