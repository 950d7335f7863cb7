//! The app as the computer sees it: processes, memory, the bus and the windows of the display.

use std::fs;
use std::process::{Child, Command, Stdio};

use crate::driver::{Home, until};

/// Shows tray icons, as far as a program asks: the watcher of status icons on the bus. Until it is dropped.
pub(crate) fn a_desktop_with_a_tray() -> zbus::blocking::Connection {
    let watcher = zbus::blocking::connection::Builder::session()
        .and_then(|bus| bus.name("org.kde.StatusNotifierWatcher"))
        .and_then(|bus| bus.serve_at("/StatusNotifierWatcher", Watcher))
        .and_then(|bus| bus.build());
    watcher.expect("the test has a bus of its own")
}

struct Watcher;

#[zbus::interface(name = "org.kde.StatusNotifierWatcher")]
impl Watcher {
    #[zbus(property)]
    fn is_status_notifier_host_registered(&self) -> bool {
        true
    }

    #[zbus(property)]
    fn registered_status_notifier_items(&self) -> Vec<String> {
        Vec::new()
    }

    #[zbus(property)]
    fn protocol_version(&self) -> i32 {
        0
    }

    fn register_status_notifier_item(&self, _service: &str) {}
}

/// The app as it is started at login. Ends with this value.
pub(crate) struct Hidden(Child);

impl Hidden {
    pub(crate) fn start(home: &Home) -> Hidden {
        let mut app = Command::new(env!("CARGO_BIN_EXE_presell-desktop"));
        Hidden(app.arg("--hidden").envs(home.environment()).stdout(Stdio::null()).spawn().expect("the app starts"))
    }

    pub(crate) fn app(&self) -> App {
        App(self.0.id())
    }
}

impl Drop for Hidden {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Starts the app while it is there already, and waits until that start has ended.
pub(crate) fn started_again(home: &Home, rule: &str) {
    let mut app = Command::new(env!("CARGO_BIN_EXE_presell-desktop"));
    let mut app = app.envs(home.environment()).stdout(Stdio::null()).spawn().expect("the app starts");
    until(rule, || app.try_wait().is_ok_and(|ended| ended.is_some()));
}

/// The app, by the id of its process.
pub(crate) struct App(u32);

impl App {
    pub(crate) fn of(id: u32) -> App {
        App(id)
    }

    /// Processes that show pages.
    pub(crate) fn web_processes(&self) -> usize {
        let of = |id: &u32| fs::read_to_string(format!("/proc/{id}/comm")).unwrap_or_default();
        self.family().iter().filter(|id| of(id).starts_with("WebKitWebProces")).count()
    }

    /// Memory of all its processes in kB; what several share is counted in parts.
    pub(crate) fn memory(&self) -> u64 {
        self.family().into_iter().map(memory).sum()
    }

    /// Itself and its descendants.
    pub(crate) fn family(&self) -> Vec<u32> {
        let mut family = vec![self.0];
        let mut next = 0;
        while let Some(id) = family.get(next) {
            let tasks = fs::read_dir(format!("/proc/{id}/task")).into_iter().flatten().flatten();
            let children = tasks.filter_map(|task| fs::read_to_string(task.path().join("children")).ok());
            let children: Vec<u32> = children.flat_map(|text| numbers(&text)).collect();
            family.extend(children);
            next += 1;
        }
        family
    }
}

/// Of one process, in kB.
pub(crate) fn memory(id: u32) -> u64 {
    let rollup = fs::read_to_string(format!("/proc/{id}/smaps_rollup")).unwrap_or_default();
    let line = rollup.lines().find_map(|line| line.strip_prefix("Pss:")).unwrap_or_default().trim();
    line.split_whitespace().next().and_then(|number| number.parse::<u64>().ok()).unwrap_or(0)
}

fn numbers(text: &str) -> Vec<u32> {
    text.split_whitespace().filter_map(|number| number.parse().ok()).collect()
}
