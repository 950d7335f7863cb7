//! Whether Presell starts, without a window, when the person logs in. Off until somebody says so.

use presell_commands::{Error, Result};
use tauri::{AppHandle, Runtime};
use tauri_plugin_autostart::ManagerExt;

/// Switches it, or with none only tells; answers how it is now.
#[tauri::command]
pub(crate) async fn start_at_login<R: Runtime>(handle: AppHandle<R>, on: Option<bool>) -> Result<bool> {
    let login = handle.autolaunch();
    let failed = |error: tauri_plugin_autostart::Error| {
        Error::refused(format!("The system does not let Presell change what starts at login: {error}."))
    };
    match on {
        Some(true) => login.enable().map_err(failed)?,
        // Nothing to take away is no failure.
        Some(false) if login.is_enabled().unwrap_or(false) => login.disable().map_err(failed)?,
        _ => {}
    }
    login.is_enabled().map_err(failed)
}
