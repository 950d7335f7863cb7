//! The state machine of runs and the changes of schedules.

mod prune;
mod story;
