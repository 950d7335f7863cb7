//! The commands of Presell: what the window, the command line and the tests can ask of it. Each is an ordinary function
//! of a few lines that calls a domain crate; the request and response types and the errors are the contract.

mod app;
mod backup;
mod catalog;
mod error;
mod files;
mod health;
mod jobs;
mod list;
pub mod news;
mod node;
pub mod place;
mod restore;
mod runs;
mod settings;

pub use app::App;
pub use backup::{BackedUp, BackupDatabase, backup_database};
pub use catalog::{
    ExcludeProducts, Excluded, Explain, ListCatalog, RefreshCatalog, Refreshed, exclude_products, explain,
    list_catalog, refresh_catalog,
};
pub use error::{Error, Field, Result};
pub use files::{
    ImportFile, Imported, KnownOrders, UndoImport, import_file, import_file_watched, list_imports, undo_import,
};
pub use health::{Check, CheckHealth, Health, check_health, does_not_open};
pub use jobs::{
    ComingRun, EnableJob, JobSaved, JobSetting, JobView, LastRun, ListJobs, ParameterView, PreviewJob, RecentRun, RunSkipped,
    SaveJob, ShowJob, SwitchJob, Turn, ValueChanged, disable_job, enable_job, list_jobs, pause_job, preview_job,
    restore_job, resume_job, save_job, show_job, skip_run, turn,
};
pub use list::{Nothing, Topic};
pub use node::Node;
pub use presell_jobs::Clock;
pub use restore::{RestoreDatabase, Restored, restore, restore_database};
pub use runs::{
    FindRuns, ListRuns, LogEntry, Machine, RunAsked, RunJob, RunPage, RunSort, RunStopped, RunView, ShowRun, StateCount, find_runs, list_runs, run_job, show_run, start_node, start_run,
    stop_run,
};
pub use settings::{ChangeSetting, Setting, SettingChanged, change_setting, list_settings};
