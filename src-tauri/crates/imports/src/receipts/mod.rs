//! Receipts: goods that arrived for purchase orders. They raise what a line has received, which covers its oldest
//! customer orders first, and never touch stock: the stock file alone says what is there. A stock feed that holds the
//! goods already would count them twice otherwise.

mod apply;
mod plan;
mod rows;

pub(crate) use apply::import;
