//! "Add backorder tags": puts the backorder tag on products in the shop.

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use presell_scheduler::{Done, Failure};

use super::sync::{self, What};
use crate::definition::{Work, step};
use crate::parameters::{DRY_RUN, INCLUDE_ALL, LIMIT, SHOP};
use crate::{Definition, Page, Task};

/// The job.
pub static DEFINITION: Definition = Definition {
    id: "JOB_ADD_BACKORD_VRT",
    label: "Add backorder tags",
    page: Page::PreOrder,
    group: "Pre-sell on Shopify: Catalog",
    help: "Puts the backorder tag on the products, in every connected shop, that have a variant on the backorder list.",
    frequency: "EVERY_15_MIN",
    step: step::PRODUCT_TAGS,
    parameters: &[SHOP, INCLUDE_ALL, LIMIT, DRY_RUN],
    work: Work::AtShops(run),
};

fn run(task: Task) -> BoxFuture<'static, Result<Done, Failure>> {
    sync::run(task, What::default()).boxed()
}
