//! Files in and out.

pub mod feed_receipts;
pub mod import_files;
