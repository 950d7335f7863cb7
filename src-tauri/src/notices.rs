//! What the person is told without having asked: a job that fails, goes well again, or was cut short. Never a success.

use std::sync::Mutex;

use presell_commands::{App, Nothing, Turn, list_preferences, place, turn};
use presell_scheduler::engine::Event;
use presell_scheduler::runs;
use tauri::{AppHandle, Emitter, Manager, Runtime};
use tauri_plugin_notification::NotificationExt;

/// Notices for a window that is not there yet.
#[derive(Default)]
struct Waiting(Mutex<Vec<String>>);

/// Notices kept for the page; older ones are in the history anyway.
const KEPT: usize = 20;

/// Tells the person what `event` means to them, if anything.
pub(crate) async fn follow<R: Runtime>(handle: &AppHandle<R>, app: &App, event: &Event) {
    match event {
        Event::Ended { run, .. } => {
            let Ok(Some(run)) = runs::find(&app.db, *run).await else { return };
            let Some(turned) = turn(app, &run).await.ok().flatten() else { return };
            let time = place::machine_time().with_timezone(&place::zone()).time();
            if !list_preferences(app, Nothing {}).await.unwrap_or_default().may_tell(turned, time) {
                return;
            }
            let label = label(&run.job_id);
            match turned {
                Turn::Failing => {
                    let why = run.error.or(run.reason).unwrap_or_default();
                    tell(handle, &format!("{label} fails"), &format!("{why} Open its history to see what to do."));
                }
                Turn::Recovered => tell(handle, &format!("{label} works again"), "Its last run went well."),
            }
        }
        Event::Recovered { run, from } => {
            let job = runs::find(&app.db, *run).await.ok().flatten().map(|run| run.job_id).unwrap_or_default();
            let text = format!(
                "A run of \"{}\" was cut short, because {from} ended without a word. Nothing is lost: it is tried again.",
                label(&job)
            );
            keep(handle, text);
        }
        Event::DatabaseAway { cause } => tell(handle, "The database does not answer", cause),
        Event::DatabaseBack => tell(handle, "The database answers again", "The jobs go on."),
        _ => {}
    }
}

fn label(job: &str) -> &str {
    presell_jobs::find(job).map_or(job, |job| job.label)
}

/// A notification of the system. Where there is none, the window tells.
fn tell<R: Runtime>(handle: &AppHandle<R>, title: &str, text: &str) {
    // The tests' mock has no notifications.
    if handle.try_state::<tauri_plugin_notification::Notification<R>>().is_none() {
        return;
    }
    if let Err(error) = handle.notification().builder().title(title).body(text).group("jobs").show() {
        tracing::debug!(%error, title, "no notification was shown");
    }
}

fn keep<R: Runtime>(handle: &AppHandle<R>, text: String) {
    handle.manage(Waiting::default());
    let waiting = handle.state::<Waiting>();
    if let Ok(mut waiting) = waiting.0.lock() {
        waiting.push(text);
        let old = waiting.len().saturating_sub(KEPT);
        waiting.drain(..old);
    }
    look(handle);
}

/// Tells the page that there is something new to say about the program itself.
pub(crate) fn look<R: Runtime>(handle: &AppHandle<R>) {
    // A page that is not there yet asks when it is.
    let _ = handle.emit("noticed", ());
}

/// What waits for the page, which shows it now.
pub(crate) fn take<R: Runtime>(handle: &AppHandle<R>) -> Vec<String> {
    let waiting = handle.try_state::<Waiting>();
    waiting.and_then(|waiting| waiting.0.lock().ok().map(|mut texts| std::mem::take(&mut *texts))).unwrap_or_default()
}

/// Says once, ever, that closing the window does not stop the jobs.
pub(crate) fn first_close<R: Runtime>(handle: &AppHandle<R>) {
    let Ok(folder) = handle.path().app_config_dir() else { return };
    let mark = folder.join("told-about-the-tray");
    let said = std::fs::create_dir_all(&folder).is_ok() && mark.exists();
    if !said && std::fs::write(&mark, "").is_ok() {
        tell(handle, "Presell keeps working", "The jobs go on. Open the window again, or quit, from the tray icon.");
    }
}
