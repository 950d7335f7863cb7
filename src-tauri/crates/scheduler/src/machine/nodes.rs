//! The machines at work, for people to see.

use presell_store::{Db, Result};

use crate::Millis;

/// What kind of program a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NodeKind {
    /// The desktop app.
    Desktop,
    /// `presell daemon`.
    Daemon,
    /// One command, as long as it takes.
    Command,
}

/// A node that joins.
#[derive(Clone, Debug)]
pub struct Node {
    /// Name of the machine.
    pub host: String,
    /// Kind of program.
    pub kind: NodeKind,
    /// Version of Presell.
    pub version: String,
    /// Runs it may be at side by side.
    pub slots: i64,
}

/// A node as the database knows it.
#[derive(Clone, Debug, PartialEq, sqlx::FromRow)]
pub struct NodeRow {
    /// Its key.
    pub id: i64,
    /// Name of the machine.
    pub host: String,
    /// `desktop`, `daemon` or `command`.
    pub kind: String,
    /// Version of Presell.
    pub version: String,
    /// Version of its zone data.
    pub tzdata: String,
    /// How far its clock is ahead of the database's.
    pub skew_ms: Millis,
    /// Runs it may be at side by side.
    pub slots: i64,
    /// When it started.
    pub started_at: Millis,
    /// When it was last heard of.
    pub seen_at: Millis,
    /// When it stopped in order.
    pub stopped_at: Option<Millis>,
}

/// Records a node; `local_now` is its own clock, for the skew. Returns its key.
pub async fn join(_db: &Db, _node: &Node, _local_now: Millis) -> Result<i64> {
    unimplemented!()
}

/// Records that a node stopped in order.
pub async fn leave(_db: &Db, _node: i64) -> Result<()> {
    unimplemented!()
}

/// Nodes heard of within `within`, newest first.
pub async fn nodes(_db: &Db, _within: Millis) -> Result<Vec<NodeRow>> {
    unimplemented!()
}
