//! Puts a backup in place of the present database, which is kept beside it under another name.
//! Works without opening the present database first: a damaged one is when a backup is needed most.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::{DateTime, Utc};
use presell_store::Address;
use serde::{Deserialize, Serialize};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};
use ts_rs::TS;

use crate::backup::{copy, folder_of, inspect, not_written};
use crate::{App, Error, Result};

/// SQLite's companions of a database file.
const COMPANIONS: [&str; 2] = ["-wal", "-shm"];

/// A backup to put in place.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RestoreDatabase {
    /// The backup.
    pub path: PathBuf,
}

/// A backup that was put in place.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Restored {
    /// The database that holds the backup's data now.
    pub database: PathBuf,
    /// Where the data of before is; none if there was no database.
    pub kept: Option<PathBuf>,
}

/// Closes the app's database and puts a backup in its place. The app must be opened anew to go on.
pub async fn restore_database(app: &App, args: RestoreDatabase) -> Result<Restored> {
    let now = app.now().await?;
    if let Address::File(_) = app.address {
        app.db.close().await;
    }
    restore(&app.address, &args.path, now).await
}

/// Puts the backup `file` in place of the database at `address`. `now` only names the copy that is kept.
///
/// The backup is checked first, and the present database is set aside under a name of its own; if anything fails
/// before the end, it is back where it was.
pub async fn restore(address: &Address, file: &Path, now: DateTime<Utc>) -> Result<Restored> {
    let Address::File(database) = address else {
        return Err(Error::refused(
            "This database is on a PostgreSQL server, which has its own way back: use pg_restore there.",
        ));
    };
    if !file.is_file() {
        return Err(Error::NotFound {
            message: format!("There is no file {}. Check the name and the folder.", file.display()),
        });
    }
    if file.canonicalize().ok() == database.canonicalize().ok() {
        return Err(Error::refused("This file is the database in use. Name a backup of it."));
    }
    inspect(file).await?;
    let folder = folder_of(database);
    std::fs::create_dir_all(&folder).map_err(|e| not_written(&folder, &e))?;
    let copy = copy(file, &folder).await?;
    inspect(&copy).await?;
    if database.exists() {
        settle(database).await?;
    }
    let kept = with_suffix(database, &format!(".before-restore-{}", now.format("%Y%m%d-%H%M%S-%3f")));
    if kept.exists() {
        return Err(Error::refused(format!("{} exists already. Try again in a second.", kept.display())));
    }
    let moved = set_aside(database, &kept)?;
    if let Err(error) = copy.persist_noclobber(database) {
        // Back to where it was; if even that fails, the message names where the data is.
        let back = moved.iter().rev().try_for_each(|(from, to)| std::fs::rename(to, from));
        let place = if back.is_ok() { String::new() } else { format!(" Your data is in {}.", kept.display()) };
        return Err(Error::failed(format!("{}{place}", not_written(database, &error.error))));
    }
    Ok(Restored { database: database.clone(), kept: (!moved.is_empty()).then_some(kept) })
}

/// Folds the write-ahead log into the file, which also proves that no other program has the database open.
/// A file too damaged for that is moved as it is.
async fn settle(database: &Path) -> Result<()> {
    let options = SqliteConnectOptions::new().filename(database).busy_timeout(Duration::from_secs(2));
    let Ok(mut db) = options.connect().await else { return Ok(()) };
    let mode: std::result::Result<(String,), sqlx::Error> =
        sqlx::query_as("PRAGMA journal_mode = DELETE").fetch_one(&mut db).await;
    // Nothing was written through this connection, so an error while closing loses nothing.
    let _ = db.close().await;
    let in_use = match mode {
        Ok((mode,)) => mode != "delete",
        Err(error) => error.as_database_error().and_then(|e| e.code()).is_some_and(|code| code == "5"),
    };
    if in_use {
        return Err(Error::refused(
            "Another program has the database open. Close Presell's window and its daemon, then restore again.",
        ));
    }
    Ok(())
}

/// Moves the database and its companions; returns what was moved, from and to.
fn set_aside(database: &Path, kept: &Path) -> Result<Vec<(PathBuf, PathBuf)>> {
    let mut moved: Vec<(PathBuf, PathBuf)> = Vec::new();
    for suffix in ["", COMPANIONS[0], COMPANIONS[1]] {
        let (from, to) = (with_suffix(database, suffix), with_suffix(kept, suffix));
        if !from.exists() {
            continue;
        }
        if let Err(error) = std::fs::rename(&from, &to) {
            for (from, to) in moved.iter().rev() {
                // Best effort: the first error is the one to report.
                let _ = std::fs::rename(to, from);
            }
            return Err(not_written(&to, &error));
        }
        moved.push((from, to));
    }
    Ok(moved)
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    PathBuf::from(name)
}
