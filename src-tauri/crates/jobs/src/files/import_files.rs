//! "Process bulk imported files": takes the files of a watched folder, one child run for each, in an order in which later
//! files may refer to earlier ones.

mod folder;
mod one;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use presell_scheduler::runs::Request;
use presell_scheduler::{Counts, Done, Failure, Origin, Run, RunState};
use presell_store::StoreError;
use serde_json::{Value, json};

use crate::definition::{Work, step};
use crate::{Definition, Page, Parameter, Task};
use folder::{Folder, Waiting};

/// The job.
pub static DEFINITION: Definition = Definition {
    id: "JOB_PRC_PND_DML",
    label: "Process bulk imported files",
    page: Page::Pipeline,
    group: "Imports",
    help: "Looks into a folder for files of products, stock, purchase orders, receipts and customer orders, and brings them in. \
           What was brought in moves to the folder \"done\"; rows and files that were not taken are in the folder \"refused\", \
           with their reasons.",
    frequency: "EVERY_5_MIN",
    step: step::IMPORT,
    parameters: &[
        Parameter::text(
            "importPath",
            "The folder to look into; it holds a folder for each kind of file: products, inventory, purchase-orders, receipts, orders.",
        )
        .required(),
        Parameter::text("file", "Takes only this file of the folder, such as inventory/monday.csv."),
        Parameter::number(
            "fileProcessingDelay",
            0,
            600,
            "Takes a file only when it has not changed for this many seconds, so that none is read half-written.",
        )
        .or("2"),
        Parameter::flag("confirm", "Takes rows that would otherwise wait for somebody to confirm them."),
        Parameter::flag("create", "Adds products and facilities that are not known yet."),
    ],
    work: Work::Here(run),
};

/// How often a file that is still being written is waited for; then it is left to the next run.
const WAITS: u32 = 5;

fn run(task: Task) -> BoxFuture<'static, Result<Done, Failure>> {
    async move {
        let folder = Folder::open(task.values.text("importPath").unwrap_or_default())?;
        match task.values.text("file") {
            Some(file) => one::import(&task, &folder, file).await,
            None => all(&task, &folder).await,
        }
    }
    .boxed()
}

/// One child run after the other, so that an order's products are known before the order comes.
async fn all(task: &Task, folder: &Folder) -> Result<Done, Failure> {
    let delay = Duration::from_secs(task.values.number("fileProcessingDelay").unwrap_or(2).unsigned_abs());
    let mut taken = BTreeSet::new();
    let (mut parts, mut counts) = (Vec::new(), Counts::default());
    let mut waits = 0;
    loop {
        let (settled, unsettled) = settle(task, folder, &taken, delay).await?;
        if settled.is_empty() && (unsettled == 0 || waits == WAITS) {
            break;
        }
        waits = if settled.is_empty() { waits + 1 } else { 0 };
        for file in settled {
            work_child(task, &file).await?;
            (parts, counts) = task.work.wait_for_children().await?;
            taken.insert(file);
            task.work.progress(taken.len() as u64, (taken.len() + unsettled) as u64);
        }
    }
    Ok(summed_up(&parts, counts))
}

/// The folder and those in it to which files come; none if it cannot be used.
pub(crate) fn places(folder: &Path) -> Vec<PathBuf> {
    Folder::open(&folder.display().to_string()).map_or_else(|_| Vec::new(), |folder| folder.places())
}

/// Whether a file waits in the folder, as far as one can see.
pub(crate) fn anything_waits(folder: &Path) -> bool {
    Folder::open(&folder.display().to_string()).and_then(|folder| folder.waiting()).is_ok_and(|files| !files.is_empty())
}

/// Files that did not change for the delay, in the order to take them, and how many others there are.
async fn settle(
    task: &Task,
    folder: &Folder,
    taken: &BTreeSet<String>,
    delay: Duration,
) -> Result<(Vec<String>, usize), Failure> {
    let waiting = |folder: &Folder| -> Result<Vec<Waiting>, Failure> {
        Ok(folder.waiting()?.into_iter().filter(|file| !taken.contains(&file.name)).collect())
    };
    let before = waiting(folder)?;
    if before.is_empty() {
        return Ok((Vec::new(), 0));
    }
    tokio::select! {
        () = tokio::time::sleep(delay) => {}
        () = task.work.token.cancelled() => return Err(StoreError::Replaced.into()),
    }
    let after = waiting(folder)?;
    let (settled, others): (Vec<_>, Vec<_>) = after.into_iter().partition(|file| before.contains(file));
    Ok((settled.into_iter().map(|file| file.name).collect(), others.len()))
}

async fn work_child(task: &Task, file: &str) -> Result<(), Failure> {
    let run = &task.work.run;
    let mut params: Value = serde_json::from_str(&run.params).unwrap_or_default();
    params["file"] = json!(file);
    let request = Request {
        shop_id: run.shop_id.clone(),
        params: params.to_string(),
        step: run.step,
        // The folder is on this computer.
        for_node: run.node_id,
        ..Request::new(&run.job_id, run.store_id, Origin::Child, &run.actor)
    };
    task.work.child(request).await?;
    Ok(())
}

/// A file that could not be taken at all counts as one failed item: it has no rows.
fn summed_up(parts: &[Run], sum: Counts) -> Done {
    let refused =
        parts.iter().filter(|part| !matches!(part.state, RunState::Finished | RunState::Partial)).count() as u64;
    let counts = Counts { examined: sum.examined + refused, failed: sum.failed + refused, ..sum };
    Done { counts, result: Some(json!({ "files": parts.len(), "refusedFiles": refused })) }
}
