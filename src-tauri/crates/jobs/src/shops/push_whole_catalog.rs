//! "Bulk push pre-order catalog to Shopify": sends the whole catalog to the shop again.

use crate::definition::{Work, step};
use crate::parameters::{DRY_RUN, LIMIT};
use crate::{Definition, Page};

/// The job.
pub static DEFINITION: Definition = Definition {
    id: "PS_BULK_PUSH",
    label: "Bulk push pre-order catalog to Shopify",
    page: Page::PreOrder,
    group: "More jobs",
    help: "Sends every listed product to every connected shop again, changed or not; for a shop that was restored or set up anew.",
    frequency: "ON_DEMAND",
    step: step::VARIANTS,
    parameters: &[LIMIT, DRY_RUN],
    work: Work::NotYet("a connected shop"),
};
