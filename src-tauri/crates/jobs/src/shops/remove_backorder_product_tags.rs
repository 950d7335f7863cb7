//! "Remove backorder tags": takes the backorder tag off products in the shop.

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use presell_scheduler::{Done, Failure};

use super::sync::{self, What};
use crate::definition::{Work, step};
use crate::parameters::{DRY_RUN, INCLUDE_ALL, LIMIT, SHOP};
use crate::{Definition, Page, Task};

/// The job.
pub static DEFINITION: Definition = Definition {
    id: "JOB_RMV_BACKORD_VRT",
    label: "Remove backorder tags",
    page: Page::PreOrder,
    group: "Pre-sell on Shopify: Catalog",
    help: "Takes the backorder tag off products that have no variant on the backorder list any more.",
    frequency: "EVERY_15_MIN",
    step: step::PRODUCT_TAGS,
    parameters: &[SHOP, INCLUDE_ALL, LIMIT, DRY_RUN],
    work: Work::AtShops(run),
};

fn run(task: Task) -> BoxFuture<'static, Result<Done, Failure>> {
    sync::run(task, What::default()).boxed()
}
