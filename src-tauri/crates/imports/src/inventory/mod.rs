//! Stock: what each facility has, signed. Only records that change are written, so that a feed of everything stays cheap.

mod apply;
mod found;
mod known;
mod missing;
mod rows;
mod write;

pub(crate) use apply::import;
pub(crate) use known::{KnownStock, replace_staged, stage};
