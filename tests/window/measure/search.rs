//! In the history of 10,000 runs: from a key to the list that answers to it.

use serde_json::{Value, json};

use super::{seed, wait};
use crate::driver::Window;

const SEARCHES: usize = 20;
/// From the newest key on, until one row is left and painted.
const WATCH: &str = "
    window.answered = new Promise((told) => {
        let typed;
        const key = () => (typed = performance.now());
        const look = () => typed && document.querySelectorAll('#list li').length === 1 && (
            watch.disconnect(), removeEventListener('keydown', key, true),
            requestAnimationFrame(() => setTimeout(() => told(performance.now() - typed))));
        addEventListener('keydown', key, true);
        const watch = new MutationObserver(look);
        watch.observe(document.querySelector('#list'), { subtree: true, childList: true });
    });";
/// So many rows, as soon as there are.
const ROWS: &str = "
    const [done] = arguments;
    const look = () => document.querySelectorAll('#list li').length === COUNT && (watch.disconnect(), done(true));
    const watch = new MutationObserver(look);
    watch.observe(document, { subtree: true, childList: true });
    look();";
const ESCAPE: &str = "\u{e00c}";

pub(crate) fn measure() -> Value {
    let home = seed::busy();
    let window = Window::open(&home);
    window.says("Pipeline");
    window.go("#/pipeline?tab=history");
    let rows = |count: usize| wait(&window, &ROWS.replace("COUNT", &count.to_string()));
    let mut took = Vec::new();
    for number in 0..SEARCHES {
        rows(50);
        // "sku-234" finds itself and the ten that go on from it; one more digit leaves one.
        window.write("Search", &format!("sku-{}", 230 + number));
        rows(11);
        window.script(WATCH);
        window.write("Search", &(number % 10).to_string());
        took.push(window.promise("window.answered").as_f64().unwrap_or(f64::NAN));
        window.write("Search", ESCAPE);
    }
    took.sort_by(f64::total_cmp);
    json!({ "p50": took[SEARCHES / 2], "p95": took[SEARCHES * 95 / 100 - 1], "max": took[SEARCHES - 1] })
}
