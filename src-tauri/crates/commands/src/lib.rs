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
mod purchasing;
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
    Desk, ExportRejects, ForgetMapping, ImportFile, ImportProblems, Imported, InspectFile, KnownOrders,
    ListImportProblems, ListMappings, ListReviewLines, ListReviewOrders, RejectsExported, Reviewed,
    SavedMapping, ShowWork, UndoImport, Work, export_rejects, forget_mapping, import_file, import_file_watched,
    inspect_file, list_import_problems, list_imports, list_mappings, list_review_lines, list_review_orders,
    review_import, save_mapping, show_work, stop_work, undo_import,
};
pub use health::{Check, CheckHealth, Health, check_health, does_not_open};
pub use jobs::{
    ComingRun, EnableJob, JobSaved, JobSetting, JobView, LastRun, ListJobs, ParameterView, PreviewJob, RunSkipped,
    SaveJob, ShowJob, SwitchJob, Turn, ValueChanged, disable_job, enable_job, list_jobs, pause_job, preview_job,
    restore_job, resume_job, save_job, show_job, skip_run, turn,
};
pub use list::{Nothing, Topic};
pub use node::Node;
pub use presell_jobs::Clock;
pub use presell_imports::inspect::Inspected;
pub use presell_imports::purchasing::{
    Entry as HistoryEntry, ListOrders as ListPurchaseOrders, OrderView as PurchaseOrderView, Orders as PurchaseOrders,
    ShowOrder as ShowPurchaseOrder,
};
pub use presell_imports::review::{Lines as ReviewLines, OrderGroups as ReviewOrders};
pub use purchasing::{
    ChangeLine, ChangePurchaseOrder, LineChanged, OrderChanged, PurchaseOrderHistory, ReceiveGoods, TakeBackChange,
    change_line, change_purchase_order, list_purchase_orders, purchase_order_history, receive_goods,
    show_purchase_order, take_back_change,
};
pub use restore::{RestoreDatabase, Restored, restore, restore_database};
pub use runs::{
    ListRuns, LogEntry, Machine, RunJob, RunStopped, RunView, ShowRun, list_runs, run_job, show_run, start_node,
    stop_run,
};
pub use settings::{ChangeSetting, Setting, SettingChanged, change_setting, list_settings};
