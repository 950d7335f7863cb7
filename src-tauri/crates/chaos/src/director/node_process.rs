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
pub(super) struct NodeProcess {
    pub(super) name: String,
    pub(super) address: Address,
    pub(super) lease: u64,
    pub(super) locks: Option<PathBuf>,
    pub(super) log: PathBuf,
    /// A library that shows it another clock, while it does.
    pub(super) skew: Option<PathBuf>,
    pub(super) child: Option<Child>,
    /// Which process of this name it is.
    pub(super) generation: u64,
}

impl NodeProcess {
    /// Starts it, if it does not run.
    pub(super) fn start(&mut self) -> Result<()> {
        if self.is_running() {
            return Ok(());
        }
        let log = File::options().create(true).append(true).open(&self.log).context("could not open a node's log")?;
        let mut command = Command::new(std::env::current_exe()?);
        let address = match &self.address {
            Address::File(path) => path.display().to_string(),
            Address::Server(url) => url.clone(),
        };
        command.args(["node", "--tethered", "--name", &self.name, "--database", &address]);
        command.arg("--lease").arg(self.lease.to_string());
        if let Some(locks) = &self.locks {
            command.arg("--locks").arg(locks);
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

    pub(super) fn is_running(&mut self) -> bool {
        matches!(self.child.as_mut().map(Child::try_wait), Some(Ok(None)))
    }

    /// How it ended, if it did so by itself.
    pub(super) fn ended(&mut self) -> Option<ExitStatus> {
        let status = self.child.as_mut()?.try_wait().ok()??;
        self.child = None;
        Some(status)
    }

    /// Ends it without a word.
    pub(super) async fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill().await;
        }
    }

    /// Holds it where it is.
    pub(super) fn freeze(&self) {
        self.signal(Signal::STOP);
    }

    /// Lets it go on.
    pub(super) fn thaw(&self) {
        self.signal(Signal::CONT);
    }

    /// Asks it to end; false: it did not within `patience`, and was killed.
    pub(super) async fn quit(&mut self, patience: Duration) -> bool {
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
