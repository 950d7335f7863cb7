//! The commands of Presell: what the window, the command line and the tests can ask of it. Each is an ordinary function
//! of a few lines that calls a domain crate; the request and response types and the errors are the contract.

mod app;
mod backup;
mod backups;
mod catalog;
mod changes;
mod desk;
mod error;
mod files;
mod health;
mod jobs;
mod list;
mod location;
pub mod news;
mod node;
mod notes;
pub mod place;
pub mod preferences;
mod restore;
mod runs;
mod samples;
mod settings;
mod start;
mod status;
mod stores;

pub use app::App;
pub use backup::{BackedUp, BackupDatabase, backup_database};
pub use backups::{BackupView, Backups, list_backups};
pub use catalog::{
    ExcludeProducts, Excluded, Explain, ListCatalog, RefreshCatalog, Refreshed, exclude_products, explain,
    list_catalog, refresh_catalog,
};
pub use changes::{ChangePage, ChangeView, ListChanges, list_changes};
pub use desk::{Desk, Remembered};
pub use error::{Error, Field, Result};
pub use files::{
    ImportFile, Imported, KnownOrders, UndoImport, import_file, import_file_watched, list_imports, undo_import,
};
pub use health::{
    Bell, Check, CheckHealth, Count, Counters, DatabaseView, Finding, FindingKind, Health, HealthOverview, MachineLife,
    MachineView, Remedy, RunReleased, RunsReleased, check_health, does_not_open, health_overview, release_runs,
    show_database,
};
pub use jobs::{
    ComingRun, DueNow, EnableJob, JobSaved, JobSetting, JobView, JobsSwitched, LastRun, ListJobs, ParameterView,
    PreviewJob, RecentRun, RunSkipped, SaveJob, ShowJob, SwitchJob, Turn, ValueChanged, disable_job, enable_job,
    list_jobs, pause_all, pause_job, preview_job, restore_job, resume_all, resume_job, run_due_now, save_job, show_job,
    skip_run, turn,
};
pub use list::{Nothing, Topic};
pub use location::{
    ChooseDataLocation, Chosen, ConnectionTested, DataLocation, TestConnection, choose_data_location, chosen_address,
    show_data_location, test_connection,
};
pub use node::Node;
pub use preferences::{ChangePreference, Preferences, QuietHours, change_preference, list_preferences};
pub use presell_jobs::Clock;
pub use restore::{RestoreDatabase, Restored, restore, restore_database};
pub use runs::{
    FindRuns, ListRuns, LogEntry, Machine, RunAsked, RunJob, RunPage, RunSort, RunStopped, RunView, ShowRun,
    StateCount, find_runs, list_runs, run_job, show_run, start_node, start_run, stop_run,
};
pub use samples::{AddSampleData, SamplesAdded, SamplesRemoved, add_sample_data, remove_sample_data};
pub use settings::{
    ChangeSetting, Setting, SettingChanged, SettingPreview, change_setting, list_settings, preview_setting,
};
pub use start::{FirstStart, finish_first_start, show_first_start};
pub use status::{HouseStatus, MachineState, NextDue, show_status};
pub use stores::{
    AddStore, ChangeStore, ChooseStore, StoreView, Stores, add_store, change_store, choose_store, list_stores,
};
