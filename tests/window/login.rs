//! Starting with the computer: from a box in Settings to an app that works without a window.

use std::fs;
use std::path::PathBuf;

use crate::display::Display;
use crate::driver::{Home, Window, until};
use crate::machine::{Hidden, a_desktop_with_a_tray, started_again};

#[test]
fn the_box_in_settings_writes_and_removes_what_starts_the_app_at_login() {
    let home = Home::new();
    let window = Window::open(&home);
    window.says("First steps");
    window.go("#/settings?section=notifications");
    // By key: what is still being loaded above must not push the box away from under a mouse.
    window.find("input[type=checkbox]", "Start with this computer");
    window.tab_to("Start with this computer");
    window.keys(" ");
    let mut entry = None;
    until("the desktop starts it at login", || {
        entry = at_login(&home);
        entry.is_some()
    });
    let text = fs::read_to_string(entry.expect("it is there")).expect("whoever logs in reads it");
    let command = text.lines().find_map(|line| line.strip_prefix("Exec=")).unwrap_or_default();
    assert!(command.ends_with("presell-desktop --hidden"), "it starts without a window: {text}");
    window.keys(" ");
    until("nothing starts at login any more", || at_login(&home).is_none());
}

fn at_login(home: &Home) -> Option<PathBuf> {
    let entries = fs::read_dir(home.path().join(".config/autostart")).ok()?;
    entries.flatten().map(|entry| entry.path()).find(|path| path.extension().is_some_and(|kind| kind == "desktop"))
}

#[test]
fn started_hidden_it_shows_no_window_and_does_its_jobs_until_it_is_wanted() {
    let _desktop = a_desktop_with_a_tray();
    let home = Home::new();
    home.presell(&["job", "enable", "PS_UPD_CAT_ARRIVAL", "--every", "1s"]);
    let app = Hidden::start(&home);
    let finished = || home.presell(&["runs", "--state", "finished"]).as_array().map_or(0, Vec::len);
    until("the jobs are done", || finished() >= 2);
    let display = Display::open();
    assert_eq!(display.visible("Presell"), None, "no window is shown to who has just logged in");
    assert_eq!(app.app().web_processes(), 0, "and none is hidden");
    started_again(&home, "a second start shows the window of the first, and ends");
    display.window("Presell");
    assert_eq!(app.app().web_processes(), 1, "the window is the first one's");
}
