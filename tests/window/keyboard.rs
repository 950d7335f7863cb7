//! What a person does with the keyboard alone. The page is only looked at, never touched.

use serde_json::{Value, json};

use crate::driver::Window;

pub(crate) const ENTER: &str = "\u{E007}";
pub(crate) const CONTROL: &str = "\u{E009}";
const TAB: &str = "\u{E004}";
const DOWN: &str = "\u{E015}";
/// More than any page has to tab through.
const MANY: usize = 150;

impl Window {
    /// Types where the focus is; special keys by their code points.
    pub(crate) fn keys(&self, keys: &str) {
        let actions = keys.chars().flat_map(|key| [key_action("keyDown", key), key_action("keyUp", key)]).collect();
        self.act(actions);
    }

    /// Presses a key while another is held.
    pub(crate) fn chord(&self, held: &str, keys: &str) {
        let pressed = keys.chars().flat_map(|key| [key_action("keyDown", key), key_action("keyUp", key)]);
        let (down, up) =
            (held.chars().map(|key| key_action("keyDown", key)), held.chars().map(|key| key_action("keyUp", key)));
        self.act(down.chain(pressed).chain(up).collect());
    }

    fn act(&self, actions: Vec<Value>) {
        self.post("/actions", &json!({ "actions": [{ "type": "key", "id": "keyboard", "actions": actions }] }));
    }

    /// Goes on with Tab until the focus is on what is called so.
    pub(crate) fn tab_to(&self, name: &str) {
        let mut passed = Vec::new();
        while !self.focused().contains(name) {
            assert!(passed.len() < MANY, "Tab never comes to \"{name}\", only to {passed:?}:\n{}", self.text());
            self.keys(TAB);
            passed.push(self.focused());
        }
    }

    /// Goes there with Tab, once it is on the page, and presses Enter.
    pub(crate) fn enter(&self, css: &str, name: &str) {
        self.find(css, name);
        self.tab_to(name);
        self.keys(ENTER);
    }

    /// Goes to a list of options with Tab, and down with the arrow until it says so.
    pub(crate) fn pick(&self, label: &str, option: &str) {
        self.tab_to(label);
        let said = || self.script("return document.activeElement.selectedOptions[0].text");
        let mut passed = Vec::new();
        while said() != json!(option) {
            assert!(!passed.contains(&said()), "{label}: the arrow never comes to \"{option}\", only to {passed:?}");
            passed.push(said());
            self.keys(DOWN);
        }
    }

    /// Goes to a field with Tab and writes over what is there.
    pub(crate) fn fill(&self, label: &str, text: &str) {
        self.find("input", label);
        self.tab_to(label);
        self.chord(CONTROL, "a");
        self.keys(text);
    }

    /// Goes to a page by the palette.
    pub(crate) fn palette(&self, page: &str) {
        self.chord(CONTROL, "k");
        self.find("input[role=combobox]", "");
        self.keys(page);
        self.keys(ENTER);
        self.find("h1", page);
    }

    /// What has the focus, as it is read out; a button of a notice with the notice.
    pub(crate) fn focused(&self) -> String {
        let script = "const e = document.activeElement;
             const text = e.matches('a, button, summary') ? (e.closest('[role=status] > *') ?? e).textContent : '';
             return (e.getAttribute('aria-label') ?? e.labels?.[0]?.textContent ?? text).trim()";
        self.script(script).as_str().unwrap_or_default().to_owned()
    }
}

fn key_action(what: &str, key: char) -> Value {
    json!({ "type": what, "value": key })
}
