//! The commands behind the page Catalog, on both databases.

#![expect(clippy::unwrap_used, reason = "in a test a panic is the report")]

mod brake;
mod browse;
mod coming;
mod desk;
mod imagine;
mod reasons;
