//! Closing the window: to the tray where there is one, never out of reach where there is none.

use serde_json::json;

use crate::driver::{Home, Window, until};
use crate::machine::{App, a_desktop_with_a_tray, started_again};

const INVOKE: &str = "window.__TAURI_INTERNALS__.invoke";

#[test]
fn where_nothing_shows_a_tray_the_window_stays() {
    let home = Home::new();
    let window = Window::open(&home);
    window.says("Pipeline");
    let tray = window.promise(&format!("{INVOKE}('shell_status').then((status) => status.tray)"));
    assert_eq!(tray, json!(false), "this desktop shows no tray icons");
    window.promise(&format!("{INVOKE}('close_window')"));
    window.says("Pipeline");
}

#[test]
fn closed_to_the_tray_the_jobs_go_on_with_little_memory_and_the_window_comes_back() {
    let _desktop = a_desktop_with_a_tray();
    let home = Home::new();
    let window = Window::open(&home);
    window.says("Pipeline");
    let app = App::of(window.app());
    assert_eq!(app.web_processes(), 1, "the page is shown by a process of its own");
    let with_window = app.memory();
    home.presell(&["job", "enable", "PS_UPD_CAT_ARRIVAL", "--every", "1s"]);
    window.close();
    until("the window is destroyed, not hidden", || app.web_processes() == 0);
    let finished = || home.presell(&["runs", "--state", "finished"]).as_array().map_or(0, Vec::len);
    let before = finished();
    until("the jobs go on", || finished() >= before + 3);
    // What the engine keeps for a window goes a moment later.
    until("only the app itself is left", || app.family().len() == 1);
    let memory = app.memory();
    println!("with the window {with_window} kB, in the tray {memory} kB");
    assert!(memory * 4 < with_window * 3, "the page's memory is given back: {with_window} kB before, {memory} kB now");
    started_again(&home, "a second start shows the window of the first, and ends");
    until("the window is back, with all that a page needs", || app.family().len() == 3 && app.web_processes() == 1);
}
