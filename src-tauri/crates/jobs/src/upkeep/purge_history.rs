//! "Purge history": forgets old runs, so that the database does not grow for ever.

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use presell_scheduler::machine::forget_nodes;
use presell_scheduler::runs::{Keep, Place, prune};
use presell_scheduler::{Counts, Done, Failure};
use presell_store::StoreError;
use serde_json::json;

use crate::definition::{Work, step};
use crate::{Definition, Page, Parameter, Task};

/// The job.
pub static DEFINITION: Definition = Definition {
    id: "PS_PURGE",
    label: "Purge history",
    page: Page::PreOrder,
    group: "More jobs",
    help: "Deletes old runs with their logs, beyond the age and the number that are kept; what a schedule says of its own \
           history goes first. The last run of each job always stays. Decisions about products are never deleted.",
    frequency: "EVERYDAY",
    step: step::LAST,
    parameters: &[
        Parameter::number("days", 1, 36_500, "Keeps every run of this many days.").or("90"),
        Parameter::number("runs", 1, 1_000_000, "Keeps this many runs of each job, however old.").or("1000"),
    ],
    work: Work::Here(run),
};

/// Runs deleted in one short transaction.
const BATCH: u64 = 1_000;
/// Machines that stopped, or were last heard of, longer ago are forgotten.
const NODE_DAYS: i64 = 30;

fn run(task: Task) -> BoxFuture<'static, Result<Done, Failure>> {
    async move {
        let (work, values) = (&task.work, &task.values);
        let keep = Keep { runs: values.number("runs").unwrap_or(1_000), days: values.number("days").unwrap_or(90) };
        let (mut deleted, mut place) = (0, Place::default());
        loop {
            if work.token.is_cancelled() {
                // What is deleted is deleted; the next run goes on from there.
                return Err(StoreError::Replaced.into());
            }
            let batch = prune(&work.db, keep, BATCH as i64, &mut place).await?;
            deleted += batch;
            if batch < BATCH {
                break;
            }
        }
        forget_nodes(&work.db, NODE_DAYS * 86_400_000).await?;
        let counts = Counts { examined: deleted, changed: deleted, ..Counts::default() };
        Ok(Done { counts, result: Some(json!({ "deleted": deleted })) })
    }
    .boxed()
}
