//! "Adjust ATP on Early PO in Bulk": moves waiting orders to an earlier purchase order.

use crate::definition::{Work, step};
use crate::parameters::{DRY_RUN, PRODUCT_ID};
use crate::{Definition, Page, Parameter};

/// The job.
pub static DEFINITION: Definition = Definition {
    id: "PS_ADJ_ATP_EARLY_PO",
    label: "Adjust ATP on Early PO in Bulk",
    page: Page::PreOrder,
    group: "More jobs",
    help: "Moves the oldest waiting orders onto a purchase order that arrives earlier and has pieces left. An order never gets a later date by it.",
    frequency: "HOURLY",
    step: step::ALLOCATE,
    parameters: &[PRODUCT_ID, Parameter::texts("poId", "Moves orders only onto these purchase orders."), DRY_RUN],
    work: Work::NotYet("the handling of customer orders"),
};
