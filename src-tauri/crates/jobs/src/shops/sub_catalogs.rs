//! "Associate products with sub-catalog": keeps the sub-catalogs of a store with several shops.

use crate::definition::{Work, step};
use crate::parameters::{DRY_RUN, PRODUCT_ID};
use crate::{Definition, Page, Parameter};

/// The job.
pub static DEFINITION: Definition = Definition {
    id: "PS_SUBCATALOG",
    label: "Associate products with sub-catalog",
    page: Page::PreOrder,
    group: "More jobs",
    help: "For a store with several catalogs: puts listed products into the catalogs of the shops that sell them, and takes them out again.",
    frequency: "ON_DEMAND",
    step: step::PRODUCT_TAGS,
    parameters: &[PRODUCT_ID, Parameter::text("catalogId", "Takes only this sub-catalog."), DRY_RUN],
    work: Work::NotYet("shops that hold several catalogs"),
};
