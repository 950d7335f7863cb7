//! The only window: built on demand, destroyed when it is closed, and back where it was.

use presell_commands::Result;
use serde::Serialize;
use tauri::plugin::TauriPlugin;
use tauri::{
    AppHandle, CloseRequestApi, Emitter, Manager, Runtime, State, WebviewUrl, WebviewWindow, WebviewWindowBuilder,
    Window,
};
use tauri_plugin_window_state::StateFlags;

use crate::core::Core;
use crate::{notices, tray};

/// Its label; the capabilities name it.
const MAIN: &str = "main";
/// Asks the page whether what is not saved may be lost.
const CLOSE_ASKED: &str = "close-asked";

/// Keeps the size and the place of the window. Wayland lets no program choose a place.
pub(crate) fn places<R: Runtime>() -> TauriPlugin<R> {
    tauri_plugin_window_state::Builder::new().with_state_flags(StateFlags::all() & !StateFlags::VISIBLE).build()
}

/// Shows the window, at `fragment` or where it was.
pub(crate) fn show<R: Runtime>(handle: &AppHandle<R>, fragment: Option<&str>) {
    if let Some(window) = handle.get_webview_window(MAIN) {
        if let Some(fragment) = fragment {
            let _ = window.emit("go", fragment);
        }
        return focus(&window);
    }
    // Apart: a second start is told on the very bus that is asked here.
    let asking = handle.clone();
    std::thread::spawn(move || asking.state::<Core>().set_tray(tray::can_be_seen()));
    let kept = handle.state::<Core>().place();
    let page = match fragment.or(kept.as_deref()) {
        Some(fragment) => format!("index.html#{fragment}"),
        None => "index.html".to_owned(),
    };
    let built = WebviewWindowBuilder::new(handle, MAIN, WebviewUrl::App(page.into()))
        .title("Presell")
        .inner_size(1280.0, 860.0)
        .min_inner_size(360.0, 480.0)
        .build();
    match built {
        Ok(window) => focus(&window),
        Err(error) => tracing::error!(%error, "the window does not open"),
    }
}

fn focus<R: Runtime>(window: &WebviewWindow<R>) {
    // A window manager that refuses leaves the window where it is.
    let _ = window.unminimize();
    let _ = window.show();
    let _ = window.set_focus();
}

/// The person closes the window. The jobs go on; without a tray to come back from, the window only gets small.
pub(crate) fn on_close<R: Runtime>(window: &Window<R>, api: &CloseRequestApi) {
    let core: State<'_, Core> = window.state();
    if core.unsaved() {
        api.prevent_close();
        let _ = window.emit(CLOSE_ASKED, "close");
        return;
    }
    if tray::can_be_seen() {
        keep_place(window);
        notices::first_close(window.app_handle());
    } else {
        api.prevent_close();
        let _ = window.minimize();
    }
}

/// The window is gone. What the engine keeps of it is let go after a while, unless there is a window again by then.
pub(crate) fn on_gone<R: Runtime>(handle: &AppHandle<R>) {
    #[cfg(target_os = "linux")]
    {
        let handle = handle.clone();
        tauri::async_runtime::spawn(async move {
            tokio::time::sleep(crate::linux::memory::UNTIL_WRITTEN).await;
            let asking = handle.clone();
            // Where windows are built, too: so that none is begun meanwhile.
            let _ = handle.run_on_main_thread(move || {
                if asking.get_webview_window(MAIN).is_none() {
                    crate::linux::memory::give_back();
                }
            });
        });
    }
    #[cfg(not(target_os = "linux"))]
    let _ = handle;
}

fn keep_place<R: Runtime>(window: &Window<R>) {
    let url = window.get_webview_window(window.label()).and_then(|webview| webview.url().ok());
    window.state::<Core>().keep_place(url.and_then(|url| url.fragment().map(ToOwned::to_owned)));
}

/// What the page should know of the program around it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ShellStatus {
    version: &'static str,
    /// Closed, the window can be had back from the tray.
    tray: bool,
    /// Why there is no data on the screen; none: there is.
    trouble: Option<String>,
    /// What happened while nobody looked, oldest first; told once.
    notices: Vec<String>,
}

#[tauri::command]
pub(crate) async fn shell_status<R: Runtime>(handle: AppHandle<R>, core: State<'_, Core>) -> Result<ShellStatus> {
    Ok(ShellStatus {
        version: env!("CARGO_PKG_VERSION"),
        tray: core.tray(),
        trouble: core.trouble(),
        notices: notices::take(&handle),
    })
}

/// The page has something that is not saved, or has not any more.
#[tauri::command]
pub(crate) async fn set_unsaved(core: State<'_, Core>, unsaved: bool) -> Result<()> {
    core.set_unsaved(unsaved);
    Ok(())
}

/// The person chose to leave what is not saved: closes the window.
#[tauri::command]
pub(crate) async fn close_window<R: Runtime>(window: WebviewWindow<R>, core: State<'_, Core>) -> Result<()> {
    core.set_unsaved(false);
    let _ = window.close();
    Ok(())
}

/// Ends the program, after what runs is finished or handed back.
#[tauri::command]
pub(crate) async fn quit(core: State<'_, Core>) -> Result<()> {
    core.set_unsaved(false);
    core.quit.notify_one();
    Ok(())
}

/// Quit from the tray: asks the page first if something is not saved.
pub(crate) fn ask_to_quit<R: Runtime>(handle: &AppHandle<R>) {
    let core: State<'_, Core> = handle.state();
    match handle.get_webview_window(MAIN).filter(|_| core.unsaved()) {
        Some(window) => {
            focus(&window);
            let _ = window.emit(CLOSE_ASKED, "quit");
        }
        None => core.quit.notify_one(),
    }
}
