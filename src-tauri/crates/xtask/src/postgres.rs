//! A throwaway PostgreSQL on a free loopback port: made, used, stopped and removed by one command. Never a server of the system;
//! `PRESELL_TEST_POSTGRES` names another one to use instead.

mod account;
mod cluster;
mod lend;
mod programs;

pub(crate) use account::is_root;
pub(crate) use lend::{Options, lend};
pub(crate) use programs::Programs;

use std::process::Command;

use anyhow::Result;

use cluster::Cluster;

/// Names the server for the tests; see the store's test harness.
pub(crate) const VARIABLE: &str = "PRESELL_TEST_POSTGRES";

/// What a server survives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Durability {
    /// Nothing is forced to disk: fast, and enough for tests that never pull the plug.
    Fast,
    /// As a server of a company would run.
    Durable,
}

/// A server that answers.
pub(crate) enum Server {
    /// The caller's own, at this address.
    Given(String),
    /// Ours; dropped with this value.
    Throwaway(Cluster),
}

impl Server {
    /// The server that `PRESELL_TEST_POSTGRES` names, else a throwaway one.
    ///
    /// # Errors
    /// PostgreSQL is missing or does not start; the message carries its log.
    pub(crate) fn start(durability: Durability) -> Result<Self> {
        match std::env::var(VARIABLE) {
            Ok(url) if !url.trim().is_empty() => Ok(Server::Given(url)),
            _ => Cluster::start(durability).map(Server::Throwaway),
        }
    }

    /// Address of the maintenance database.
    pub(crate) fn url(&self) -> String {
        match self {
            Server::Given(url) => url.clone(),
            Server::Throwaway(cluster) => {
                format!("postgres://postgres@127.0.0.1:{}/postgres?sslmode=disable", cluster.port())
            }
        }
    }

    /// Address of another database of the same server.
    pub(crate) fn database(&self, name: &str) -> String {
        in_database(&self.url(), name)
    }
}

/// The address with another database name; what follows a `?` stays.
fn in_database(url: &str, name: &str) -> String {
    let (base, options) = url.split_at(url.find('?').unwrap_or(url.len()));
    let host_starts = base.find("://").map_or(0, |at| at + 3);
    let host_ends = base[host_starts..].find('/').map_or(base.len(), |at| host_starts + at);
    format!("{}/{name}{options}", &base[..host_ends])
}

/// `psql` on this database, without anyone's start-up file and with errors that end it.
pub(crate) fn psql(programs: &Programs, url: &str) -> Command {
    let mut psql = Command::new(programs.path("psql"));
    psql.args(["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", url]);
    psql
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_database_keeps_the_server_and_its_options() {
        for (url, expected) in [
            ("postgres://u@h:5/postgres?sslmode=disable", "postgres://u@h:5/mine?sslmode=disable"),
            ("postgres://u@h:5/postgres", "postgres://u@h:5/mine"),
            ("postgres://u@h", "postgres://u@h/mine"),
            ("postgres://u@h?sslmode=disable", "postgres://u@h/mine?sslmode=disable"),
        ] {
            assert_eq!(in_database(url, "mine"), expected, "only the database of {url} changes");
        }
    }
}
