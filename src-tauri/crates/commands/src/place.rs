//! What this machine says: where the database is by default, which time zone it is in, what time it has, who is at it.

use std::path::PathBuf;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use etcetera::app_strategy::{AppStrategy, AppStrategyArgs, choose_native_strategy};
use presell_store::Address;

use crate::{App, Clock, Desk, Error, Machine, Result, chosen_address};

/// The database that was named, the one chosen in the settings, or the one in the person's data folder.
///
/// # Errors
/// What was named or chosen is no address, or there is neither of them and no home folder.
pub fn address(named: Option<&str>) -> Result<Address> {
    match named.map(str::trim).filter(|text| !text.is_empty()) {
        Some(text) => Ok(text.parse::<Address>()?),
        None => chosen_address(&desk(), data_folder())?.ok_or_else(|| {
            Error::refused(
                "Your home folder is not known, so there is no place for the database. Name one with --database FILE.",
            )
        }),
    }
}

/// What this computer remembers for the person at it: kept in the person's own folder for settings.
pub fn desk() -> Desk {
    strategy().map_or_else(Desk::default, |strategy| Desk::in_folder(&strategy.config_dir()))
}

/// The person's own folder for Presell's data; none where no home folder is known.
pub fn data_folder() -> Option<PathBuf> {
    Some(strategy()?.data_dir())
}

/// Where this system keeps a person's files of one program.
fn strategy() -> Option<impl AppStrategy> {
    let names = AppStrategyArgs {
        top_level_domain: "app".to_owned(),
        author: "Presell".to_owned(),
        app_name: "Presell".to_owned(),
    };
    choose_native_strategy(names).ok()
}

/// This computer: its name, and where processes on one database prove that they live.
pub fn machine(address: &Address) -> Machine {
    let locks = match address {
        Address::File(path) => {
            let mut name = path.as_os_str().to_owned();
            name.push("-nodes");
            Some(PathBuf::from(name))
        }
        // Server and database only: who connects, and how, may differ from process to process.
        Address::Server(url) => data_folder().map(|folder| {
            let (server, _) = url.rsplit_once('?').unwrap_or((url, ""));
            let server = server.rsplit(['@', '/']).take(2).collect::<Vec<_>>().join("-");
            let plain: String = server.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
            folder.join("nodes").join(plain)
        }),
    };
    Machine { host: host(), locks }
}

#[cfg(unix)]
fn host() -> String {
    rustix::system::uname().nodename().to_string_lossy().into_owned()
}

#[cfg(not(unix))]
fn host() -> String {
    std::env::var("COMPUTERNAME").unwrap_or_else(|_| "this computer".to_owned())
}

/// Opens the database and the store that were named, as the person at this machine.
///
/// # Errors
/// The address is none, the database does not open, or the store does not exist.
pub async fn open(database: Option<&str>, store: &str) -> Result<App> {
    let address = address(database)?;
    let machine = machine(&address);
    let named = database.is_some_and(|text| !text.trim().is_empty());
    let app = App::open(address, store, zone(), clock()?, &actor()).await?;
    Ok(app.on(machine).at(desk()).named(named))
}

/// Opens what the window showed last: the database that is named by `PRESELL_DATABASE` or was chosen, and the store that was
/// chosen, or `default` if that is gone.
///
/// # Errors
/// As [`open`].
pub async fn open_again() -> Result<App> {
    let named = std::env::var("PRESELL_DATABASE").ok();
    let store = desk().read()?.store.unwrap_or_else(|| DEFAULT_STORE.to_owned());
    match open(named.as_deref(), &store).await {
        Err(Error::NotFound { .. }) if store != DEFAULT_STORE => open(named.as_deref(), DEFAULT_STORE).await,
        opened => opened,
    }
}

/// The store that every database has.
const DEFAULT_STORE: &str = "default";

/// The zone of this machine; UTC where it cannot say.
pub fn zone() -> Tz {
    iana_time_zone::get_timezone().ok().and_then(|name| name.parse().ok()).unwrap_or(Tz::UTC)
}

/// The database's clock, or in builds for development a moment that a test chose.
///
/// # Errors
/// The test's moment is none.
pub fn clock() -> Result<Clock> {
    #[cfg(debug_assertions)]
    if let Ok(text) = std::env::var("PRESELL_TEST_NOW") {
        let now = DateTime::parse_from_rfc3339(&text).map_err(|e| Error::NotAccepted {
            message: format!("PRESELL_TEST_NOW is \"{text}\", which is no moment such as 2026-11-23T09:00:00Z: {e}."),
        })?;
        return Ok(Clock::Fixed(now.with_timezone(&Utc)));
    }
    Ok(Clock::Database)
}

/// The time of this machine: to be compared with the database's, and to name files.
#[expect(clippy::disallowed_methods, reason = "the self-test compares the machine's own clock with the database's")]
pub fn machine_time() -> DateTime<Utc> {
    Utc::now()
}

/// Who is at this machine, as the system says.
pub fn actor() -> String {
    let name = ["USER", "USERNAME", "LOGNAME"].into_iter().find_map(|key| std::env::var(key).ok());
    name.filter(|name| !name.trim().is_empty()).unwrap_or_else(|| "command line".to_owned())
}
