//! Customer orders: their dates, their purchase orders, their release.

pub mod adjust_to_earlier_orders;
pub mod allocate_orders;
pub mod email_customers;
pub mod note_moved_dates;
pub mod note_promise_dates;
pub mod release_on_receipt;
pub mod release_orders;
pub mod sync_dates_to_orders;
pub mod tag_backorder_orders;
pub mod tag_preorder_orders;
