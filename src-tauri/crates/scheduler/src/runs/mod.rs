//! Runs as people ask for them, look at them and stop them.

mod log;
mod prune;
mod read;
mod request;
mod stop;

pub use log::{Level, LogLine, append, log};
pub use prune::{Keep, Place, prune};
pub use read::{Filter, children, find, list, recent};
pub use request::{Request, Requested, request};
pub use stop::{Stopped, stop};
