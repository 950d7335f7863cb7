//! Runs as people ask for them, look at them and stop them.

mod log;
mod page;
mod prune;
mod read;
mod request;
mod stop;

pub use log::{Level, LogLine, append, log};
pub use page::{Narrow, Order, Words, count, page, with_keys, words};
pub use prune::{Keep, Place, prune};
pub use read::{Filter, children, find, list, recent};
pub use request::{Request, Requested, request};
pub use stop::{Stopped, stop};
