//! A process that works for everybody, as the daemon and the window do: the engine, the watched folders, and one line of
//! events to follow.

use std::time::Duration;

use presell_jobs::inbox;
use presell_scheduler::engine::{Engine, Event, Stopped};
use presell_scheduler::machine::NodeKind;
use presell_store::Db;
use tokio::sync::broadcast::{Receiver, error::RecvError};
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::runs::start_node;
use crate::{App, Error, Result};

/// A node at work, until it is stopped.
pub struct Node {
    engine: Engine,
    events: Receiver<Event>,
    /// Attends to the watched folders for as long as the node is there.
    _folders: JoinSet<()>,
    db: Db,
    /// When other computers are told that runs ended here; none: nothing ended since.
    tell_at: Option<Instant>,
}

/// Runs end in bursts; others are told once for each.
const BURST: Duration = Duration::from_millis(300);

impl Node {
    /// Starts to work. `slots`: runs side by side; `grace`: how long they may go on when the node is stopped.
    ///
    /// # Errors
    /// The database does not take the node in.
    pub async fn start(app: &App, kind: NodeKind, slots: i64, grace: Duration) -> Result<Node> {
        let engine = start_node(app, kind, slots, grace).await?;
        let (events, db) = (engine.events(), app.db.clone());
        let mut folders = JoinSet::new();
        folders.spawn(inbox::watch(db.clone(), engine.events()));
        Ok(Node { engine, events, _folders: folders, db, tell_at: None })
    }

    /// Its key in the database.
    pub fn id(&self) -> i64 {
        self.engine.node()
    }

    /// The next thing that happens.
    ///
    /// # Errors
    /// The engine ended by itself.
    pub async fn next(&mut self) -> Result<Event> {
        loop {
            tokio::select! {
                () = until(self.tell_at) => {
                    self.tell_at = None;
                    if let Err(error) = self.db.ring().await {
                        tracing::debug!(%error, "other computers see the end of a run later");
                    }
                }
                event = self.events.recv() => match event {
                    Ok(event) => {
                        if matches!(event, Event::Ended { .. }) {
                            self.tell_at.get_or_insert_with(|| Instant::now() + BURST);
                        }
                        return Ok(event);
                    }
                    Err(RecvError::Lagged(missed)) => tracing::debug!(missed, "too much happens to tell all of it"),
                    Err(RecvError::Closed) => {
                        return Err(Error::failed("The scheduler ended by itself.."));
                    }
                },
            }
        }
    }

    /// Finishes what runs within the grace, and hands the rest back.
    pub async fn stop(self) -> Stopped {
        let stopped = self.engine.stop().await;
        presell_jobs::shops::doors::close().await;
        stopped
    }
}

async fn until(at: Option<Instant>) {
    match at {
        Some(at) => tokio::time::sleep_until(at).await,
        None => std::future::pending().await,
    }
}
