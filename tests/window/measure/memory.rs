//! Memory with the window and in the tray, and what the tray costs in a minute.

use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use serde_json::{Value, json};

use super::cost::{Effort, parts};
use super::seed;
use crate::driver::{Window, program, until};
use crate::machine::{App, a_desktop_with_a_tray};

/// Until what is freed has gone back to the system.
pub(super) const SETTLED: Duration = Duration::from_secs(10);
const MINUTE: Duration = Duration::from_secs(60);

pub(crate) fn measure() -> Value {
    let _desktop = a_desktop_with_a_tray();
    let home = seed::busy();
    let window = Window::open(&home);
    window.says("Pipeline");
    let app = App::of(window.app());
    sleep(SETTLED);
    let (open, open_parts) = (app.memory(), parts(&app));
    window.close();
    until("the window is destroyed", || app.web_processes() == 0);
    sleep(SETTLED);
    let (tray, tray_parts) = (app.memory(), parts(&app));
    let before = Effort::of(&app);
    sleep(MINUTE);
    let (wake_ups, processor_ms) = Effort::of(&app).since(&before);
    json!({
        "openKb": open, "openParts": open_parts, "trayKb": tray, "trayParts": tray_parts,
        "wakeUps": wake_ups, "processorMs": processor_ms,
    })
}

/// Started at login: the window has never been open.
pub(crate) fn login() -> Value {
    let _desktop = a_desktop_with_a_tray();
    let home = seed::busy();
    let mut start = Command::new(program("presell-desktop"));
    let mut started = start.arg("--hidden").envs(home.environment()).stdout(Stdio::null()).spawn().expect("it starts");
    let app = App::of(started.id());
    sleep(SETTLED);
    let answer = json!({ "trayKb": app.memory(), "trayParts": parts(&app) });
    let _ = started.kill();
    let _ = started.wait();
    answer
}
