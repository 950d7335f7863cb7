//! "Upload Pending Process": starts the next waiting bulk file of a shop.

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use presell_scheduler::{Done, Failure};

use super::sync::{self, What};
use crate::definition::{Work, step};
use crate::parameters::{LIMIT, SHOP};
use crate::{Definition, Page, Task};

/// The job.
pub static DEFINITION: Definition = Definition {
    id: "JOB_UL_PRCS",
    label: "Upload Pending Process",
    page: Page::Pipeline,
    group: "Shop files",
    help: "Large changes go to a shop as files, one at a time; this starts the next one if nothing else did.",
    frequency: "EVERY_15_MIN",
    step: step::LAST,
    parameters: &[SHOP, LIMIT],
    work: Work::AtShops(run),
};

fn run(task: Task) -> BoxFuture<'static, Result<Done, Failure>> {
    sync::run(task, What::default()).boxed()
}
