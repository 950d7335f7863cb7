//! The demo shop: a Shopify that runs on this machine, on loopback, with faults on demand.
//!
//! The official schema decides what is valid; the fields that are acted out are in `read` and `write`, and every other one
//! says that it is not simulated. [`Shop`] is plain state; [`Simulator`] puts it behind HTTP. Every write the shop ever got
//! is in its journal, so that afterwards one can check what must never have happened.
//!
//! It rests on no other crate of Presell: tests of the shops use it, and so does the app for its demo shop.

pub mod faults;
pub mod journal;
pub mod schema;
pub mod shop;
pub mod theme;

mod answer;
mod bulk;
mod clock;
mod gid;
mod http;
mod offer;
mod one_of;
mod read;
mod search;
mod shared;
mod simulator;
mod world;
mod write;

pub use clock::{Clock, Millis};
pub use faults::{Fault, Faults, Trouble};
pub use offer::{Offered, offer};
pub use schema::Version;
pub use shop::Shop;
pub use simulator::{Held, Options, Simulator, StartError};
