//! A disk that fills up during an import: said in clear words, nothing broken, and the same import completes once there is
//! room. SQLite lies on a small file system in memory, PostgreSQL's database in a tablespace there; that takes root, and for
//! PostgreSQL a server on this machine. Elsewhere SQLite gets a limit on the size of its files instead, and PostgreSQL's
//! part cannot be tried; both say so.

use std::os::unix::fs::MetadataExt;
use std::process::{Command, Output};

use presell_store::testing::Kind;
use serde_json::Value;
use sqlx::{AssertSqlSafe, Connection, PgConnection};

use crate::data::{Orders, orders};
use crate::state::{look, marked, sound_throughout, whole_orders};
use crate::support::Presell;
use crate::volume::Volume;

/// An empty database on PostgreSQL takes 8 MB, on SQLite less than one.
const SMALL: u32 = 24;
const SMALLER: u32 = 12;
const LARGE: u32 = 400;

#[test]
fn a_full_disk_stops_an_import_on_sqlite_and_breaks_nothing() {
    let presell = Presell::new(Kind::Sqlite);
    let file = orders(&presell, "purchase-orders.csv", "PO-", 0);
    match Volume::new(SMALLER) {
        Ok(volume) => {
            println!("the disk is a file system of {SMALLER} MB in memory");
            let database = volume.path().join("presell.db").display().to_string();
            stops(import(&presell, &database, &file).output().unwrap(), &database, &file);
            volume.grow(LARGE);
            completes(&presell, &database, &file);
        }
        Err(why) => {
            println!("no file system can be mounted here ({why}); the disk is a limit of 6 MB on each file");
            let database = presell.folder().join("small.db").display().to_string();
            let whole = import(&presell, &database, &file);
            let mut limited = Command::new("sh");
            // 6 MB in blocks of 512 bytes. Without the trap the signal of the limit would end the program before it could say a word.
            limited.args(["-c", "trap '' XFSZ; ulimit -f 12288; exec \"$@\"", "sh"]).arg(whole.get_program());
            limited.args(whole.get_args()).envs(whole.get_envs().filter_map(|(key, value)| Some((key, value?))));
            stops(limited.output().unwrap(), &database, &file);
            completes(&presell, &database, &file);
        }
    }
}

#[test]
fn a_full_disk_stops_an_import_on_postgres_and_breaks_nothing() {
    let presell = Presell::new(Kind::Sqlite);
    let Some(small) = Tablespace::new() else { return };
    let file = orders(&presell, "purchase-orders.csv", "PO-", 0);
    stops(import(&presell, &small.database, &file).output().unwrap(), &small.database, &file);
    small.volume.grow(LARGE);
    completes(&presell, &small.database, &file);
}

fn import(presell: &Presell, database: &str, file: &Orders) -> Command {
    presell.command(&["import", "purchase-orders", &file.path, "--confirm", "--json", "--database", database])
}

fn stops(output: Output, database: &str, file: &Orders) {
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "an import without room fails: {said}");
    let error: Value =
        serde_json::from_str(&said).unwrap_or_else(|e| panic!("the error is one JSON document, {e}: {said}"));
    let message = error["error"]["message"].as_str().unwrap();
    assert!(message.contains("disk is full"), "the error says what happened: {message}");
    assert!(message.contains("Free some space"), "and what to do: {message}");
    let there = look(database, async |tx| {
        marked(tx).await;
        whole_orders(tx, &[file]).await
    });
    sound_throughout(database);
    println!("{there} of {} orders went in before the disk was full", file.whole.len());
    assert!(there < file.whole.len(), "the disk is too small for all orders");
}

fn completes(presell: &Presell, database: &str, file: &Orders) {
    let output = import(presell, database, file).output().unwrap();
    assert_eq!(
        output.status.code(),
        Some(0),
        "with room the same import completes: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    let there = look(database, async |tx| whole_orders(tx, &[file]).await);
    assert_eq!(there, file.whole.len(), "every order is in");
    let checked = presell.command(&["check", "--database", database]).env_remove("PRESELL_TEST_NOW").output().unwrap();
    assert!(checked.status.success(), "the self-test is content: {}", String::from_utf8_lossy(&checked.stdout));
}

/// A database of its own in a small tablespace, both removed with the value.
struct Tablespace {
    volume: Volume,
    server: String,
    name: String,
    database: String,
}

impl Tablespace {
    /// None, with a word on it, where the server's files are not within reach.
    fn new() -> Option<Tablespace> {
        let server = std::env::var("PRESELL_TEST_POSTGRES").expect("the test server; `cargo xtask test` starts one");
        let folder = run(&server, "SHOW data_directory");
        let Ok(owner) = std::fs::metadata(&folder) else {
            println!("not tried: the server's files are not on this machine");
            return None;
        };
        let volume =
            Volume::new(SMALL).map_err(|why| println!("not tried: no file system can be mounted ({why})")).ok()?;
        std::os::unix::fs::chown(volume.path(), Some(owner.uid()), Some(owner.gid())).unwrap();
        let name = format!("small_{}", std::process::id());
        run(&server, &format!("CREATE TABLESPACE {name} LOCATION '{}'", volume.path().display()));
        run(&server, &format!("CREATE DATABASE {name} TABLESPACE {name} TEMPLATE template0"));
        let (address, _) = server.rsplit_once('/').unwrap();
        let database = format!("{address}/{name}");
        Some(Tablespace { volume, server, name, database })
    }
}

impl Drop for Tablespace {
    fn drop(&mut self) {
        run(&self.server, &format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name));
        run(&self.server, &format!("DROP TABLESPACE IF EXISTS {}", self.name));
    }
}

/// Runs one statement on the server; returns the first text of its answer, if it has one.
fn run(server: &str, sql: &str) -> String {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let mut admin = PgConnection::connect(server).await.expect("the test server answers");
        let answer: Option<(String,)> =
            sqlx::query_as(AssertSqlSafe(sql.to_owned())).fetch_optional(&mut admin).await.unwrap();
        answer.map(|row| row.0).unwrap_or_default()
    })
}
