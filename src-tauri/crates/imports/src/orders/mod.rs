//! Customer orders: each item is taken in, parked if its product is pre-sold, and given the purchase order lines that
//! will serve it. They come from the shop all the time, so a change of a known item does not ask.

mod allocate;
mod apply;
mod found;
pub(crate) mod known;
mod plan;
mod rows;
mod write;

pub(crate) use apply::import;
pub(crate) use write::update;
