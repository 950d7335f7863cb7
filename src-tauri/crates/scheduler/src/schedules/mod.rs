//! Schedules as people change them. One row for each job, store and shop; every change names the version it was made from,
//! has an actor, and leaves an audit row.

mod change;
mod edit;
mod read;
mod switch;
mod values;

pub use edit::{Bad, Defaults, Edit, SaveError, imagine, save};
pub use read::{enabled, find, list};
pub use switch::{SwitchError, cancel, enable, pause, restore, resume, skip};

/// Which schedule: one exists at most.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// The job.
    pub job_id: String,
    /// The store.
    pub store_id: i64,
    /// The shop; empty: none.
    pub shop_id: String,
}
