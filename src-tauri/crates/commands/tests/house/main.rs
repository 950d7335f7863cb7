//! The house as a person keeps it: health, pausing, rules and what they change, stores, where the data lives, the first start
//! and sample data. Each test on both databases.
#![expect(clippy::unwrap_used, reason = "what a test cannot do without fails it")]

mod health;
mod location;
mod samples;
mod settings;
mod stores;
mod support;
mod switches;
