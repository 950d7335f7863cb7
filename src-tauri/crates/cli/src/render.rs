//! Answers in words and tables, for people. Each function makes a text and prints nothing.

mod changes;
mod import;
mod in_shops;
mod jobs;
mod lists;
mod runs;
mod shops;
mod table;
mod why;
mod words;

pub(crate) use changes::refreshed;
pub(crate) use import::{failure, import};
pub(crate) use jobs::{coming_runs, job, job_saved, job_switched, jobs, run_skipped};
pub(crate) use lists::{catalog, health, imports, setting, settings};
pub(crate) use runs::{counts, run, runs};
pub(crate) use shops::{
    shop_added, shop_changed, shop_diff, shop_drift, shop_linked, shop_matrix, shop_synced, shop_tested, shops,
};
pub(crate) use why::why;
pub(crate) use words::count;
