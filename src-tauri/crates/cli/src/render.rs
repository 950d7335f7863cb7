//! Answers in words and tables, for people. Each function makes a text and prints nothing.

mod changes;
mod import;
mod jobs;
mod lists;
mod runs;
mod table;
mod why;
mod words;

pub(crate) use changes::refreshed;
pub(crate) use import::{failure, import};
pub(crate) use jobs::{coming_runs, job, job_saved, job_switched, jobs, run_skipped};
pub(crate) use lists::{catalog, health, imports, setting, settings};
pub(crate) use runs::{counts, run, runs};
pub(crate) use why::why;
pub(crate) use words::count;
