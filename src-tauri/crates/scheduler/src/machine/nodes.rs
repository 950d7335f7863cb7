//! The machines at work, for people to see.

use presell_store::{Db, Result, on, text};

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
pub async fn join(db: &Db, node: &Node, local_now: Millis) -> Result<i64> {
    let kind = match node.kind {
        NodeKind::Desktop => "desktop",
        NodeKind::Daemon => "daemon",
        NodeKind::Command => "command",
    };
    let sql = text!(
        db,
        "INSERT INTO node (host, kind, version, tzdata, skew_ms, slots, started_at, seen_at)
        SELECT $1, $2, $3, $4, CAST($5 AS BIGINT) - n.now, $6, n.now, n.now FROM (SELECT ",
        NOW,
        " AS now) n RETURNING id"
    );
    let (id,): (i64,) = on!(db, p => sqlx::query_as(sql).bind(&node.host).bind(kind).bind(&node.version)
        .bind(chrono_tz::IANA_TZDB_VERSION).bind(local_now).bind(node.slots).fetch_one(p).await)?;
    Ok(id)
}

/// Records that a node stopped in order.
pub async fn leave(db: &Db, node: i64) -> Result<()> {
    let sql = text!(db, "UPDATE node SET stopped_at = ", NOW, ", seen_at = ", NOW, " WHERE id = $1");
    on!(db, p => sqlx::query(sql).bind(node).execute(p).await.map(|_| ()))
}

/// Nodes heard of within `within`, newest first.
pub async fn nodes(db: &Db, within: Millis) -> Result<Vec<NodeRow>> {
    let sql = text!(db, "SELECT * FROM node WHERE seen_at >= ", NOW, " - $1 ORDER BY id DESC");
    on!(db, p => sqlx::query_as(sql).bind(within).fetch_all(p).await)
}

/// Records that a node is still there.
pub async fn seen(db: &Db, node: i64) -> Result<()> {
    let sql = text!(db, "UPDATE node SET seen_at = ", NOW, " WHERE id = $1");
    on!(db, p => sqlx::query(sql).bind(node).execute(p).await.map(|_| ()))
}

/// Forgets nodes that nobody heard of for longer than `age`; their runs keep their own record of who was at them.
pub async fn forget_nodes(db: &Db, age: Millis) -> Result<u64> {
    let sql = text!(
        db,
        "DELETE FROM node WHERE seen_at < ",
        NOW,
        " - $1
        AND NOT EXISTS (SELECT 1 FROM run r WHERE r.node_id = node.id AND r.state IN ('running', 'stopping'))"
    );
    on!(db, p => sqlx::query(sql).bind(age).execute(p).await.map(|done| done.rows_affected()))
}
