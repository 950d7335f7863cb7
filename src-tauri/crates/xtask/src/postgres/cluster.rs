//! The life of a throwaway server: a folder, a port, a process; all gone when the value is dropped, on Ctrl-C, or with the next call.

use std::fs::{self, File};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, Once, PoisonError};

use anyhow::{Context, Result, bail};

use super::account::{self, Account};
use super::{Durability, Programs};
use crate::{paths, process};

/// A running throwaway server. Its folder is locked while its owner lives, so that a later call recognises left-overs.
pub(crate) struct Cluster {
    folder: PathBuf,
    port: u16,
    _owner: File,
}

/// Running servers of this process: the handler of Ctrl-C must find them, as no destructor runs then.
static RUNNING: Mutex<Vec<(PathBuf, Option<Account>)>> = Mutex::new(Vec::new());

fn running() -> MutexGuard<'static, Vec<(PathBuf, Option<Account>)>> {
    RUNNING.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Cluster {
    pub(super) fn port(&self) -> u16 {
        self.port
    }

    /// A line for a shell that restarts the server on the same port; `{mode}` is to be `fast` or `immediate`.
    ///
    /// # Errors
    /// No account can run it.
    pub(crate) fn restart_command(&self, programs: &Programs) -> Result<String> {
        let (program, data) = (programs.path("pg_ctl"), self.folder.join("data"));
        let log = self.folder.join("server.log");
        let restart = format!(
            "'{}' restart --silent --wait --mode={{mode}} --pgdata '{}' --log '{}'",
            program.display(),
            data.display(),
            log.display()
        );
        let place = self.folder.display();
        Ok(match Account::needed()? {
            Some(account) => format!("cd '{place}' && exec {} {restart}", account.prefix()),
            None => restart,
        })
    }

    /// Makes and starts a server, after removing what killed calls left behind.
    ///
    /// # Errors
    /// PostgreSQL is missing or does not start; the message carries its log.
    pub(super) fn start(durability: Durability) -> Result<Self> {
        Cluster::start_on(free_port, durability)
    }

    /// Asks `port` again while another program takes what it gave.
    fn start_on(port: impl FnMut() -> Result<u16>, durability: Durability) -> Result<Self> {
        stop_on_interrupt();
        let programs = Programs::find()?;
        let account = Account::needed()?;
        let home = home(account)?;

        // One at a time from here on, so that nobody takes a server that is being made for a left-over.
        let turn = lock_file(&home.join("turn.lock"))?;
        turn.lock().context("could not wait for another start of PostgreSQL")?;
        remove_leftovers(&home, &programs, account)?;
        let folder = unused(&home);
        let owner = lock_file(&folder.with_extension("lock"))?;
        owner.lock().context("could not lock the folder of the test server")?;
        drop(turn);

        // Listed before it exists: an interrupt from here on removes what is there.
        running().push((folder.clone(), account));
        let mut cluster = Cluster { folder, port: 0, _owner: owner };
        cluster.make(&programs, account, port, durability)?;
        Ok(cluster)
    }

    fn make(
        &mut self,
        programs: &Programs,
        account: Option<Account>,
        mut port: impl FnMut() -> Result<u16>,
        durability: Durability,
    ) -> Result<()> {
        fs::create_dir_all(&self.folder)?;
        if let Some(account) = account {
            account.own(&self.folder)?;
        }
        let data = self.folder.join("data");
        let as_owner = |program: &str| account::command(account, &programs.path(program), &self.folder);
        process::run_quietly(as_owner("initdb").args(INITDB).args(programs.locale()).arg("--pgdata").arg(&data))?;
        // Another program may take the free port before the server does; then the next one is tried.
        for attempt in 1.. {
            self.port = port()?;
            let settings = self.folder.join("data/presell.conf");
            fs::write(&settings, configuration(self.port, durability))?;
            let log = self.folder.join("server.log");
            let started = process::run_quietly(
                as_owner("pg_ctl")
                    .args(["start", "--silent", "--wait", "--timeout=60", "--pgdata"])
                    .arg(&data)
                    .arg("--log")
                    .arg(&log)
                    .arg(format!("--options=-c config_file={}", settings.display())),
            );
            match started {
                Ok(_) => return Ok(()),
                Err(_) if attempt < 5 && fs::read_to_string(&log).is_ok_and(|log| log.contains("could not bind")) => {
                    continue;
                }
                Err(error) => {
                    bail!("PostgreSQL did not start: {error:#}\n{}", fs::read_to_string(&log).unwrap_or_default())
                }
            }
        }
        unreachable!("the loop ends by returning")
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let mut running = running();
        if let Some(at) = running.iter().position(|(folder, _)| *folder == self.folder) {
            let (folder, account) = running.remove(at);
            stop_and_remove(&folder, account);
        }
    }
}

const INITDB: [&str; 5] = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-sync", "--no-instructions"];

/// Trust is for whoever is on this machine: the server listens on loopback only, and has no socket file.
fn configuration(port: u16, durability: Durability) -> String {
    let disk = match durability {
        Durability::Fast => "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n",
        Durability::Durable => "max_wal_size = 4GB\n",
    };
    format!(
        "include 'postgresql.conf'\nlisten_addresses = '127.0.0.1'\nport = {port}\nunix_socket_directories = ''\n\
         max_connections = 200\nshared_buffers = 256MB\n{disk}"
    )
}

fn free_port() -> Result<u16> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).context("no free port on 127.0.0.1")?;
    Ok(listener.local_addr()?.port())
}

/// The folder of all throwaway servers: under target, or a temporary one where the account cannot reach target.
fn home(account: Option<Account>) -> Result<PathBuf> {
    let reachable = |home: &Path| account.is_none_or(|account| account.reaches(home));
    let candidates = [paths::target().join("test-postgres"), std::env::temp_dir().join("presell-test-postgres")];
    for home in candidates {
        fs::create_dir_all(&home).with_context(|| format!("could not make the folder {}", home.display()))?;
        if reachable(&home) {
            return Ok(home);
        }
    }
    bail!("the account that runs PostgreSQL reaches neither target nor the temporary folder")
}

fn unused(home: &Path) -> PathBuf {
    let pid = std::process::id();
    (0..)
        .map(|count| home.join(format!("{pid}-{count}")))
        .find(|folder| !folder.with_extension("lock").exists())
        .unwrap_or_default()
}

fn lock_file(path: &Path) -> Result<File> {
    let file = File::options().create(true).truncate(false).write(true).open(path);
    file.with_context(|| format!("could not open {}", path.display()))
}

/// Stops and removes the servers whose owner died without a word.
fn remove_leftovers(home: &Path, programs: &Programs, account: Option<Account>) -> Result<()> {
    for entry in fs::read_dir(home)? {
        let lock = entry?.path();
        let is_server = lock.extension().is_some_and(|extension| extension == "lock") && !lock.ends_with("turn.lock");
        if is_server && lock_file(&lock)?.try_lock().is_ok() {
            eprintln!("PostgreSQL: removing the server of an earlier call that was killed");
            stop_with(programs, &lock.with_extension(""), account);
        }
    }
    Ok(())
}

fn stop_and_remove(folder: &Path, account: Option<Account>) {
    if let Ok(programs) = Programs::find() {
        stop_with(&programs, folder, account);
    }
}

/// The data is thrown away, so nothing is lost by the quickest stop. Failures are left to the next start.
fn stop_with(programs: &Programs, folder: &Path, account: Option<Account>) {
    let data = folder.join("data");
    if data.join("postmaster.pid").exists() {
        let mut stop = account::command(account, &programs.path("pg_ctl"), folder);
        let _ = process::run_quietly(stop.args(["stop", "--mode=immediate", "--wait", "--pgdata"]).arg(&data));
    }
    if !folder.exists() || fs::remove_dir_all(folder).is_ok() {
        let _ = fs::remove_file(folder.with_extension("lock"));
    }
}

fn stop_on_interrupt() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let outcome = ctrlc::set_handler(|| {
            for (folder, account) in running().drain(..) {
                stop_and_remove(&folder, account);
            }
            std::process::exit(130);
        });
        if let Err(error) = outcome {
            eprintln!("PostgreSQL: Ctrl-C will leave the server to the next call, as {error}");
        }
    });
}

#[cfg(test)]
mod tests;
