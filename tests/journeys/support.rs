//! `presell` on a database of its own.
//!
//! `journey! { fn name(presell: Presell) { … } }` makes two tests, `name::sqlite` and `name::postgres`.

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use presell_store::testing::{Kind, Place};
use presell_store::{Address, Db};
use serde_json::Value;

/// What a call of `presell` gave.
#[derive(Debug)]
pub(crate) struct Output {
    /// Exit status.
    pub(crate) status: i32,
    /// Standard output.
    pub(crate) stdout: String,
    /// Standard error.
    pub(crate) stderr: String,
}

/// `presell`, an empty database for it, and a folder for files. All of it goes away with the value.
pub(crate) struct Presell {
    place: Option<Place>,
    runtime: tokio::runtime::Runtime,
    folder: tempfile::TempDir,
    database: String,
    now: RefCell<String>,
    environment: RefCell<Vec<(String, String)>>,
}

impl Presell {
    /// A fresh database of this kind; it is 23 November 2026, 09:00 UTC.
    pub(crate) fn new(kind: Kind) -> Presell {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let place = runtime.block_on(Place::new(kind));
        let database = match &place.address {
            Address::File(path) => path.display().to_string(),
            Address::Server(url) => url.clone(),
        };
        let folder = tempfile::tempdir().unwrap();
        let now = RefCell::new("2026-11-23T09:00:00Z".to_owned());
        Presell { place: Some(place), runtime, folder, database, now, environment: RefCell::default() }
    }

    /// From now on it is this moment, such as `2026-11-24T00:00:01Z`.
    pub(crate) fn at(&self, now: &str) -> &Self {
        self.now.replace(now.to_owned());
        self
    }

    /// From now on this environment variable has this value.
    pub(crate) fn set(&self, variable: &str, value: &str) -> &Self {
        self.environment.borrow_mut().push((variable.to_owned(), value.to_owned()));
        self
    }

    /// Everything that is in the database, as text.
    pub(crate) fn database_text(&self) -> String {
        let address: Address = self.database.parse().unwrap();
        match &address {
            Address::File(path) => {
                let beside = |end: &str| std::fs::read(format!("{}{end}", path.display())).unwrap_or_default();
                ["", "-wal"].map(|end| String::from_utf8_lossy(&beside(end)).into_owned()).concat()
            }
            Address::Server(_) => self.runtime.block_on(async {
                let db = Db::open(&address).await.unwrap();
                let Db::Postgres(pool) = &db else { panic!("an address of a server opens a server") };
                let sql = "SELECT database_to_xml(true, false, '')::text";
                let (text,): (String,) = sqlx::query_as(sql).fetch_one(pool).await.unwrap();
                db.close().await;
                text
            }),
        }
    }

    /// The address of the database, as `--database` takes it.
    pub(crate) fn database(&self) -> &str {
        &self.database
    }

    /// The folder for files, removed at the end.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a file and returns its path, ready to be an argument.
    pub(crate) fn file(&self, name: &str, text: &str) -> String {
        let path = self.folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    }

    /// Changes the database behind Presell's back, for what no command can bring about.
    pub(crate) fn change(&self, sql: &'static str) {
        let address: Address = self.database.parse().unwrap();
        self.runtime.block_on(async {
            let db = Db::open(&address).await.unwrap();
            let mut tx = db.begin().await.unwrap();
            tx.run(sql).await.unwrap();
            tx.commit().await.unwrap();
            db.close().await;
        });
    }

    /// The call, ready to be started; for tests that need its pipes.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_presell"));
        command
            .args(arguments)
            .current_dir(self.folder.path())
            .env("PRESELL_DATABASE", &self.database)
            .env("PRESELL_TEST_NOW", &*self.now.borrow())
            .env("PRESELL_DATA", self.folder.path().join("data"))
            .env("TZ", "UTC")
            .envs(self.environment.borrow().iter().cloned())
            .env_remove("CLICOLOR_FORCE")
            .stdin(Stdio::null());
        command
    }

    /// Calls `presell` with these arguments.
    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        let output = self.command(arguments).output().unwrap();
        let output = Output {
            status: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        };
        assert!(!output.stderr.contains("panicked"), "presell {arguments:?} must never panic: {}", output.stderr);
        output
    }

    /// Calls `presell` with `--json`; the call must succeed at least in part.
    pub(crate) fn json(&self, arguments: &[&str]) -> Value {
        let output = self.run(&[arguments, &["--json"]].concat());
        assert!(matches!(output.status, 0 | 3), "presell {arguments:?} failed: {}", output.stderr);
        serde_json::from_str(&output.stdout)
            .unwrap_or_else(|e| panic!("presell {arguments:?}: one JSON document, {e}: {}", output.stdout))
    }

    /// Calls `presell` with `--json`; the call must fail. Returns exit status and the content of `error`.
    pub(crate) fn error(&self, arguments: &[&str]) -> (i32, Value) {
        let output = self.run(&[arguments, &["--json"]].concat());
        assert!(
            output.stdout.is_empty(),
            "presell {arguments:?}: standard output stays empty on an error: {}",
            output.stdout
        );
        let value: Value = serde_json::from_str(&output.stderr)
            .unwrap_or_else(|e| panic!("presell {arguments:?}: an error is one JSON document, {e}: {}", output.stderr));
        (output.status, value["error"].clone())
    }
}

impl Drop for Presell {
    fn drop(&mut self) {
        if let Some(place) = self.place.take() {
            self.runtime.block_on(place.remove());
        }
    }
}

/// A file of the sample data, which is made for 23 November 2026.
pub(crate) fn sample(name: &str) -> String {
    let path: PathBuf = [env!("CARGO_MANIFEST_DIR"), "../../../tests/samples", name].iter().collect();
    path.canonicalize().unwrap().display().to_string()
}

/// One body, two tests; see the [module](self).
macro_rules! journey {
    ($(#[$meta:meta])* fn $name:ident($presell:ident: Presell) $body:block) => {
        mod $name {
            use super::*;
            fn body($presell: Presell) $body
            $(#[$meta])*
            #[test]
            fn sqlite() {
                body(Presell::new(presell_store::testing::Kind::Sqlite));
            }
            $(#[$meta])*
            #[test]
            fn postgres() {
                body(Presell::new(presell_store::testing::Kind::Postgres));
            }
        }
    };
}
pub(crate) use journey;
