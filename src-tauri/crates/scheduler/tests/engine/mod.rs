//! Nodes at work, in this process.

mod clocks;
mod daily;
mod failures;
mod leases;
mod overlaps;
mod parts;
mod quitting;
mod stage;
mod stops;
mod trouble;
mod words;
