//! Shops out: what the catalog decides becomes what the shops show. Nothing is written that need not be, nothing is sold
//! that must not be, and what failed is seen.
//!
//! One pure [`plan`](plan::plan) serves preview and sync. The outbox keeps what is under way; [`adapter`] is what each
//! platform answers to.

pub mod across;
pub mod adapter;
mod bulk;
pub mod diff;
pub mod drift;
pub mod facts;
pub mod file;
pub mod link;
pub mod matrix;
pub mod model;
mod outbox;
pub mod plan;
pub mod secrets;
pub mod settings;
pub mod shop;
pub mod shopify;
pub mod sight;
mod state;
pub mod sub_catalog;
pub mod sync;
