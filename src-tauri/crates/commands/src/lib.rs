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
mod purchasing;
mod restore;
mod runs;
mod samples;
mod settings;
mod shops;
mod start;
mod status;
mod stores;

pub use app::App;
pub use backup::{BackedUp, BackupDatabase, backup_database};
pub use backups::{BackupView, Backups, list_backups};
pub use catalog::{
    BrakeState, BrowseCatalog, BrowsedCatalog, CatalogExported, CheckWords, ExcludeProducts, Excluded, Explain,
    Explained, ExportCatalog, InShops, LeftOutWords, ListCatalog, ReasonWords, RefreshCatalog, Refreshed, ShopColumn,
    ShowComing, StoppedRun, TermWords, WhatIf, Words, WorkOutReasons, brake_state, browse_catalog, catalog_in_shops,
    catalog_words, coming, exclude_products, explain, export_catalog, list_catalog, refresh_catalog, what_if,
    work_out_reasons,
};
pub use changes::{ChangePage, ChangeView, ListChanges, list_changes};
pub use desk::{Desk, Remembered};
pub use error::{Error, Field, Result};
pub use files::{
    ExportRejects, ForgetMapping, ImportFile, ImportProblems, Imported, InspectFile, KnownOrders, ListImportProblems,
    ListMappings, ListReviewLines, ListReviewOrders, RejectsExported, Reviewed, SavedMapping, ShowWork, UndoImport,
    Work, Works, export_rejects, forget_mapping, import_file, import_file_watched, inspect_file, list_import_problems,
    list_imports, list_mappings, list_review_lines, list_review_orders, review_import, save_mapping, show_work,
    stop_work, undo_import,
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
pub use presell_imports::inspect::Inspected;
pub use presell_imports::purchasing::{
    Entry as HistoryEntry, ListOrders as ListPurchaseOrders, OrderView as PurchaseOrderView, Orders as PurchaseOrders,
    ShowOrder as ShowPurchaseOrder,
};
pub use presell_imports::review::{Lines as ReviewLines, OrderGroups as ReviewOrders};
pub use presell_jobs::Clock;
pub use presell_shops::diff::Difference;
pub use presell_shops::drift::DriftReport;
pub use presell_shops::link::Linked;
pub use presell_shops::matrix::Matrix;
pub use purchasing::{
    ChangeLine, ChangePurchaseOrder, LineChanged, OrderChanged, PurchaseOrderHistory, ReceiveGoods, TakeBackChange,
    change_line, change_purchase_order, list_purchase_orders, purchase_order_history, receive_goods,
    show_purchase_order, take_back_change,
};
pub use restore::{RestoreDatabase, Restored, restore, restore_database};
pub use runs::{
    FindRuns, ListRuns, LogEntry, Machine, RunAsked, RunJob, RunPage, RunSort, RunStopped, RunView, ShowRun,
    StateCount, find_runs, list_runs, run_job, show_run, start_run, stop_run,
};
pub use samples::{AddSampleData, SamplesAdded, SamplesRemoved, add_sample_data, remove_sample_data};
pub use settings::{
    ChangeSetting, Setting, SettingChanged, SettingPreview, change_setting, list_settings, preview_setting,
};
pub use shops::{
    AddShop, BrowseShop, ChangeShop, NamedShop, ShopSynced, ShopTested, ShopView, SyncShop, add_shop, browse_shop,
    change_shop, check_drift, diff_shop, link_shop, list_shops, remove_shop, sync_shop, test_shop,
};
pub use start::{FirstStart, finish_first_start, show_first_start};
pub use status::{HouseStatus, MachineState, NextDue, show_status};
pub use stores::{
    AddStore, ChangeStore, ChooseStore, StoreView, Stores, add_store, change_store, choose_store, list_stores,
};
