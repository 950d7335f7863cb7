//! "Bulk push pre-order catalog to Shopify": sends the whole catalog to the shop again.

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use presell_scheduler::{Done, Failure};

use presell_shops::settings::Drift;

use super::check_drift;
use super::sync::{self, What};
use crate::definition::{Work, step};
use crate::parameters::{DRY_RUN, LIMIT, SHOP};
use crate::{Definition, Page, Task};

/// The job.
pub static DEFINITION: Definition = Definition {
    id: "PS_BULK_PUSH",
    label: "Bulk push pre-order catalog to Shopify",
    page: Page::PreOrder,
    group: "More jobs",
    help: "Sends every listed product to every connected shop again, changed or not; for a shop that was restored or set up anew.",
    frequency: "ON_DEMAND",
    step: step::VARIANTS,
    parameters: &[SHOP, LIMIT, DRY_RUN],
    work: Work::AtShops(run),
};

fn run(task: Task) -> BoxFuture<'static, Result<Done, Failure>> {
    async move {
        // A shop that was restored does not show what was confirmed: nothing differs before it is read back.
        if !task.values.flag("dryRun") {
            check_drift::read_back(&task).await?;
        }
        sync::run(task, What { everything: true, retry: true, drift: Some(Drift::Repair) }).await
    }
    .boxed()
}
