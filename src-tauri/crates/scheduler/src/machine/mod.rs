//! The state machine of runs: each change is one guarded statement, and an illegal one changes no row. Every node calls
//! these; none needs to know of the others.
//!
//! Order of locks everywhere: the schedule row, then the run row, then the rest.

mod claim;
mod due;
mod finish;
mod heartbeat;
mod look;
mod nodes;
mod progress;
mod promote;
mod quit;
mod reap;
mod tick;

use presell_store::StoreError;

pub use claim::{Claim, claim};
pub use due::{Due, due, stop_previous};
pub use finish::{Ending, Outcome, finish, finish_in, hold};
pub use heartbeat::{Beat, heartbeat};
pub use look::{Look, look};
pub use nodes::{Node, NodeKind, NodeRow, forget_nodes, join, leave, nodes, seen};
pub use progress::{Progress, progress};
pub use promote::promote;
pub use quit::{at_work, hand_back};
pub use reap::{REAPED_AT_ONCE, Reaped, reap};
pub use tick::{Tick, realign_all, tick};

/// Somebody else was first: a unique index refused a row, or two writers met. The next pass sees what they did.
fn is_lost_race(error: &StoreError) -> bool {
    match error {
        StoreError::Conflict => true,
        StoreError::Sql(cause) => cause.as_database_error().is_some_and(|e| e.is_unique_violation()),
        _ => false,
    }
}
