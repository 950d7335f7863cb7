//! The state machine of runs and the changes of schedules, on both databases.
#![expect(clippy::unwrap_used, reason = "what a test cannot do without fails it")]

mod prune;
mod story;
mod support;
