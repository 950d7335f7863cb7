//! Proof that a process is alive: it holds a lock on a file of its own, which the system takes away when it ends, however it
//! ends. Whoever can take the lock knows that its node is gone and need not wait for its leases.

use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use presell_store::{Db, Result};

use crate::Millis;
use crate::machine;

/// How far back a node is looked for that left its file behind.
const REMEMBERED: Millis = 7 * 86_400_000;

/// The lock file of this process.
#[derive(Debug)]
pub(super) struct Alive {
    folder: PathBuf,
    host: String,
    own: PathBuf,
    /// Held as long as the process lives.
    _lock: File,
}

/// A file whose process is gone.
struct Left {
    node: i64,
    path: PathBuf,
    /// What its process wrote into it.
    mark: String,
}

impl Alive {
    /// Takes the lock of node `id`. None if that cannot be done: then others wait for this node's leases.
    pub(super) async fn take(db: &Db, folder: &Path, host: &str, id: i64) -> Option<Alive> {
        let mark = match started(db, id).await {
            Ok(mark) => mark?,
            Err(error) => {
                tracing::warn!(%error, "this node has no lock file");
                return None;
            }
        };
        let own = folder.join(format!("node-{id}.lock"));
        let lock = std::fs::create_dir_all(folder).and_then(|()| {
            // Never truncated before it is locked: it may belong to a process of another database.
            let mut file = File::options().create(true).truncate(false).read(true).write(true).open(&own)?;
            file.try_lock()?;
            file.set_len(0)?;
            file.write_all(mark.as_bytes())?;
            Ok(file)
        });
        match lock {
            Ok(lock) => Some(Alive { folder: folder.to_owned(), host: host.to_owned(), own, _lock: lock }),
            Err(error) => {
                tracing::warn!(%error, file = %own.display(), "this node has no lock file");
                None
            }
        }
    }

    /// Whether some other process left its file behind; asks no database.
    pub(super) fn anybody_gone(&self) -> bool {
        !self.left().is_empty()
    }

    /// Nodes of this machine that are provably gone.
    pub(super) async fn gone(&self, db: &Db) -> Result<Vec<i64>> {
        let left = self.left();
        if left.is_empty() {
            return Ok(Vec::new());
        }
        let known = machine::nodes(db, REMEMBERED).await?;
        let mut gone = Vec::new();
        for file in left {
            // Number, machine and start must all agree: other databases number their nodes alike.
            let node =
                known.iter().find(|n| n.id == file.node && n.host == self.host && mark(n.started_at) == file.mark);
            match node {
                Some(node) if node.stopped_at.is_none() => gone.push(file.node),
                Some(_) => remove(&file.path),
                None => {}
            }
        }
        Ok(gone)
    }

    /// Forgets nodes whose runs were recovered.
    pub(super) fn forget(&self, nodes: &[i64]) {
        for node in nodes {
            remove(&self.folder.join(format!("node-{node}.lock")));
        }
    }

    /// Removes the file of this process, which stops in order.
    pub(super) fn give_up(&self) {
        remove(&self.own);
    }

    fn left(&self) -> Vec<Left> {
        let Ok(entries) = std::fs::read_dir(&self.folder) else { return Vec::new() };
        entries.flatten().map(|entry| entry.path()).filter(|path| *path != self.own).filter_map(unlocked).collect()
    }
}

/// The file, if it is a node's and nobody holds it.
fn unlocked(path: PathBuf) -> Option<Left> {
    let node = path.file_name()?.to_str()?.strip_prefix("node-")?.strip_suffix(".lock")?.parse().ok()?;
    let mut file = File::options().read(true).write(true).open(&path).ok()?;
    file.try_lock().ok()?;
    let mut mark = String::new();
    file.read_to_string(&mut mark).ok()?;
    // A process that has just made its file has not written into it yet.
    (!mark.is_empty()).then_some(Left { node, path, mark })
}

fn remove(path: &Path) {
    // One that stays is looked at again, and known to be over.
    if let Err(error) = std::fs::remove_file(path) {
        tracing::debug!(%error, file = %path.display(), "a lock file stays behind");
    }
}

/// What tells this node from one of another database with the same number.
async fn started(db: &Db, id: i64) -> Result<Option<String>> {
    Ok(machine::nodes(db, REMEMBERED).await?.into_iter().find(|node| node.id == id).map(|node| mark(node.started_at)))
}

fn mark(started_at: Millis) -> String {
    started_at.to_string()
}
