//! The jobs: one file each, with id, label, plain-language help, typed parameters and handler, in a folder for what they
//! are about. [`DEFINITIONS`] is the list of these files. To add a job, write its file and name it in the list.

mod definition;
mod parameters;
mod registry;
mod task;
mod values;

pub mod catalog;
pub mod events;
pub mod files;
pub mod inbox;
pub mod orders;
pub mod shops;
pub mod upkeep;

pub use definition::{Definition, Handler, Page, Work, step};
pub use parameters::{Kind, Parameter};
pub use registry::Jobs;
pub use task::{Caller, Clock, Task};
pub use values::{BadParameter, Values};

/// How long a run may take unless its schedule says otherwise.
pub const TIMEOUT_MS: i64 = 3_600_000;

/// Every job that Presell knows, in the order of pages, cards and rows.
pub static DEFINITIONS: &[&Definition] = &[
    &catalog::refresh_catalog::DEFINITION,
    &shops::sync_variants::DEFINITION,
    &shops::add_preorder_product_tags::DEFINITION,
    &shops::remove_preorder_product_tags::DEFINITION,
    &shops::add_backorder_product_tags::DEFINITION,
    &shops::remove_backorder_product_tags::DEFINITION,
    &orders::tag_preorder_orders::DEFINITION,
    &orders::tag_backorder_orders::DEFINITION,
    &orders::note_promise_dates::DEFINITION,
    &orders::note_moved_dates::DEFINITION,
    &orders::sync_dates_to_orders::DEFINITION,
    &orders::email_customers::DEFINITION,
    &orders::release_orders::DEFINITION,
    &catalog::update_arrival_dates::DEFINITION,
    &orders::adjust_to_earlier_orders::DEFINITION,
    &orders::allocate_orders::DEFINITION,
    &files::feed_receipts::DEFINITION,
    &shops::push_whole_catalog::DEFINITION,
    &shops::sub_catalogs::DEFINITION,
    &shops::check_drift::DEFINITION,
    &orders::release_on_receipt::DEFINITION,
    &upkeep::purge_history::DEFINITION,
    &files::import_files::DEFINITION,
    &shops::upload_waiting_files::DEFINITION,
];

/// The job with this id; case does not matter.
pub fn find(id: &str) -> Option<&'static Definition> {
    DEFINITIONS.iter().find(|d| d.id.eq_ignore_ascii_case(id.trim())).copied()
}

/// Ids of other times, for one list or one step each; what they did is part of the job named beside them.
const FORMER: &[(&str, &str)] = &[
    ("LIST_PRE_ORDER", "JOB_REL_PREODR_CAT"),
    ("JOB_CAT_REL_PREODR", "JOB_REL_PREODR_CAT"),
    ("JOB_CAT_REL_BACKORD", "JOB_REL_PREODR_CAT"),
    ("JOB_ADD_PREORD_SKU", "JOB_PREORDER_CAT_SYC"),
    ("JOB_UPD_PREORD_SKU", "JOB_PREORDER_CAT_SYC"),
    ("JOB_RMV_PREORD_SKU", "JOB_PREORDER_CAT_SYC"),
    ("JOB_ADD_BACKORD_SKU", "JOB_PREORDER_CAT_SYC"),
    ("JOB_UPD_BACKORD_SKU", "JOB_PREORDER_CAT_SYC"),
    ("JOB_RMV_BACKORD_SKU", "JOB_PREORDER_CAT_SYC"),
];

/// The job that does today what an older id stood for. Such an id is recognised and never scheduled.
pub fn successor(id: &str) -> Option<&'static str> {
    FORMER.iter().find(|(old, _)| old.eq_ignore_ascii_case(id.trim())).map(|(_, new)| *new)
}
