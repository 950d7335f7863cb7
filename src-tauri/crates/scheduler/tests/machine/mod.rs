//! The state machine of runs and the changes of schedules.

mod claims;
mod edits;
mod endings;
mod every_state;
mod faults;
mod lost_races;
mod plans;
mod prune;
mod schedules;
mod story;
mod ticks;
