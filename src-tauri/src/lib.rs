//! The shell of the desktop app: a window, a tray, and the scheduler at work behind both. Adapters only: what Presell does is
//! in the crates under `crates/`, which know nothing of Tauri.

mod autostart;
mod commands;
mod core;
mod files;
#[cfg(target_os = "linux")]
mod linux;
mod logs;
mod notices;
mod tray;
mod window;
mod work;

use std::process::ExitCode;

use tauri::{Builder, Manager, RunEvent, Runtime, WindowEvent};

pub use crate::core::Core;

/// Started at login: no window, only the tray.
pub const HIDDEN: &str = "--hidden";

/// Runs the app until it is quit.
pub fn run() -> ExitCode {
    let _kept = logs::start();
    #[cfg(target_os = "linux")]
    linux::mend_blank_windows();
    let builder = Builder::default()
        // First: a second start must end before it opens anything.
        .plugin(tauri_plugin_single_instance::init(|app, _, _| window::show(app, None)))
        .plugin(tauri_plugin_autostart::Builder::new().args([HIDDEN]).build())
        .plugin(tauri_plugin_dialog::init())
        .plugin(tauri_plugin_notification::init())
        .plugin(window::places());
    let app = match build(builder).build(tauri::generate_context!()) {
        Ok(app) => app,
        Err(error) => {
            tracing::error!(%error, "the window system did not let Presell start");
            eprintln!("Presell cannot open a window here: {error}. Without one, use: presell daemon");
            return ExitCode::FAILURE;
        }
    };
    app.run(|app, event| match event {
        // The last window is gone, but the jobs go on. Only Quit carries a code.
        RunEvent::ExitRequested { api, code: None, .. } => api.prevent_exit(),
        // macOS: a click on the icon in the dock.
        #[cfg(target_os = "macos")]
        RunEvent::Reopen { .. } => window::show(app, None),
        _ => {
            let _ = app;
        }
    });
    ExitCode::SUCCESS
}

/// What every Presell has, on whichever runtime: the commands, the core behind them, the tray and the life of the window.
pub fn build<R: Runtime>(builder: Builder<R>) -> Builder<R> {
    builder
        .manage(Core::default())
        .invoke_handler(commands::handler())
        .on_window_event(|window, event| match event {
            WindowEvent::CloseRequested { api, .. } => window::on_close(window, api),
            WindowEvent::Destroyed => window::on_gone(window.app_handle()),
            _ => {}
        })
        .setup(|app| {
            let handle = app.handle().clone();
            tray::build(&handle);
            work::start(&handle);
            if !std::env::args().any(|argument| argument == HIDDEN) || !tray::can_be_seen() {
                window::show(&handle, None);
            }
            Ok(())
        })
}
