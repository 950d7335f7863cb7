//! Reads the facts that the rules need from the store, set-wise.
//! SQL drops only rows that the rules would reject the same way; a property test compares the two.

mod facilities;
mod lines;
mod members;
mod stock;

pub(crate) use facilities::{Facilities, facilities, membership_changed};
pub(crate) use lines::{lines_of, live_lines};
pub(crate) use members::{count_members, members};
pub(crate) use stock::{stock_block, stock_of};

/// Which products are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    /// All of them.
    Everything,
    /// Those in the temporary table `scope`.
    Scope,
}
