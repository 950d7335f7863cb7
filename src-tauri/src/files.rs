//! Files that the person chooses. The dialogs are the system's; the page only gets the path.

use std::path::PathBuf;

use presell_commands::{Error, Result};
use tauri::{AppHandle, Runtime};
use tauri_plugin_dialog::{DialogExt, FilePath};

/// What the imports read.
const READABLE: &[&str] = &["csv", "tsv", "txt", "xlsx", "xls", "ods", "json"];

/// Asks for a file to read, or for a folder; none: the person changed their mind.
#[tauri::command]
pub(crate) async fn pick_file<R: Runtime>(handle: AppHandle<R>, kind: Option<String>) -> Result<Option<PathBuf>> {
    let dialog = handle.dialog().file();
    let dialog = match kind.as_deref() {
        Some("backup") => dialog.set_title("Choose a backup"),
        Some("folder") => dialog.set_title("Choose a folder"),
        _ => dialog.set_title("Choose a file to import").add_filter("Tables", READABLE),
    };
    let (tell, told) = tokio::sync::oneshot::channel();
    let tell = |picked| tell.send(picked).unwrap_or_default();
    match kind.as_deref() {
        Some("folder") => dialog.pick_folder(tell),
        _ => dialog.pick_file(tell),
    }
    path(told.await.ok().flatten())
}

/// Asks where to write a file; none: the person changed their mind.
#[tauri::command]
pub(crate) async fn pick_target<R: Runtime>(handle: AppHandle<R>, name: String) -> Result<Option<PathBuf>> {
    let (tell, told) = tokio::sync::oneshot::channel();
    handle.dialog().file().set_file_name(name).save_file(|picked| tell.send(picked).unwrap_or_default());
    path(told.await.ok().flatten())
}

fn path(picked: Option<FilePath>) -> Result<Option<PathBuf>> {
    let path = picked.map(FilePath::into_path).transpose();
    path.map_err(|error| Error::refused(format!("This file is not on this computer: {error}.")))
}
