//! From the bytes of a request to the bytes of its answer, without a network.

mod cost;
mod documents;
mod execute;
mod graphql;
mod object;
mod reply;
mod session;
mod trouble;

pub(crate) use cost::Bucket;
pub(crate) use documents::Documents;
pub(crate) use execute::{Executed, execute};
pub(crate) use graphql::Call;
pub(crate) use object::Asked;
pub(crate) use reply::{Delivery, Reply};
pub(crate) use session::{Origin, Refusal, Session};
