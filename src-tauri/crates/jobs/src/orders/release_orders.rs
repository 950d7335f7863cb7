//! "Run daily": releases parked orders whose day has come.

use crate::definition::{Work, step};
use crate::parameters::{DRY_RUN, ORDER_ID};
use crate::{Definition, Page, Parameter};

/// The job.
pub static DEFINITION: Definition = Definition {
    id: "JOB_RLS_ORD_DTE",
    label: "Run daily",
    page: Page::PreOrder,
    group: "Auto releasing",
    help: "Sends parked items on to fulfilment when their promised date has passed, and reports those whose goods are not there. The button Release does the same at once, after showing what would go.",
    frequency: "EVERYDAY",
    step: step::RELEASE,
    parameters: &[
        Parameter::flag(
            "requireStock",
            "Releases only items whose goods are there; the others stay parked and are reported.",
        ),
        Parameter::texts("facilityId", "Takes only items that wait for these facilities."),
        ORDER_ID,
        DRY_RUN,
    ],
    work: Work::NotYet("the handling of customer orders"),
};
