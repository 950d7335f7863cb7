//! A review: what an import would do, row by row, before anybody says yes. A dry run writes every row, finding and
//! difference down in a temporary database of its own; pages of it are read from there, so that a million rows take disk
//! and no memory.

mod pages;
mod recorder;

use chrono::{DateTime, Utc};
use presell_catalog::stores::Store;
use presell_store::{Db, StoreError};
use serde::Serialize;
use ts_rs::TS;

use crate::headers::Field;
use crate::intake::{Progress, run};
use crate::problem::{Check, Severity};
use crate::request::{ImportError, Report, Request};

pub use pages::{Line, LineFilter, Lines, OrderGroup, OrderGroups};
pub use recorder::Fate;
pub(crate) use recorder::Recorder;

/// A reviewed file. Its temporary database goes away with it, where the system allows also when the process is killed.
#[derive(Debug)]
pub struct Review {
    /// What was asked for.
    pub request: Request,
    /// What would happen.
    pub report: Report,
    /// Hash of the file, to be given with the import.
    pub sha256: String,
    /// The fields of each row, in the order of its cells.
    pub fields: Vec<Field>,
    /// Which field has which columns.
    pub columns: Vec<(Field, Vec<String>)>,
    /// Findings by check, most severe first.
    pub findings: Vec<FindingGroup>,
    /// Rows by what happens to them.
    pub fates: Vec<(Fate, u64)>,
    db: Db,
    _folder: Option<tempfile::TempDir>,
}

/// All findings of one check and severity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FindingGroup {
    /// The check.
    pub check: Check,
    /// What it stops.
    pub severity: Severity,
    /// How many findings.
    pub count: u64,
    /// Whether it is about the file rather than its rows.
    pub about_file: bool,
    /// One of them, in its own words.
    pub example: String,
}

/// Reviews a file: a dry run that is written down. `now` comes from the database's clock.
///
/// # Errors
/// As [`import`](crate::import), and a disk without room for the review.
pub async fn review(
    db: &Db,
    store: &Store,
    request: &Request,
    now: DateTime<Utc>,
    progress: &Progress,
) -> Result<Review, ImportError> {
    let folder = tempfile::Builder::new().prefix("presell-review-").tempdir().map_err(disk)?;
    let path = folder.path().join("review.db");
    let (recorder, writer) = Recorder::start(path.clone()).map_err(disk)?;
    let request = Request { dry_run: true, rejects: None, ..request.clone() };
    let outcome = run(db, store, &request, now, progress, Some(recorder)).await;
    // The writer ends when its recorder is gone, also after a failure; only then may the folder go.
    let written = tokio::task::spawn_blocking(move || writer.join()).await;
    let outcome = outcome?;
    written.map_err(|_| broken())?.map_err(|_| broken())??;
    let own = recorder::open(&path, false).await?;
    let findings = pages::groups(&own).await?;
    let fates = pages::fates(&own).await?;
    Ok(Review {
        request,
        report: outcome.report,
        sha256: outcome.sha256,
        fields: outcome.fields,
        columns: outcome.columns,
        findings,
        fates,
        db: own,
        _folder: kept(folder),
    })
}

/// An open file needs no name on Unix: without one nothing is left behind, whatever happens to the process.
#[cfg(unix)]
fn kept(folder: tempfile::TempDir) -> Option<tempfile::TempDir> {
    match folder.close() {
        Ok(()) => None,
        Err(error) => {
            tracing::debug!(%error, "a review's folder stays until the system clears it");
            None
        }
    }
}

#[cfg(not(unix))]
fn kept(folder: tempfile::TempDir) -> Option<tempfile::TempDir> {
    Some(folder)
}

fn disk(error: std::io::Error) -> ImportError {
    StoreError::Sql(sqlx::Error::Io(error)).into()
}

fn broken() -> ImportError {
    StoreError::Sql(sqlx::Error::WorkerCrashed).into()
}
