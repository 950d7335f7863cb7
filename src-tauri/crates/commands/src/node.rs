//! A process that works for everybody, as the daemon and the window do: the engine, the watched folders, and one line of
//! events to follow.

use std::time::Duration;

use presell_jobs::inbox::Inbox;
use presell_scheduler::engine::{Engine, Event, Stopped};
use presell_scheduler::machine::NodeKind;
use tokio::sync::broadcast::{Receiver, error::RecvError};

use crate::{App, Error, Result, start_node};

/// A node at work, until it is stopped.
pub struct Node {
    engine: Engine,
    events: Receiver<Event>,
    inbox: Inbox,
}

impl Node {
    /// Starts to work. `slots`: runs side by side; `grace`: how long they may go on when the node is stopped.
    ///
    /// # Errors
    /// The database does not take the node in.
    pub async fn start(app: &App, kind: NodeKind, slots: i64, grace: Duration) -> Result<Node> {
        let engine = start_node(app, kind, slots, grace).await?;
        let events = engine.events();
        let mut node = Node { engine, events, inbox: Inbox::new(app.db.clone()) };
        node.look().await;
        Ok(node)
    }

    /// Its key in the database.
    pub fn id(&self) -> i64 {
        self.engine.node()
    }

    /// The next thing that happens. Files that arrive in a watched folder are asked for on the way.
    ///
    /// # Errors
    /// The engine ended by itself.
    pub async fn next(&mut self) -> Result<Event> {
        loop {
            tokio::select! {
                asked = self.inbox.arrival() => if let Err(error) = asked {
                    tracing::warn!(%error, "a file arrived, but its run could not be asked for; its schedule takes it");
                },
                event = self.events.recv() => match event {
                    Ok(Event::Changed) => {
                        self.look().await;
                        return Ok(Event::Changed);
                    }
                    Ok(event) => return Ok(event),
                    Err(RecvError::Lagged(missed)) => tracing::debug!(missed, "too much happens to tell all of it"),
                    Err(RecvError::Closed) => {
                        return Err(Error::failed("The scheduler ended by itself. Please report this."));
                    }
                },
            }
        }
    }

    /// Finishes what runs within the grace, and hands the rest back.
    pub async fn stop(self) -> Stopped {
        self.engine.stop().await
    }

    /// Which folders to watch may have changed.
    async fn look(&mut self) {
        if let Err(error) = self.inbox.look().await {
            tracing::debug!(%error, "the watched folders are as before");
        }
    }
}
