//! "Update promise date": writes a note on orders whose date moved.

use crate::definition::{Work, step};
use crate::parameters::{DRY_RUN, FROM_DATE, TO_DATE};
use crate::{Definition, Page, Parameter};

/// The job.
pub static DEFINITION: Definition = Definition {
    id: "JOB_UL_PRMS_DTE_UPD",
    label: "Update promise date",
    page: Page::PreOrder,
    group: "Pre-sell on Shopify: Orders",
    help: "Writes a note on orders with an item whose promised date has moved since the customer ordered.",
    frequency: "EVERY_15_MIN",
    step: step::ORDER_NOTES,
    parameters: &[
        Parameter::texts("productStoreIds", "Takes only orders of these stores."),
        FROM_DATE,
        TO_DATE,
        DRY_RUN,
    ],
    work: Work::NotYet("a connected shop"),
};
