//! "Sync variant details": tells each connected shop which variants can be pre-sold.

use crate::definition::{Work, step};
use crate::parameters::{DRY_RUN, INCLUDE_ALL, LIMIT, PRODUCT_ID};
use crate::{Definition, Page, Parameter};

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
        DRY_RUN,
    ],
    work: Work::NotYet("a connected shop"),
};
