//! What runs when: recurrence and planning (pure), the schedules and runs of the database, the statements that move a run
//! from one state to the next, and the engine that does it on every node. It knows no job: whoever starts the engine hands
//! it a [`Registry`].
//!
//! No node leads. A compare-and-swap on the schedule row decides who inserts an occurrence, partial unique indexes forbid
//! two runs where one may be, and a fence on the run row refuses whatever a replaced run still wants to write.
//! The database's clock is the only clock. Times are epoch milliseconds here; chrono is for zones and for the edges.

pub mod engine;
pub mod machine;
pub mod planning;
pub mod runs;
pub mod schedules;

mod job;
mod run;
mod schedule;
mod state;

pub use job::{Counts, Done, Failure, Job, Registry};
pub use run::Run;
pub use schedule::Schedule;
pub use state::{CatchUp, Origin, Overlap, RunState, ScheduleState, reason};

/// Milliseconds since 1970 in UTC, by the database's clock; also spans of time.
pub type Millis = i64;
