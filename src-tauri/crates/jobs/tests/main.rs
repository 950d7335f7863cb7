//! The jobs, defined and at work on both databases.
#![expect(clippy::unwrap_used, reason = "what a test cannot do without fails it")]

mod definitions;
