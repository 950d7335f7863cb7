//! A small WebDriver client, and the app it drives: the real window, with a home of its own.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

/// Longer than anything takes on a busy machine.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);
/// WebDriver's name for an element in JSON.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// A person's computer: home, data and settings in a folder that is gone afterwards.
pub(crate) struct Home {
    folder: TempDir,
    pub(crate) database: String,
}

impl Home {
    /// With a database file of its own.
    pub(crate) fn new() -> Home {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let database = folder.path().join("presell.db").display().to_string();
        Home { folder, database }
    }

    /// With the data elsewhere.
    pub(crate) fn on(database: String) -> Home {
        Home { database, ..Home::new() }
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// What every process of this person sees of the computer.
    pub(crate) fn environment(&self) -> Vec<(&'static str, String)> {
        let at = |name: &str| self.folder.path().join(name).display().to_string();
        vec![
            ("HOME", at("")),
            ("XDG_DATA_HOME", at("data")),
            ("XDG_CONFIG_HOME", at(".config")),
            ("XDG_CACHE_HOME", at("cache")),
            ("PRESELL_DATABASE", self.database.clone()),
            ("WEBKIT_DISABLE_DMABUF_RENDERER", "1".to_owned()),
        ]
    }

    /// The command line on the same database; its answer as JSON.
    pub(crate) fn presell(&self, arguments: &[&str]) -> Value {
        let program = program("presell");
        let output = Command::new(&program).arg("--json").args(arguments).envs(self.environment()).output();
        let output = output.unwrap_or_else(|error| panic!("{} is built before: {error}", program.display()));
        assert!(output.status.success(), "presell {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap_or(Value::Null)
    }

    /// A file in the home.
    pub(crate) fn write(&self, name: &str, content: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, content).expect("a file in the test's own folder");
        path
    }
}

/// A program of this build, or of the folder that is to be measured.
pub(crate) fn program(name: &str) -> PathBuf {
    let measured = std::env::var_os("PRESELL_PROGRAMS").map(|folder| Path::new(&folder).join(name));
    measured.unwrap_or_else(|| Path::new(env!("CARGO_BIN_EXE_presell-desktop")).with_file_name(name))
}

/// The window, driven. Ends with its driver.
pub(crate) struct Window {
    driver: Child,
    session: String,
}

impl Window {
    /// Starts the app and waits for its page.
    pub(crate) fn open(home: &Home) -> Window {
        Window::of(home, &program("presell-desktop"), &[])
    }

    /// Starts a program of the same engine and waits for its page.
    pub(crate) fn of(home: &Home, program: &Path, arguments: &[&str]) -> Window {
        let port = free_port();
        let driver = Command::new("WebKitWebDriver")
            .arg(format!("--port={port}"))
            .envs(home.environment())
            .env("TAURI_AUTOMATION", "true")
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            .stdout(Stdio::null())
            .spawn()
            .expect("WebKitWebDriver is installed by the set-up");
        let mut window = Window { driver, session: format!("http://127.0.0.1:{port}") };
        until("the driver answers", || agent().get(format!("{}/status", window.session)).call().is_ok());
        let app = json!({ "binary": program, "args": arguments });
        let wanted = json!({ "capabilities": { "alwaysMatch": { "webkitgtk:browserOptions": app } } });
        let answer = window.post("/session", &wanted);
        let id = answer["sessionId"].as_str().unwrap_or_else(|| panic!("a session begins: {answer}")).to_owned();
        window.session = format!("{}/session/{id}", window.session);
        window
    }

    pub(crate) fn post(&self, path: &str, body: &Value) -> Value {
        self.try_post(path, body).unwrap_or_else(|error| panic!("{path} {body}: {error}"))
    }

    fn try_post(&self, path: &str, body: &Value) -> Result<Value, String> {
        let sent = agent().post(format!("{}{path}", self.session)).send_json(body);
        let answer: Value = sent.and_then(|mut answer| answer.body_mut().read_json()).map_err(|e| e.to_string())?;
        match answer["value"].get("error") {
            Some(_) => Err(answer["value"].to_string()),
            None => Ok(answer["value"].clone()),
        }
    }

    /// What a piece of JavaScript returns.
    pub(crate) fn script(&self, script: &str) -> Value {
        self.post("/execute/sync", &json!({ "script": script, "args": [] }))
    }

    /// What a promise of the page comes to; a refusal as `{"refused": …}`.
    pub(crate) fn promise(&self, expression: &str) -> Value {
        let script = format!(
            "const done = arguments[0]; ({expression}).then(done, (error) => done({{ refused: error?.message ?? error }}));"
        );
        self.post("/execute/async", &json!({ "script": script, "args": [] }))
    }

    /// The element with this role and name, as a person would say it, once it is there.
    pub(crate) fn find(&self, css: &str, text: &str) -> String {
        let script = format!(
            "return [...document.querySelectorAll({css:?})].find((e) => (e.getAttribute('aria-label') ?? e.textContent + ' ' + (e.labels?.[0]?.textContent ?? '')).includes({text:?}) && e.checkVisibility());"
        );
        let mut found = Value::Null;
        until(&format!("\"{text}\" ({css}) is on the page"), || {
            found = self.script(&script);
            found.get(ELEMENT).is_some()
        });
        found[ELEMENT].as_str().unwrap_or_default().to_owned()
    }

    /// Clicks it as a mouse does.
    pub(crate) fn click(&self, css: &str, text: &str) {
        let element = self.find(css, text);
        if self.try_post(&format!("/element/{element}/click"), &json!({})).is_err() {
            // Rows that are not painted yet have no place to be hit; the page hears of the click all the same.
            self.post("/execute/sync", &json!({ "script": "arguments[0].click()", "args": [{ ELEMENT: element }] }));
        }
    }

    /// Takes back what the notice tells of.
    pub(crate) fn undo(&self, told: &str) {
        self.says(told);
        let script = format!(
            "const texts = [...document.querySelectorAll('[role=status] button, .toast button')];
             const undo = texts.find((one) => one.textContent.includes('Undo') && one.parentElement.textContent.includes({told:?}));
             undo.click();"
        );
        self.script(&script);
    }

    /// Chooses in a list of options, as its change tells the page.
    pub(crate) fn choose(&self, label: &str, option: &str) {
        let element = self.find("select", label);
        let script = format!(
            "const select = arguments[0];
             select.value = [...select.options].find((one) => one.text.includes({option:?})).value;
             select.dispatchEvent(new Event('input', {{ bubbles: true }}));
             select.dispatchEvent(new Event('change', {{ bubbles: true }}));"
        );
        self.post("/execute/sync", &json!({ "script": script, "args": [{ ELEMENT: element }] }));
    }

    /// Writes into a field.
    pub(crate) fn write(&self, label: &str, text: &str) {
        let element = self.find("input", label);
        self.post(&format!("/element/{element}/value"), &json!({ "text": text }));
    }

    /// Goes to a page of the window.
    pub(crate) fn go(&self, hash: &str) {
        self.script(&format!("location.hash = {hash:?}"));
    }

    /// All the text on the page.
    pub(crate) fn text(&self) -> String {
        self.script("return document.body.innerText").as_str().unwrap_or_default().to_owned()
    }

    /// Waits until the page says so; the page itself watches for it.
    pub(crate) fn says(&self, text: &str) {
        let script = format!(
            "const [done] = arguments;
             const look = () => document.body?.innerText.includes({text:?}) && (watch.disconnect(), done(true));
             const watch = new MutationObserver(look);
             watch.observe(document, {{ subtree: true, childList: true, characterData: true, attributes: true }});
             look();"
        );
        let said = self.try_post("/execute/async", &json!({ "script": script, "args": [] }));
        assert!(said.is_ok(), "the page never says \"{text}\":\n{}", self.text());
    }

    /// Closes it, as its cross does. The page may be gone before it has answered.
    pub(crate) fn close(&self) {
        let _ = self.try_post(
            "/execute/sync",
            &json!({ "script": "window.__TAURI_INTERNALS__.invoke('close_window')", "args": [] }),
        );
    }

    /// The id of the app's process.
    pub(crate) fn app(&self) -> u32 {
        self.try_app().expect("the driver has started the app")
    }

    fn try_app(&self) -> Option<u32> {
        let children = Command::new("pgrep").args(["-P", &self.driver.id().to_string()]).output().ok()?;
        String::from_utf8_lossy(&children.stdout).split_whitespace().next()?.parse().ok()
    }
}

impl Drop for Window {
    fn drop(&mut self) {
        // The app ends with its session, unless it hangs; then it must not be there for the next test.
        let app = self.try_app();
        let _ = agent().delete(&self.session).call();
        if let Some(app) = app {
            let _ = Command::new("kill").args(["-KILL", &app.to_string()]).stderr(Stdio::null()).status();
        }
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

/// Nothing may hang a test: whatever takes longer has failed.
pub(crate) fn agent() -> ureq::Agent {
    let config = ureq::Agent::config_builder().http_status_as_error(false).timeout_global(Some(PATIENCE));
    ureq::Agent::new_with_config(config.build())
}

/// Asks until the answer is yes.
pub(crate) fn until(what: &str, mut asked: impl FnMut() -> bool) {
    let began = Instant::now();
    while !asked() {
        assert!(began.elapsed() < PATIENCE, "it never came to this: {what}");
        std::thread::yield_now();
    }
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a port is free").port()
}
