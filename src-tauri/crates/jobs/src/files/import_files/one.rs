//! One file of the watched folder, as a child run.

use std::fs;
use std::path::Path;
use std::time::Duration;

use presell_imports::headers::Kind;
use presell_imports::{ImportError, Progress, Report, Request, import as bring_in};
use presell_scheduler::runs::Level;
use presell_scheduler::{Counts, Done, Failure};
use presell_store::StoreError;
use serde_json::json;

use super::folder::{Folder, carry, not_usable};
use crate::Task;
use crate::events::facts_changed;

/// Findings kept with the run; all are kept with the import.
const KEPT: usize = 20;

/// Brings the file in, then moves it away. A run that dies between the two leaves the file where it is; the next one finds
/// all of it known, or that it was imported before, and changes nothing.
pub(super) async fn import(task: &Task, folder: &Folder, name: &str) -> Result<Done, Failure> {
    let (kind, path) = folder.find(name)?;
    if !path.is_file() {
        return Err(Failure::permanent("FILE_GONE", format!("{name} is not in the folder any more.")));
    }
    let run = task.work.run.id;
    let refused = folder.place("refused", kind, &path, run)?;
    let rejects = refused.with_extension("rejects.csv");
    let request = Request {
        confirm: task.values.flag("confirm"),
        create: task.values.flag("create").then_some(true),
        rejects: Some(rejects),
        actor: task.work.run.actor.clone(),
        ..Request::new(kind, &path)
    };
    match watched(task, &request).await? {
        Ok(report) if report.accepted == 0 && report.rows > 0 => {
            carry(&path, &refused)?;
            say(task, &report);
            Ok(done(kind, name, &report))
        }
        Ok(report) => {
            carry(&path, &folder.place("done", kind, &path, run)?)?;
            say(task, &report);
            if report.products_touched > 0 {
                facts_changed(&task.work.db, &task.store, &request.actor).await?;
            }
            Ok(done(kind, name, &report))
        }
        Err(ImportError::Store(error)) => Err(error.into()),
        Err(error) => {
            carry(&path, &refused)?;
            explain(&refused, &error)?;
            Err(Failure::permanent("FILE_REFUSED", format!("{name}: {error}")))
        }
    }
}

/// Imports, and tells how far it is; a run that shall stop leaves the batch it is at, and no more.
async fn watched(task: &Task, request: &Request) -> Result<Result<Report, ImportError>, Failure> {
    let now = task.now().await?;
    let progress = Progress::default();
    let tell = async {
        loop {
            tokio::time::sleep(Duration::from_millis(500)).await;
            let (_, done, total) = progress.now();
            task.work.progress(done, total);
        }
    };
    tokio::select! {
        report = bring_in(&task.work.db, &task.store, request, now, &progress) => Ok(report),
        () = tell => Err(StoreError::Replaced.into()),
        () = task.work.token.cancelled() => Err(StoreError::Replaced.into()),
    }
}

fn say(task: &Task, report: &Report) {
    let c = report.changes;
    let text = format!(
        "{} rows: {} taken, {} left out. {} new, {} changed, {} as before.",
        report.rows, report.accepted, report.refused, c.new, c.changed, c.unchanged
    );
    task.work.log(if report.refused > 0 { Level::Warn } else { Level::Info }, text);
    for problem in report.problems.iter().take(KEPT) {
        let row = problem.row.map_or_else(String::new, |row| format!("Row {row}: "));
        task.work.log(Level::Warn, format!("{row}{}", problem.message));
    }
}

/// examined = changed + unchanged + failed + skipped, in rows of the file.
fn done(kind: Kind, name: &str, report: &Report) -> Done {
    let changed = (report.changes.new + report.changes.changed).min(report.accepted);
    let unchanged = report.accepted - changed;
    let counts = Counts { examined: report.rows, changed, unchanged, failed: report.refused, skipped: 0 };
    let result = json!({
        "importId": report.import_id, "kind": kind.as_str(), "file": name,
        "new": report.changes.new, "changed": report.changes.changed, "unchanged": report.changes.unchanged,
        "problems": &report.problems[..report.problems.len().min(KEPT)],
    });
    Done { counts, result: Some(result) }
}

/// Beside a file that cannot be taken as a whole lies why.
fn explain(refused: &Path, error: &ImportError) -> Result<(), Failure> {
    let note = refused.with_extension("reason.txt");
    fs::write(&note, format!("{error}\n")).map_err(|error| not_usable(&note, &error))
}
