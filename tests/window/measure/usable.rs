//! From the start of the process until the Pipeline shows its jobs and answers to a key.

use serde_json::{Value, json};

use super::cost::began_ms;
use super::{seed, wait};
use crate::driver::Window;
use crate::machine::App;

/// Notes when the list is there and painted, and when it has answered to what was typed. It runs as soon as the driver has the
/// page; what had happened before then counts from then, so that no figure is better than the truth.
const WATCH: &str = "
    const rows = () => document.querySelectorAll('#list li').length;
    const painted = (then) => requestAnimationFrame(() => setTimeout(then));
    const once = (what, then) => {
        const look = () => what() && (watch.disconnect(), painted(then));
        const watch = new MutationObserver(look);
        watch.observe(document, { subtree: true, childList: true });
        look();
    };
    const [done] = arguments;
    once(() => rows() > 5, () => {
        const shown = Date.now(), all = rows();
        window.answered = new Promise((told) => once(() => rows() > 0 && rows() < all, () => told(Date.now())));
        done({ shown, all });
    });";

pub(crate) fn measure() -> Value {
    let home = seed::busy();
    let window = Window::open(&home);
    let shown = wait(&window, WATCH);
    window.write("Search", "refresh");
    let answered = window.promise("window.answered");
    let began = began_ms(&App::of(window.app()));
    let since = |at: &Value| at.as_f64().unwrap_or(f64::NAN) - began;
    json!({ "shownMs": since(&shown["shown"]), "answeredMs": since(&answered), "rows": shown["all"] })
}
