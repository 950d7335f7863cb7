//! Purchase orders: lines that suppliers owe us. Each order is written whole or not at all.

mod apply;
pub(crate) mod known;
mod plan;
mod rows;

pub(crate) use apply::{import, set_lines};
