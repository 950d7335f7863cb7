//! One node as a process: started, killed, frozen, asked to quit.

use std::fs::File;
use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use anyhow::{Context, Result};
use presell_store::Address;
use rustix::process::{Pid, Signal, kill_process};
use tokio::process::{Child, Command};

/// How it is started.
#[derive(Default)]
pub(crate) struct NodeProcess {
    pub(crate) name: String,
    pub(crate) address: Option<Address>,
    pub(crate) lease: u64,
    pub(crate) locks: Option<PathBuf>,
    pub(crate) log: PathBuf,
    /// It runs Presell's own jobs, in this environment; none: the probes.
    pub(crate) real: Option<Vec<(&'static str, String)>>,
    /// A library that shows it another clock, while it does.
    pub(crate) skew: Option<PathBuf>,
    pub(crate) child: Option<Child>,
    /// Which process of this name it is.
    pub(crate) generation: u64,
}

impl NodeProcess {
    /// Starts it, if it does not run.
    pub(crate) fn start(&mut self) -> Result<()> {
        if self.is_running() {
            return Ok(());
        }
        let log = File::options().create(true).append(true).open(&self.log).context("could not open a node's log")?;
        let mut command = Command::new(std::env::current_exe()?);
        let address = match &self.address {
            Some(Address::File(path)) => path.display().to_string(),
            Some(Address::Server(url)) => url.clone(),
            None => anyhow::bail!("a node without a database"),
        };
        command.args(["node", "--tethered", "--name", &self.name, "--database", &address]);
        command.arg("--lease").arg(self.lease.to_string());
        if let Some(locks) = &self.locks {
            command.arg("--locks").arg(locks);
        }
        if let Some(environment) = &self.real {
            command.arg("--real").envs(environment.iter().map(|(name, value)| (name, value)));
        }
        if let Some(library) = &self.skew {
            command.env("LD_PRELOAD", library).env("FAKETIME", "+5m").env("FAKETIME_DONT_FAKE_MONOTONIC", "1");
        }
        let log_too = log.try_clone()?;
        command.stdin(Stdio::piped()).stdout(log).stderr(log_too).kill_on_drop(true);
        self.child = Some(command.spawn().context("could not start a node")?);
        self.generation += 1;
        Ok(())
    }

    pub(crate) fn is_running(&mut self) -> bool {
        matches!(self.child.as_mut().map(Child::try_wait), Some(Ok(None)))
    }

    /// How it ended, if it did so by itself.
    pub(crate) fn ended(&mut self) -> Option<ExitStatus> {
        let status = self.child.as_mut()?.try_wait().ok()??;
        self.child = None;
        Some(status)
    }

    /// Ends it without a word.
    pub(crate) async fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill().await;
        }
    }

    /// Holds it where it is.
    pub(crate) fn freeze(&self) {
        self.signal(Signal::STOP);
    }

    /// Lets it go on.
    pub(crate) fn thaw(&self) {
        self.signal(Signal::CONT);
    }

    /// Asks it to end; false: it did not within `patience`, and was killed.
    pub(crate) async fn quit(&mut self, patience: Duration) -> bool {
        self.signal(Signal::TERM);
        let Some(mut child) = self.child.take() else { return true };
        // Waiting would close its input, and a tethered node takes that for our death.
        let _tether = child.stdin.take();
        if tokio::time::timeout(patience, child.wait()).await.is_ok() {
            return true;
        }
        let _ = child.kill().await;
        false
    }

    fn signal(&self, signal: Signal) {
        let pid = self.child.as_ref().and_then(Child::id).and_then(|pid| Pid::from_raw(pid.cast_signed()));
        if let Some(pid) = pid {
            // It may have ended just now.
            let _ = kill_process(pid, signal);
        }
    }
}
