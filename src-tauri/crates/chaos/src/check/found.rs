//! What one rule found.

use serde::Serialize;

/// How many examples are kept; enough to start looking.
const EXAMPLES: usize = 5;

/// One rule and what broke it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Found {
    /// The invariant, S1 to S6.
    pub rule: &'static str,
    /// What is counted.
    pub what: &'static str,
    /// How many.
    pub count: u64,
    /// Some of them.
    pub examples: Vec<String>,
}

impl Found {
    /// Nothing yet.
    pub fn none(rule: &'static str, what: &'static str) -> Found {
        Found { rule, what, count: 0, examples: Vec::new() }
    }

    /// One more.
    pub fn add(&mut self, example: impl FnOnce() -> String) {
        self.add_many(1, example);
    }

    /// So many more, of one kind.
    pub fn add_many(&mut self, count: u64, example: impl FnOnce() -> String) {
        self.count += count;
        if count > 0 && self.examples.len() < EXAMPLES {
            self.examples.push(example());
        }
    }
}
