//! The two lists of what can be pre-sold.

pub mod refresh_catalog;
pub mod update_arrival_dates;
