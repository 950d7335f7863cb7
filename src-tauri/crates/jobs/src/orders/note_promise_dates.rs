//! "Add promise date" of orders: writes the promised date on new customer orders.

use crate::definition::{Work, step};
use crate::parameters::{DRY_RUN, LIMIT, ORDER_ID};
use crate::{Definition, Page};

/// The job.
pub static DEFINITION: Definition = Definition {
    id: "JOB_UL_PRMS_DTE",
    label: "Add promise date",
    page: Page::PreOrder,
    group: "Pre-sell on Shopify: Orders",
    help: "Writes a note on each new order with the date that its customer was promised at checkout.",
    frequency: "EVERY_15_MIN",
    step: step::ORDER_NOTES,
    parameters: &[ORDER_ID, LIMIT, DRY_RUN],
    work: Work::NotYet("a connected shop"),
};
