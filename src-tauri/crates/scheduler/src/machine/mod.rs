//! The state machine of runs: each change is one guarded statement, and an illegal one changes no row. Every node calls
//! these; none needs to know of the others.
//!
//! Order of locks everywhere: the schedule row, then the run row, then the rest.

mod claim;
mod due;
mod finish;
mod heartbeat;
mod nodes;
mod promote;
mod quit;
mod reap;
mod tick;
mod wake;

pub use claim::{Claim, claim};
pub use due::{Due, due};
pub use finish::{Ending, Outcome, finish, finish_in, hold};
pub use heartbeat::{Beat, heartbeat};
pub use nodes::{Node, NodeKind, NodeRow, join, leave, nodes};
pub use promote::promote;
pub use quit::hand_back;
pub use reap::{Reaped, reap};
pub use tick::{Tick, realign_all, tick};
pub use wake::wake;
