//! "Allocate Sales Orders": attaches waiting orders to purchase orders.

use crate::definition::{Work, step};
use crate::parameters::{DRY_RUN, PRODUCT_ID};
use crate::{Definition, Page, Parameter};

/// The job.
pub static DEFINITION: Definition = Definition {
    id: "PS_ALLOC_SO",
    label: "Allocate Sales Orders",
    page: Page::PreOrder,
    group: "More jobs",
    help: "Attaches orders that wait without a purchase order to lines with pieces left, oldest order first.",
    frequency: "ON_DEMAND",
    step: step::ALLOCATE,
    parameters: &[Parameter::texts("poId", "Attaches orders only to these purchase orders."), PRODUCT_ID, DRY_RUN],
    work: Work::NotYet("the handling of customer orders"),
};
