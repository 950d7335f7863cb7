//! "Release on receipt": releases parked orders when their goods arrive.

use crate::definition::{Work, step};
use crate::parameters::{DRY_RUN, PRODUCT_ID};
use crate::{Definition, Page, Parameter};

/// The job.
pub static DEFINITION: Definition = Definition {
    id: "PS_REL_ON_RECEIPT",
    label: "Release on receipt",
    page: Page::PreOrder,
    group: "More jobs",
    help: "Sends parked items on to fulfilment as soon as goods that cover them were received, oldest order first.",
    frequency: "ON_DEMAND",
    step: step::RELEASE,
    parameters: &[
        PRODUCT_ID,
        Parameter::texts("facilityId", "Takes only goods that arrived at these facilities."),
        DRY_RUN,
    ],
    work: Work::NotYet("the handling of customer orders"),
};
