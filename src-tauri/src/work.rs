//! The scheduler at work in this process, window or not: opens the database (again, when it is away), runs the jobs, and
//! passes on what happens to the page, the tray and the person.

use std::sync::Arc;
use std::time::Duration;

use presell_commands::{App, Node, Result, Topic, news, place};
use presell_scheduler::machine::NodeKind;
use serde_json::json;
use tauri::async_runtime::{JoinHandle, spawn};
use tauri::{AppHandle, Emitter, Manager, Runtime, State};

use crate::core::Core;
use crate::{notices, tray};

/// The event that the page listens to.
const CHANGED: &str = "changed";
/// Runs may go on for so long after Quit; what is not done then is handed back.
const GRACE: Duration = Duration::from_secs(4);
const SLOTS: i64 = 2;
/// Between two tries to open the database.
const AGAIN: Duration = Duration::from_secs(5);

/// Starts to work in the background, until Quit.
pub(crate) fn start<R: Runtime>(handle: &AppHandle<R>) -> JoinHandle<()> {
    let handle = handle.clone();
    spawn(async move {
        loop {
            match one_database(&handle).await {
                Ok(Ending::Quit) => return handle.exit(0),
                Ok(Ending::Another) => {}
                Err(error) => {
                    tracing::error!(%error, "the database does not open");
                    handle.state::<Core>().closed(error.to_string());
                    notices::look(&handle);
                    tray::follow(&handle);
                    tell(&handle, Topic::ALL);
                    let core = handle.state::<Core>();
                    tokio::select! {
                        () = core.quit.notified() => return handle.exit(0),
                        () = core.reopen.notified() => {}
                        () = tokio::time::sleep(AGAIN) => {}
                    }
                }
            }
        }
    })
}

/// A command has made `topics` stale: tells the page, and everybody else on the database.
pub(crate) async fn wrote<R: Runtime>(handle: &AppHandle<R>, app: &App, topics: &[Topic]) {
    if !topics.is_empty() {
        tell(handle, topics);
        app.changed().await;
    }
}

/// Tells the page, if there is one, what became stale.
pub(crate) fn tell<R: Runtime>(handle: &AppHandle<R>, topics: &[Topic]) {
    if topics.is_empty() {
        return;
    }
    if let Err(error) = handle.emit(CHANGED, json!({ "topics": topics })) {
        tracing::debug!(%error, "the page was not told");
    }
    tray::follow(handle);
}

/// Why work on one database ended.
enum Ending {
    Quit,
    Another,
}

async fn one_database<R: Runtime>(handle: &AppHandle<R>) -> Result<Ending> {
    let core: State<'_, Core> = handle.state();
    let app: Arc<App> = Arc::new(place::open_again().await?);
    let mut node = Node::start(&app, NodeKind::Desktop, SLOTS, GRACE).await?;
    core.opened(app.clone());
    notices::look(handle);
    tell(handle, Topic::ALL);
    tracing::info!(node = node.id(), database = %app.address, "at work");
    let ending = loop {
        tokio::select! {
            event = node.next() => {
                let event = event?;
                notices::follow(handle, &app, &event).await;
                tell(handle, news::topics(&event));
            }
            () = core.quit.notified() => break Ending::Quit,
            () = core.reopen.notified() => break Ending::Another,
        }
    };
    core.closed("Presell is closing its database.".to_owned());
    let stopped = node.stop().await;
    tracing::info!(ended = stopped.ended, handed_back = stopped.handed_back, "stopped");
    app.db.close().await;
    Ok(ending)
}

/// Opens the database again: another one was chosen, or somebody does not want to wait.
#[tauri::command]
pub(crate) async fn reopen(core: State<'_, Core>) -> Result<()> {
    core.reopen.notify_one();
    Ok(())
}
