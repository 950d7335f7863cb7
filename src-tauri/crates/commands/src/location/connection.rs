//! "Test connection": would Presell work there? Looks, and changes nothing.

use std::path::Path;

use presell_store::{Address, Probe, SCHEMA_VERSION, Schema, StoreError, probe, server_of};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::backup::{folder_of, inspect};
use crate::health::{fine, wrong};
use crate::{App, Check, Result};

/// A place to look at.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TestConnection {
    /// A file, or `postgres://user:password@host/database`.
    pub database: String,
}

/// What was found there.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ConnectionTested {
    /// Presell would work there.
    pub ok: bool,
    /// The place, without a password.
    pub place: String,
    /// How long a question and its answer take, in milliseconds; none: it did not answer, or is a file.
    pub latency_ms: Option<u64>,
    /// What was looked at. After the first that fails, the rest could not be.
    pub checks: Vec<Check>,
}

/// Looks at a place for the data: does it answer, is it new enough, what is in it, may this user work there, is the way safe.
pub async fn test_connection(_: &App, args: TestConnection) -> Result<ConnectionTested> {
    let address: Address = args.database.parse()?;
    let place = address.to_string();
    let (checks, latency_ms) = match &address {
        Address::File(path) => (file(path).await, None),
        Address::Server(url) => match probe(url).await {
            Ok(found) => {
                let latency = u64::try_from(found.latency.as_millis()).unwrap_or(u64::MAX);
                (server(&found), Some(latency))
            }
            Err(error) => (vec![unreachable(url, &error)], None),
        },
    };
    Ok(ConnectionTested { ok: checks.iter().all(|check| check.ok), place, latency_ms, checks })
}

async fn file(path: &Path) -> Vec<Check> {
    let name = path.display();
    if path.is_relative() {
        return vec![wrong(
            "place",
            format!("{name} does not say where it begins."),
            "Give the whole path of the file.",
        )];
    }
    if path.exists() {
        return vec![match inspect(path).await {
            Ok(()) => fine("place", format!("{name} is a sound database of Presell.")),
            Err(error) => wrong("place", error.to_string(), "Choose another file."),
        }];
    }
    let folder = folder_of(path);
    // The nearest folder that is there must let us in; those below it are made when the database is.
    let nearest = folder.ancestors().find(|f| f.exists()).unwrap_or(&folder);
    vec![match tempfile::tempfile_in(nearest) {
        Ok(_) => fine("place", format!("There is no {name} yet: a new, empty database is made there.")),
        Err(error) => wrong(
            "place",
            format!("A file cannot be made in {}: {error}.", nearest.display()),
            "Choose a folder in which you may write.",
        ),
    }]
}

fn server(found: &Probe) -> Vec<Check> {
    let version = &found.version;
    let checks = [
        fine("server", format!("PostgreSQL {version} answers in {} ms.", found.latency.as_millis())),
        match found.too_old {
            false => fine("version", format!("Version {version} is new enough.")),
            true => wrong("version", format!("PostgreSQL {version} is too old."), "Presell needs version 14 or newer."),
        },
        schema(found.schema),
        match found.may_create {
            true => fine("rights", "This user may make and change tables there."),
            false => wrong(
                "rights",
                "This user may not make tables there.",
                "Let the person who runs the server grant it: GRANT CREATE ON SCHEMA public, and TEMPORARY on the database.",
            ),
        },
        match (found.encrypted, found.proven) {
            (true, true) => fine("safety", "The way there is encrypted, and the server proves who it is."),
            (false, true) => fine("safety", "The server runs on this computer, so nothing leaves it."),
            (true, false) => fine(
                "safety",
                "The way there is encrypted, but the server does not prove who it is, as the address says with sslmode. Safer: sslmode=verify-full.",
            ),
            (false, false) => fine(
                "safety",
                "Everything travels readable for others, as the address says with sslmode. Safer: sslmode=verify-full.",
            ),
        },
    ];
    checks.into()
}

fn schema(found: Schema) -> Check {
    const NAME: &str = "schema";
    match found {
        Schema::Empty => fine(NAME, "The database is empty: Presell makes its tables when it opens it."),
        Schema::Current => fine(NAME, format!("It holds Presell's data, up to date (version {SCHEMA_VERSION}).")),
        Schema::Older(version) => fine(
            NAME,
            format!(
                "It holds data of an older Presell (version {version}), and is brought up to date when it is opened. Make a backup there first."
            ),
        ),
        Schema::Newer(version) => wrong(
            NAME,
            format!("It was written by a newer Presell (version {version}; this one knows {SCHEMA_VERSION})."),
            "Install the newer Presell on this computer.",
        ),
        Schema::Foreign => wrong(
            NAME,
            "It holds tables of another program.",
            "Let a database of its own be made for Presell, and give its name in the address.",
        ),
    }
}

/// Why a server was not reached, in words; the address with its password is never part of them.
fn unreachable(url: &str, error: &StoreError) -> Check {
    const NAME: &str = "server";
    let (host, database) = server_of(url).unwrap_or_default();
    let StoreError::Sql(cause) = error else { return wrong(NAME, error.to_string(), "Try again in a moment.") };
    let code = cause.as_database_error().and_then(|e| e.code()).unwrap_or_default();
    match (&*code, cause) {
        ("28P01" | "28000", _) => wrong(NAME, format!("{host} refuses this user or password."), "Check both."),
        ("3D000", _) => wrong(
            NAME,
            format!("{host} has no database \"{database}\"."),
            "Check its name, or let it be made: CREATE DATABASE.",
        ),
        (_, sqlx::Error::Configuration(_)) => wrong(
            NAME,
            "This is not an address of a PostgreSQL server.",
            "Write it as postgres://user:password@host/database.",
        ),
        (_, sqlx::Error::Tls(cause)) => wrong(
            NAME,
            format!("{host} does not prove who it is: {cause}."),
            "Ask for the server's certificate and name it with sslrootcert=FILE. Only where you trust the way there, add sslmode=require to the address.",
        ),
        (_, sqlx::Error::Io(cause)) => wrong(
            NAME,
            format!("{host} does not answer: {cause}."),
            "Check the name and the port, that the server runs, and that this computer may reach it.",
        ),
        _ => wrong(
            NAME,
            format!("{host} answers with an error: {cause}."),
            "Show this to the person who runs the server.",
        ),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn found() -> Probe {
        Probe {
            latency: Duration::from_millis(3),
            version: "16.4".to_owned(),
            too_old: false,
            schema: Schema::Empty,
            may_create: true,
            encrypted: true,
            proven: true,
        }
    }

    #[test]
    fn what_keeps_presell_from_working_there_is_wrong_and_says_what_to_do() {
        assert!(server(&found()).iter().all(|check| check.ok), "a new, empty, safe server is fine");
        let bad = [
            Probe { too_old: true, ..found() },
            Probe { may_create: false, ..found() },
            Probe { schema: Schema::Foreign, ..found() },
            Probe { schema: Schema::Newer(99), ..found() },
        ];
        for probe in bad {
            let checks = server(&probe);
            let wrong: Vec<&Check> = checks.iter().filter(|check| !check.ok).collect();
            assert_eq!(wrong.len(), 1, "one fault is one wrong check: {probe:?}");
            assert!(wrong[0].remedy.is_some(), "a wrong check says what to do: {probe:?}");
        }
    }

    #[test]
    fn a_weaker_way_is_only_gone_if_named_and_is_told() {
        let weak = server(&Probe { proven: false, ..found() });
        assert!(weak.iter().any(|check| check.message.contains("verify-full")), "the safer way is named: {weak:?}");
    }
}
