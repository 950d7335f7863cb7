//! What can go wrong between Presell and its database, in words a person can act on.

/// A result of the store.
pub type Result<T> = std::result::Result<T, StoreError>;

/// Why the database could not be opened or did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The address names no database that Presell knows.
    #[error(
        "\"{0}\" is not a database address. Use a file (presell.db), sqlite:///path/presell.db, or postgres://user@host/name."
    )]
    Address(String),
    /// The file or server did not open.
    #[error("The database {place} could not be opened: {cause}. {remedy}")]
    Open {
        /// Where it was looked for; never holds a password.
        place: String,
        /// What the driver said.
        cause: String,
        /// What to do next.
        remedy: &'static str,
    },
    /// A newer Presell has already changed this database.
    #[error(
        "The database was written by a newer Presell (its schema is {found}, this app knows {known}). Install the newer version; nothing was changed."
    )]
    Newer {
        /// Schema version in the database.
        found: i64,
        /// Newest schema version of this app.
        known: i64,
    },
    /// The disk that holds the database has no room left.
    #[error(
        "The disk is full, so nothing more was saved. Free some space and do it again: what was saved before is intact."
    )]
    DiskFull,
    /// Another program kept the database locked for too long.
    #[error("The database is in use by another program that does not let go. Close it, or try again in a moment.")]
    Busy,
    /// Two writers met on the same rows; the work can simply be repeated.
    #[error("Somebody else changed the same data at the same moment. Try again.")]
    Conflict,
    /// The run that wanted to write is not its holder's any more.
    #[error("This run was stopped, or another computer took it over, so nothing of it was saved.")]
    Replaced,
    /// Bringing the schema up to date failed.
    #[error("The database could not be brought up to date: {0}")]
    Migrate(#[from] sqlx::migrate::MigrateError),
    /// The server ended the connection, or starts up just now.
    #[error("The database server is not there just now: {0}")]
    Away(String),
    /// Anything else the driver reports.
    #[error("The database reported an error: {0}")]
    Sql(sqlx::Error),
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        let code = error.as_database_error().and_then(|e| e.code()).map(|c| c.into_owned()).unwrap_or_default();
        match code.as_str() {
            // SQLITE_FULL, SQLITE_IOERR_WRITE, SQLITE_IOERR_SHMSIZE, PostgreSQL disk_full
            "13" | "778" | "4874" | "53100" => StoreError::DiskFull,
            // SQLITE_BUSY and its extended forms, PostgreSQL lock_not_available
            "5" | "261" | "517" | "55P03" => StoreError::Busy,
            // serialization_failure, deadlock_detected
            "40001" | "40P01" => StoreError::Conflict,
            // admin_shutdown, crash_shutdown, cannot_connect_now, idle_in_transaction_session_timeout
            "57P01" | "57P02" | "57P03" | "25P03" => StoreError::Away(error.to_string()),
            _ => StoreError::Sql(error),
        }
    }
}
