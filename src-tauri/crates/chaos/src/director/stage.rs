//! What everybody on the stage shares.

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use anyhow::Result;
use presell_store::{Address, Db};
use sqlx::postgres::PgConnectOptions;

use super::Arguments;
use super::fleet::Fleet;
use super::plan::Trouble;
use super::proxy::Proxy;
use super::tally::Tally;

/// Everything that trouble needs.
pub(super) struct Stage {
    pub(super) db: Db,
    pub(super) address: Address,
    pub(super) fleet: Fleet,
    /// Between the last node and the server.
    pub(super) proxy: Option<Proxy>,
    pub(super) restart: Option<String>,
    pub(super) lease: Duration,
    pub(super) tally: Tally,
    pub(super) seed: u64,
}

impl Stage {
    pub(super) async fn set(
        db: Db,
        address: &Address,
        arguments: &Arguments,
        folder: &Path,
        logs: &Path,
        seed: u64,
    ) -> Result<Stage> {
        let (proxy, through) = match address {
            Address::Server(url) => {
                let server = PgConnectOptions::from_str(url)?;
                let proxy = Proxy::open(server.get_host().to_owned(), server.get_port()).await?;
                let through = Address::Server(at_port(url, proxy.port()));
                (Some(proxy), through)
            }
            Address::File(_) => (None, address.clone()),
        };
        let fleet = Fleet::start(arguments, address, &through, folder, logs).await?;
        Ok(Stage {
            db,
            address: address.clone(),
            fleet,
            proxy,
            restart: arguments.restart_command.clone(),
            lease: Duration::from_millis(arguments.lease),
            tally: Tally::default(),
            seed,
        })
    }

    /// The kinds of trouble that can be made here; what the caller could change about that goes into the report.
    pub(super) fn possible(&self) -> Vec<Trouble> {
        let server = self.db.is_postgres();
        if server && self.restart.is_none() {
            self.tally.leave_out(Trouble::RestartServer.name(), "the server is not ours");
        }
        if server && skewed_clock().is_none() {
            self.tally.leave_out(Trouble::Skew.name(), "faketime is not installed");
        }
        let here = |trouble: &Trouble| match trouble {
            Trouble::TerminateOne | Trouble::TerminateAll | Trouble::HalfOpen | Trouble::LongRead => server,
            Trouble::RestartServer => server && self.restart.is_some(),
            // One SQLite file is on one machine, whose processes share its clock: a skewed one would be another clock.
            Trouble::Skew => server && skewed_clock().is_some(),
            Trouble::ForeignLock => !server,
            _ => true,
        };
        Trouble::ALL.into_iter().filter(here).collect()
    }
}

/// The same address at another port of this machine.
fn at_port(url: &str, port: u16) -> String {
    let start = url.find("://").map_or(0, |at| at + 3);
    let end = url[start..].find(['/', '?']).map_or(url.len(), |at| start + at);
    let user = url[start..end].rfind('@').map_or("", |at| &url[start..start + at + 1]);
    format!("{}{user}127.0.0.1:{port}{}", &url[..start], &url[end..])
}

/// The library of `faketime`, which shows a program another clock.
pub(super) fn skewed_clock() -> Option<PathBuf> {
    let folders = std::fs::read_dir("/usr/lib").ok()?.flatten().map(|entry| entry.path());
    folders
        .chain([PathBuf::from("/usr/lib"), PathBuf::from("/usr/local/lib")])
        .map(|folder| folder.join("faketime/libfaketimeMT.so.1"))
        .find(|library| library.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_through_the_proxy_keeps_user_database_and_options() {
        for (url, expected) in [
            ("postgres://u:p@h:5/x?sslmode=disable", "postgres://u:p@127.0.0.1:9/x?sslmode=disable"),
            ("postgres://h/x", "postgres://127.0.0.1:9/x"),
            ("postgres://u@h", "postgres://u@127.0.0.1:9"),
        ] {
            assert_eq!(at_port(url, 9), expected, "only host and port of {url} change");
        }
    }
}
