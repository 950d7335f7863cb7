//! What became stale, told to every open page: by commands called here, by runs, and by whoever else is at the database.

use std::convert::Infallible;

use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::Stream;
use futures_util::stream::unfold;
use presell_commands::Topic;
use tokio::sync::broadcast::error::RecvError;

use crate::serve::Host;

/// `GET /events`: one message `{"topics": […]}` for each change.
pub(crate) async fn events(State(host): State<Host>) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let changes = host.changes.subscribe();
    let messages = unfold(changes, |mut changes| async move {
        let topics = match changes.recv().await {
            Ok(topics) => topics,
            Err(RecvError::Lagged(_)) => Topic::ALL.to_vec(),
            Err(RecvError::Closed) => return None,
        };
        let message = serde_json::json!({ "topics": topics });
        Some((Ok(Event::default().data(message.to_string())), changes))
    });
    Sse::new(messages).keep_alive(KeepAlive::default())
}
