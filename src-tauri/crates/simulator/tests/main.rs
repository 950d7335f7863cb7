//! The demo shop as its clients know it.

mod bulk;
mod common;
mod cost;
mod documents;
mod faults;
mod keeping;
mod network;
mod reading;
mod schema;
mod window;
mod writing;
