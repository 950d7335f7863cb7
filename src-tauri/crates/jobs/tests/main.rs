//! The jobs, defined and at work on both databases.
#![expect(clippy::unwrap_used, reason = "what a test cannot do without fails it")]

mod arrival_dates;
mod definitions;
mod events;
mod import_files;
mod inbox;
mod purge;
mod receipt_feed;
mod refusals;
mod support;
