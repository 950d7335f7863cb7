//! The machines that work on the jobs: who is there, who fell silent, and what each is at.

use std::collections::HashMap;

use presell_scheduler::Millis;
use presell_scheduler::machine::{NodeRow, nodes};
use presell_store::{At, on};
use serde::Serialize;
use ts_rs::TS;

use super::NODE_HEARD_WITHIN;
use crate::{App, Result};

/// Machines that stopped or fell silent are shown for so long: a week.
const SHOWN: Millis = 7 * 86_400_000;

/// A machine.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MachineView {
    /// Its key.
    pub id: i64,
    /// Name of the computer.
    pub host: String,
    /// `desktop` or `daemon`.
    pub kind: String,
    /// Version of Presell there.
    pub version: String,
    /// Whether it works.
    pub state: MachineLife,
    /// It is this computer.
    pub here: bool,
    /// When it started.
    pub since: At,
    /// When it was last heard of.
    pub seen: At,
    /// Runs it may be at side by side.
    pub slots: i64,
    /// Runs it is at.
    pub running: i64,
    /// Its clock is ahead of the database's by so many milliseconds; Presell goes by the database.
    pub skew_ms: Millis,
}

/// Whether a machine works.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum MachineLife {
    /// It was heard of within three minutes.
    AtWork,
    /// It did not say good-bye, and is not heard of any more.
    Silent,
    /// It was stopped in order.
    Stopped,
}

/// The machines of the last week, those at work first; of one computer and kind only the newest that is not at work.
pub(super) async fn machines(app: &App) -> Result<Vec<MachineView>> {
    let now = app.db.now().await?.timestamp_millis();
    let sql = "SELECT node_id, count(*) FROM run WHERE state IN ('running', 'stopping') AND node_id IS NOT NULL GROUP BY node_id";
    let running: Vec<(i64, i64)> = on!(&app.db, p => sqlx::query_as(sql).fetch_all(p).await)?;
    let running: HashMap<i64, i64> = running.into_iter().collect();
    let mut views: Vec<MachineView> = Vec::new();
    for node in nodes(&app.db, SHOWN).await?.into_iter().filter(stays) {
        let state = life(&node, now);
        let known = |v: &MachineView| v.host == node.host && v.kind == node.kind;
        if state != MachineLife::AtWork && views.iter().any(known) {
            continue;
        }
        views.push(MachineView {
            here: is_here(app, &node),
            state,
            since: node.started_at.into(),
            seen: node.seen_at.into(),
            slots: node.slots,
            running: running.get(&node.id).copied().unwrap_or_default(),
            skew_ms: node.skew_ms,
            id: node.id,
            host: node.host,
            kind: node.kind,
            version: node.version,
        });
    }
    views.sort_by_key(|v| (v.state != MachineLife::AtWork, !v.here, std::cmp::Reverse(v.seen)));
    Ok(views)
}

/// How many machines are at work on the jobs.
pub(crate) async fn at_work(app: &App) -> Result<usize> {
    let (here, elsewhere) = where_at_work(app).await?;
    Ok(here + elsewhere)
}

/// How many machines are at work here, and elsewhere.
pub(crate) async fn where_at_work(app: &App) -> Result<(usize, usize)> {
    let now = app.db.now().await?.timestamp_millis();
    let nodes = nodes(&app.db, NODE_HEARD_WITHIN).await?;
    let at_work: Vec<&NodeRow> =
        nodes.iter().filter(|node| stays(node) && life(node, now) == MachineLife::AtWork).collect();
    let here = at_work.iter().filter(|node| is_here(app, node)).count();
    Ok((here, at_work.len() - here))
}

/// A command works for its own run only, and is gone after it.
fn stays(node: &NodeRow) -> bool {
    node.kind != "command"
}

fn is_here(app: &App, node: &NodeRow) -> bool {
    !node.host.is_empty() && node.host == app.machine.host
}

fn life(node: &NodeRow, now: Millis) -> MachineLife {
    if node.stopped_at.is_some() {
        MachineLife::Stopped
    } else if now - node.seen_at <= NODE_HEARD_WITHIN {
        MachineLife::AtWork
    } else {
        MachineLife::Silent
    }
}
