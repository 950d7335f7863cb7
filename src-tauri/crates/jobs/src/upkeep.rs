//! Keeping the house.

pub mod purge_history;
