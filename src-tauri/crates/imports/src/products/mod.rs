//! Products: their names and identifiers, and what the store says of each. An empty cell leaves what is known.

mod apply;
pub(crate) mod known;
mod rows;

pub(crate) use apply::import;
