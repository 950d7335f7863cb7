//! "Sync variant details": tells each connected shop which variants can be pre-sold.

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use presell_scheduler::{Done, Failure};

use super::sync::{self, What};
use crate::definition::{Work, step};
use crate::parameters::{DRY_RUN, INCLUDE_ALL, LIMIT, PRODUCT_ID, SHOP};
use crate::{Definition, Page, Parameter, Task};

/// The job.
pub static DEFINITION: Definition = Definition {
    id: "JOB_PREORDER_CAT_SYC",
    label: "Sync variant details",
    page: Page::PreOrder,
    group: "Pre-sell on Shopify: Catalog",
    help: "Tells every connected shop which variants can be bought before they arrive: the promised date, and whether selling goes on without stock. Sends only what differs from what the shop has.",
    frequency: "EVERY_15_MIN",
    step: step::VARIANTS,
    parameters: &[
        SHOP,
        INCLUDE_ALL,
        LIMIT,
        PRODUCT_ID,
        Parameter::number(
            "bufferTime",
            0,
            1_440,
            "Takes changes up to this many minutes before now, so that none at the edge is missed.",
        )
        .or("5"),
        Parameter::flag("everything", "Writes tags too, whichever of the jobs for tags are switched on."),
        Parameter::flag("confirm", "You have looked at what would be taken off and agree to it."),
        DRY_RUN,
    ],
    work: Work::AtShops(run),
};

fn run(task: Task) -> BoxFuture<'static, Result<Done, Failure>> {
    sync::run(task, What::default()).boxed()
}
