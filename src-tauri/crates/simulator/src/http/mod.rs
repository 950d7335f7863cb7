//! The shop on loopback: routes that turn requests into calls and replies into responses, nothing else.

mod control;
mod deliver;
mod line;
mod page;
mod routes;
mod upload;

pub(crate) use line::{Knife, Loopback};
pub(crate) use routes::{Served, router};
