//! A backup: a whole, checked copy of an SQLite database in one file. It appears under its name only when it is right.

use std::path::{Path, PathBuf};

use presell_store::{Address, SCHEMA_VERSION, StoreError};
use serde::{Deserialize, Serialize};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection};
use ts_rs::TS;

use crate::{App, Error, Result, backups};

/// Where to put a backup.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BackupDatabase {
    /// The file to write; must not exist.
    pub path: PathBuf,
}

/// A backup that was made and checked.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct BackedUp {
    /// The file.
    pub path: PathBuf,
    /// Its size.
    pub bytes: u64,
}

/// Copies the database into a file, while others go on working, and checks the copy. Never over an existing file.
pub async fn backup_database(app: &App, args: BackupDatabase) -> Result<BackedUp> {
    let Address::File(database) = &app.address else {
        return Err(Error::refused(
            "This database is on a PostgreSQL server, which has its own backup: use pg_dump there, and pg_restore to bring it back.",
        ));
    };
    if args.path.exists() {
        return Err(Error::refused(format!(
            "{} exists already, and a backup never replaces a file. Choose another name.",
            args.path.display()
        )));
    }
    let copy = copy(database, &folder_of(&args.path)).await?;
    inspect(&copy).await?;
    let bytes = copy.metadata().map_or(0, |m| m.len());
    copy.persist_noclobber(&args.path).map_err(|e| not_written(&args.path, &e.error))?;
    let done = BackedUp { path: args.path, bytes };
    // The backup is made; a database that cannot take a note just now does not make it less so.
    if let Err(error) = backups::remember(app, &done).await {
        tracing::warn!(%error, "the backup is made, but not remembered");
    }
    Ok(done)
}

/// The folder of a file; that of the program if it names none.
pub(crate) fn folder_of(path: &Path) -> PathBuf {
    path.parent().filter(|f| !f.as_os_str().is_empty()).map_or_else(|| PathBuf::from("."), Path::to_path_buf)
}

/// A complete copy in `folder`, also of a database that is in use; it vanishes unless it is kept.
pub(crate) async fn copy(database: &Path, folder: &Path) -> Result<tempfile::TempPath> {
    let copy = tempfile::Builder::new()
        .prefix(".presell-")
        .suffix(".partial")
        .tempfile_in(folder)
        .map_err(|e| not_written(folder, &e))?
        .into_temp_path();
    let mut source = open(database).await?;
    let target = copy.to_string_lossy().into_owned();
    let done = sqlx::query("VACUUM INTO $1").bind(&target).execute(&mut source).await;
    source.close().await?;
    done.map_err(StoreError::from)?;
    Ok(copy)
}

/// Makes sure that a file is a sound Presell database that this app understands.
pub(crate) async fn inspect(file: &Path) -> Result<()> {
    let name = file.display();
    let mut db = open(file).await?;
    let tables = "SELECT count(*) FROM sqlite_master WHERE name IN ('_sqlx_migrations', 'store', 'po_line', 'member')";
    let found: std::result::Result<(i64,), _> = sqlx::query_as(tables).fetch_one(&mut db).await;
    match found {
        Ok((4,)) => {}
        Ok(_) => return Err(Error::refused(format!("{name} is not a database of Presell."))),
        Err(error) => return Err(damaged(file, &error.to_string())),
    }
    let sql = "SELECT max(version) FROM _sqlx_migrations WHERE success";
    let (version,): (Option<i64>,) = sqlx::query_as(sql).fetch_one(&mut db).await?;
    if let Some(found) = version.filter(|v| *v > SCHEMA_VERSION) {
        return Err(StoreError::Newer { found, known: SCHEMA_VERSION }.into());
    }
    let checked: std::result::Result<Vec<(String,)>, _> =
        sqlx::query_as("PRAGMA integrity_check(1)").fetch_all(&mut db).await;
    db.close().await?;
    match checked {
        Ok(rows) if rows.len() == 1 && rows[0].0 == "ok" => Ok(()),
        Ok(rows) => Err(damaged(file, rows.first().map_or("no answer", |r| r.0.as_str()))),
        Err(error) => Err(damaged(file, &error.to_string())),
    }
}

async fn open(file: &Path) -> Result<SqliteConnection> {
    let options = SqliteConnectOptions::new().filename(file).read_only(true);
    options.connect().await.map_err(|error| {
        Error::refused(format!(
            "{} cannot be opened: {error}. Check that it is there and that you may read it.",
            file.display()
        ))
    })
}

fn damaged(file: &Path, cause: &str) -> Error {
    Error::refused(format!("{} is damaged or no database at all: {cause}. Use another backup.", file.display()))
}

pub(crate) fn not_written(place: &Path, cause: &std::io::Error) -> Error {
    Error::failed(format!(
        "{} could not be written: {cause}. Check that the folder exists, that you may write to it, and that the disk has room.",
        place.display()
    ))
}
