//! "Add pre-order tags" of orders: marks customer orders that hold pre-orders.

use crate::definition::{Work, step};
use crate::parameters::{DRY_RUN, LIMIT, ORDER_ID};
use crate::{Definition, Page};

/// The job.
pub static DEFINITION: Definition = Definition {
    id: "JOB_ADD_TAG_PREORD",
    label: "Add pre-order tags",
    page: Page::PreOrder,
    group: "Pre-sell on Shopify: Orders",
    help: "Marks customer orders in the shop that hold at least one pre-ordered item, so that everybody who opens the order sees it.",
    frequency: "EVERY_15_MIN",
    step: step::ORDER_NOTES,
    parameters: &[ORDER_ID, LIMIT, DRY_RUN],
    work: Work::NotYet("a connected shop"),
};
