//! The questions, one file each.

mod cost;
mod floor;
mod memory;
mod search;
mod seed;
mod usable;

pub(crate) use floor::measure as floor;
pub(crate) use memory::{login, measure as memory};
pub(crate) use search::measure as search;
pub(crate) use usable::measure as usable;

use serde_json::{Value, json};

use crate::driver::Window;

/// What a script comes to that calls its only argument.
fn wait(window: &Window, script: &str) -> Value {
    window.post("/execute/async", &json!({ "script": script, "args": [] }))
}
