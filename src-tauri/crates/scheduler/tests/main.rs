//! The scheduler as others see it: planning without a database, the state machine and the changes of schedules on both
//! databases, the engine at work.
#![expect(clippy::unwrap_used, reason = "what a test cannot do without fails it")]

mod engine;
mod machine;
mod planning;
mod support;
