//! "Auto sync date to orders": copies a moved date onto the orders that wait for it.

use crate::definition::{Work, step};
use crate::parameters::{DRY_RUN, MIN_SHIFT_DAYS};
use crate::{Definition, Page, Parameter};

/// The job.
pub static DEFINITION: Definition = Definition {
    id: "JOB_UPDT_SO_PROMS_DT",
    label: "Auto sync date to orders",
    page: Page::PreOrder,
    group: "Promise date change",
    help: "Copies the new date of a purchase order line onto the customer orders that are served from it, and records old and new. Dates promised by hand stay.",
    frequency: "EVERY_15_MIN",
    step: step::DATES_TO_ORDERS,
    parameters: &[Parameter::texts("poId", "Takes only these purchase orders."), MIN_SHIFT_DAYS.or("0"), DRY_RUN],
    work: Work::NotYet("the handling of customer orders"),
};
