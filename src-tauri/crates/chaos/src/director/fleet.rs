//! All nodes. Who makes trouble takes one; the watch starts those that ended by themselves.

use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use fastrand::Rng;
use presell_store::Address;
use tokio::sync::{Mutex, OwnedMutexGuard};

use super::Arguments;
use super::node_process::NodeProcess;
use super::tally::Tally;

pub(crate) struct Fleet {
    nodes: Vec<Arc<Mutex<NodeProcess>>>,
}

impl Fleet {
    /// Starts the nodes. The last one reaches its server through the proxy and has no lock file, so that others wait for
    /// its lease; the others are provably dead at once.
    pub(super) async fn start(
        arguments: &Arguments,
        address: &Address,
        through: &Address,
        folder: &Path,
        logs: &Path,
    ) -> Result<Fleet> {
        let locks = folder.join("locks");
        std::fs::create_dir_all(&locks)?;
        let count = usize::from(arguments.nodes);
        let mut nodes = Vec::new();
        for number in 1..=count {
            let last = number == count;
            nodes.push(NodeProcess {
                name: format!("node {number}"),
                address: Some(if last { through.clone() } else { address.clone() }),
                lease: arguments.lease,
                locks: (!last).then(|| locks.clone()),
                log: logs.join(format!("node-{number}.log")),
                ..NodeProcess::default()
            });
        }
        Fleet::of(nodes)
    }

    /// Starts these nodes.
    pub(crate) fn of(nodes: Vec<NodeProcess>) -> Result<Fleet> {
        let started = nodes.into_iter().map(|mut node| node.start().map(|()| Arc::new(Mutex::new(node))));
        Ok(Fleet { nodes: started.collect::<Result<_>>()? })
    }

    /// Any node that nobody else is at; none: all are taken.
    pub(crate) fn any(&self, chance: &mut Rng) -> Option<OwnedMutexGuard<NodeProcess>> {
        let mut order: Vec<_> = self.nodes.iter().collect();
        chance.shuffle(&mut order);
        order.into_iter().find_map(|node| Arc::clone(node).try_lock_owned().ok().filter(|node| node.child.is_some()))
    }

    /// The node of this name, unless somebody else is at it.
    pub(crate) fn named(&self, name: &str) -> Option<OwnedMutexGuard<NodeProcess>> {
        for node in &self.nodes {
            let Ok(node) = Arc::clone(node).try_lock_owned() else { continue };
            if node.name == name && node.child.is_some() {
                return Some(node);
            }
        }
        None
    }

    /// All nodes; the last one is behind the proxy.
    pub(crate) fn nodes(&self) -> &[Arc<Mutex<NodeProcess>>] {
        &self.nodes
    }

    /// Waits until nobody is at any node, and all run.
    pub(crate) async fn all_at_work(&self) -> Result<()> {
        for node in &self.nodes {
            node.lock().await.start()?;
        }
        Ok(())
    }

    /// Asks all to end; returns how many did not.
    pub(crate) async fn quit(&self, patience: Duration) -> u64 {
        let quits = self.nodes.iter().map(async |node| node.lock().await.quit(patience).await);
        futures_util::future::join_all(quits).await.into_iter().filter(|ended| !ended).count() as u64
    }
}

/// Starts nodes that ended by themselves: poison does that, and so does a node that gave up on its database.
pub(crate) async fn watch(fleet: &Fleet, tally: &Tally) {
    loop {
        tokio::time::sleep(Duration::from_millis(100)).await;
        for node in &fleet.nodes {
            let Ok(mut node) = node.try_lock() else { continue };
            let Some(status) = node.ended() else { continue };
            tally.add(if status.signal().is_some() { "taken down by poison" } else { "ended by itself" });
            if let Err(error) = node.start() {
                eprintln!("presell-chaos: {} does not start: {error:#}", node.name);
            }
        }
    }
}
