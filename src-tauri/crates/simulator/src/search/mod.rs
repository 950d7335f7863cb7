//! The search syntax of the API, as far as it is used: `sku:"A" OR sku:"B"`, `tag:"x" AND status:active,draft`, `-tag:x`.
//!
//! Its trap is kept: a field that does not exist is ignored, everything matches, and only a warning tells.

mod fields;
mod parse;

pub(crate) use fields::{BULKS, ORDERS, PRODUCTS, Subject, VARIANTS, found};
pub(crate) use parse::{Expression, Term, parse};
