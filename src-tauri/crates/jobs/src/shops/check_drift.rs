//! "Drift check and repair": compares the shop with what it should show.

use crate::definition::{Work, step};
use crate::parameters::{DRY_RUN, PRODUCT_ID};
use crate::{Definition, Page, Parameter};

/// The job.
pub static DEFINITION: Definition = Definition {
    id: "PS_DRIFT_CHECK",
    label: "Drift check and repair",
    page: Page::PreOrder,
    group: "More jobs",
    help: "Reads back what the shops show, compares it with what they should show, and reports or puts right what differs.",
    frequency: "EVERYDAY",
    step: step::LAST,
    parameters: &[
        PRODUCT_ID,
        Parameter::choice("repair", &["report", "repair"], "Whether differences are only reported or put right.")
            .or("report"),
        DRY_RUN,
    ],
    work: Work::NotYet("a connected shop"),
};
