//! The real window, driven from outside: what only it can show. Everything else is tried in a browser on the same core.
//! Needs a display and a bus of its own; `cargo xtask test --only window` gives it both.

mod display;
mod drag;
mod driver;
mod files;
mod journey;
mod keyboard;
mod life;
mod login;
mod machine;
mod privilege;
mod seed;
mod together;
mod tray;
