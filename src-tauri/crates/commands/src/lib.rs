//! The commands of Presell: what the window, the command line and the tests can ask of it. Each is an ordinary function
//! of a few lines that calls a domain crate; the request and response types and the errors are the contract.

mod app;
mod backup;
mod catalog;
mod error;
mod files;
mod health;
mod list;
mod restore;
mod settings;

pub use app::{App, Clock};
pub use backup::{BackedUp, BackupDatabase, backup_database};
pub use catalog::{
    ExcludeProducts, Excluded, Explain, ListCatalog, RefreshCatalog, Refreshed, exclude_products, explain,
    list_catalog, refresh_catalog,
};
pub use error::{Error, Result};
pub use files::{ImportFile, KnownOrders, UndoImport, import_file, import_file_watched, list_imports, undo_import};
pub use health::{Check, CheckHealth, Health, check_health, does_not_open};
pub use list::{Nothing, Topic};
pub use restore::{RestoreDatabase, Restored, restore, restore_database};
pub use settings::{ChangeSetting, Setting, SettingChanged, change_setting, list_settings};
