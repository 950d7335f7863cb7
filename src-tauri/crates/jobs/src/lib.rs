//! The jobs: one file each, with id, label, plain-language help, typed parameters and handler. [`DEFINITIONS`] is the
//! list of these files. To add a job, write its file and name it in the list.

mod definition;
mod parameters;
mod registry;
mod task;
mod values;

pub mod events;

pub mod add_backorder_product_tags;
pub mod add_preorder_product_tags;
pub mod adjust_to_earlier_orders;
pub mod allocate_orders;
pub mod check_drift;
pub mod email_customers;
pub mod feed_receipts;
pub mod import_files;
pub mod note_moved_dates;
pub mod note_promise_dates;
pub mod purge_history;
pub mod push_whole_catalog;
pub mod refresh_catalog;
pub mod release_on_receipt;
pub mod release_orders;
pub mod remove_backorder_product_tags;
pub mod remove_preorder_product_tags;
pub mod sub_catalogs;
pub mod sync_dates_to_orders;
pub mod sync_variants;
pub mod tag_backorder_orders;
pub mod tag_preorder_orders;
pub mod update_arrival_dates;
pub mod upload_waiting_files;

pub use definition::{Definition, Handler, Page, Work, step};
pub use parameters::{Kind, Parameter};
pub use registry::Jobs;
pub use task::{Caller, Clock, Task};
pub use values::{BadParameter, Values};

/// How long a run may take unless its schedule says otherwise.
pub const TIMEOUT_MS: i64 = 3_600_000;

/// Every job that Presell knows, in the order of pages, cards and rows.
pub static DEFINITIONS: &[&Definition] = &[
    &refresh_catalog::DEFINITION,
    &sync_variants::DEFINITION,
    &add_preorder_product_tags::DEFINITION,
    &remove_preorder_product_tags::DEFINITION,
    &add_backorder_product_tags::DEFINITION,
    &remove_backorder_product_tags::DEFINITION,
    &tag_preorder_orders::DEFINITION,
    &tag_backorder_orders::DEFINITION,
    &note_promise_dates::DEFINITION,
    &note_moved_dates::DEFINITION,
    &sync_dates_to_orders::DEFINITION,
    &email_customers::DEFINITION,
    &release_orders::DEFINITION,
    &update_arrival_dates::DEFINITION,
    &adjust_to_earlier_orders::DEFINITION,
    &allocate_orders::DEFINITION,
    &feed_receipts::DEFINITION,
    &push_whole_catalog::DEFINITION,
    &sub_catalogs::DEFINITION,
    &check_drift::DEFINITION,
    &release_on_receipt::DEFINITION,
    &purge_history::DEFINITION,
    &import_files::DEFINITION,
    &upload_waiting_files::DEFINITION,
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
