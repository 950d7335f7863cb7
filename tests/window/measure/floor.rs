//! The least that a window of this engine costs: WebKitGTK's own MiniBrowser with an empty page.

use std::path::PathBuf;
use std::thread::sleep;
use std::time::Instant;

use serde_json::{Value, json};

use super::memory::SETTLED;
use crate::driver::{Home, Window};
use crate::machine::App;

pub(crate) fn measure() -> Value {
    let home = Home::new();
    drop(open(&home));
    let began = Instant::now();
    let window = open(&home);
    let ready = began.elapsed();
    let app = App::of(window.app());
    sleep(SETTLED);
    json!({ "openKb": app.memory(), "readyMs": ready.as_secs_f64() * 1e3 })
}

fn open(home: &Home) -> Window {
    let window = Window::of(home, &mini_browser(), &["--automation", "about:blank"]);
    window.script("return document.readyState");
    window
}

/// It lies beside the libraries, wherever the system has those.
fn mini_browser() -> PathBuf {
    let folders = ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64", "/usr/libexec", "/usr/lib"];
    let files = folders.iter().map(|folder| PathBuf::from(folder).join("webkit2gtk-4.1/MiniBrowser"));
    files.into_iter().find(|file| file.exists()).expect("WebKitWebDriver came with a MiniBrowser")
}
