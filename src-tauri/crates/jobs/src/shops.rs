//! What shops show of the lists.

pub mod add_backorder_product_tags;
pub mod add_preorder_product_tags;
pub mod check_drift;
pub mod doors;
pub mod push_whole_catalog;
pub mod remove_backorder_product_tags;
pub mod remove_preorder_product_tags;
pub mod sub_catalogs;
pub(crate) mod sync;
pub mod sync_variants;
pub mod upload_waiting_files;
