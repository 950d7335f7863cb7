//! Imports over a database, of both kinds: what a file does, does again, refuses, and takes back.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]

mod inventory;
mod orders;
mod products;
mod purchase_orders;
mod purchasing;
mod receipts;
mod review;
#[path = "../support/mod.rs"]
mod support;
mod undo;
