//! Purchase orders: lines that suppliers owe us. Each order is written whole or not at all.

mod apply;
pub(crate) mod known;
mod lines;
mod plan;
mod rows;

pub(crate) use apply::import;
pub(crate) use lines::set_lines;
pub(crate) use plan::differences;
