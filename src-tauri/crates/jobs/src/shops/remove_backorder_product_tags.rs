//! "Remove backorder tags": takes the backorder tag off products in the shop.

use crate::definition::{Work, step};
use crate::parameters::{DRY_RUN, INCLUDE_ALL, LIMIT};
use crate::{Definition, Page};

/// The job.
pub static DEFINITION: Definition = Definition {
    id: "JOB_RMV_BACKORD_VRT",
    label: "Remove backorder tags",
    page: Page::PreOrder,
    group: "Pre-sell on Shopify: Catalog",
    help: "Takes the backorder tag off products that have no variant on the backorder list any more.",
    frequency: "EVERY_15_MIN",
    step: step::PRODUCT_TAGS,
    parameters: &[INCLUDE_ALL, LIMIT, DRY_RUN],
    work: Work::NotYet("a connected shop"),
};
