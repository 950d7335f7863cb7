//! The icon beside the clock: how the jobs are, and the way back to the window.

use presell_commands::{HouseStatus, Nothing, place};
use tauri::image::Image;
use tauri::menu::{Menu, MenuItem, PredefinedMenuItem};
use tauri::tray::{MouseButton, MouseButtonState, TrayIconBuilder, TrayIconEvent};
use tauri::{AppHandle, Manager, Runtime};

use crate::core::Core;
use crate::{window, work};

/// In colour, since panels are light or dark; macOS tints a drawing without colours itself.
const ICON: &[u8] =
    if cfg!(target_os = "macos") { include_bytes!("../icons/tray.png") } else { include_bytes!("../icons/32x32.png") };

/// The items whose texts change.
struct Items<R: Runtime> {
    status: MenuItem<R>,
    pause: MenuItem<R>,
}

/// Shows the icon. Where that fails, the window is still there.
pub(crate) fn build<R: Runtime>(handle: &AppHandle<R>) {
    if let Err(error) = try_build(handle) {
        tracing::warn!(%error, "there is no tray icon; closing the window makes it small instead");
    }
}

fn try_build<R: Runtime>(handle: &AppHandle<R>) -> tauri::Result<()> {
    let item = |id: &str, text: &str| MenuItem::with_id(handle, id, text, true, None::<&str>);
    let status = MenuItem::with_id(handle, "status", "Presell is starting", false, None::<&str>)?;
    let pause = item("pause", "Pause all jobs")?;
    let menu = Menu::with_items(
        handle,
        &[
            &status,
            &PredefinedMenuItem::separator(handle)?,
            &item("open", "Open Presell")?,
            &item("run-due", "Run due jobs now")?,
            &pause,
            &PredefinedMenuItem::separator(handle)?,
            &item("settings", "Settings…")?,
            &item("quit", "Quit")?,
        ],
    )?;
    TrayIconBuilder::with_id("presell")
        .icon(Image::from_bytes(ICON)?)
        .icon_as_template(cfg!(target_os = "macos"))
        .tooltip("Presell")
        .menu(&menu)
        .show_menu_on_left_click(cfg!(not(windows)))
        .on_menu_event(|handle, event| chosen(handle, event.id.as_ref()))
        .on_tray_icon_event(|tray, event| {
            if let TrayIconEvent::Click { button: MouseButton::Left, button_state: MouseButtonState::Up, .. } = event
                && cfg!(windows)
            {
                window::show(tray.app_handle(), None);
            }
        })
        .build(handle)?;
    handle.manage(Items { status, pause });
    Ok(())
}

fn chosen<R: Runtime>(handle: &AppHandle<R>, id: &str) {
    match id {
        "open" => window::show(handle, None),
        "settings" => window::show(handle, Some("/settings")),
        "quit" => window::ask_to_quit(handle),
        _ => {
            let (handle, id) = (handle.clone(), id.to_owned());
            tauri::async_runtime::spawn(async move {
                if let Err(error) = act(&handle, &id).await {
                    tracing::error!(%error, id, "what was chosen in the tray was not done");
                }
                work::tell(&handle, presell_commands::Topic::ALL);
            });
        }
    }
}

async fn act<R: Runtime>(handle: &AppHandle<R>, id: &str) -> presell_commands::Result<()> {
    let app = handle.state::<Core>().app()?;
    match id {
        "run-due" => presell_commands::run_due_now(&app, Nothing {}).await.map(drop),
        _ if presell_commands::show_status(&app, Nothing {}).await?.paused_together > 0 => {
            presell_commands::resume_all(&app, Nothing {}).await.map(drop)
        }
        _ => presell_commands::pause_all(&app, Nothing {}).await.map(drop),
    }
}

/// Brings the texts up to date, soon.
pub(crate) fn follow<R: Runtime>(handle: &AppHandle<R>) {
    let handle = handle.clone();
    tauri::async_runtime::spawn(async move {
        let Some(items) = handle.try_state::<Items<R>>() else { return };
        let core = handle.state::<Core>();
        let status = match core.app() {
            Ok(app) => presell_commands::show_status(&app, Nothing {}).await,
            Err(error) => Err(error),
        };
        let (text, paused) = match &status {
            Ok(status) => (line(status), status.paused_together > 0),
            Err(error) => (error.to_string(), false),
        };
        let _ = items.status.set_text(text);
        let _ = items.pause.set_text(if paused { "Resume all jobs" } else { "Pause all jobs" });
    });
}

/// How the jobs are, in one line: "8 jobs on, next at 14:15".
fn line(status: &HouseStatus) -> String {
    let on = match (status.jobs_on, status.jobs_paused) {
        (0, 0) => "No job is on".to_owned(),
        (0, 1) => "1 job, paused".to_owned(),
        (0, paused) => format!("{paused} jobs, paused"),
        (1, _) => "1 job on".to_owned(),
        (on, _) => format!("{on} jobs on"),
    };
    if status.failing > 0 {
        return format!("{on}, {} failing", status.failing);
    }
    if status.running > 0 {
        return format!("{on}, {} running", status.running);
    }
    match &status.next {
        Some(next) => format!("{on}, next at {}", next.at.0.with_timezone(&place::zone()).format("%H:%M")),
        None => on,
    }
}

/// The icon is there for the person to see, as far as this can be found out.
pub(crate) fn can_be_seen() -> bool {
    #[cfg(target_os = "linux")]
    return crate::linux::tray_can_be_seen();
    #[cfg(not(target_os = "linux"))]
    true
}
