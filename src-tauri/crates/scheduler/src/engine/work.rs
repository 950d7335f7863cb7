//! What a handler works with.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use presell_store::{Db, Result, StoreError, Tx};
use tokio_util::sync::CancellationToken;

use super::hand::{Hand, Shared};
use super::run_log::{LINES, LONGEST, Note};
use crate::machine::{self, Ending, Outcome, Progress};
use crate::runs::{self, Level, LogLine, Request};
use crate::{Counts, Done, Origin, Run, RunState};

/// One run in progress. Cloning shares it.
#[derive(Clone)]
pub struct Work {
    /// The run as it was claimed.
    pub run: Run,
    /// The database.
    pub db: Db,
    /// Cancelled when the run shall stop: somebody asked, its time is up, its lease is lost, or the node quits.
    pub token: CancellationToken,
    shared: Arc<Shared>,
    hand: Arc<Hand>,
}

impl std::fmt::Debug for Work {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Work").field("run", &self.run.id).field("job", &self.run.job_id).finish_non_exhaustive()
    }
}

impl Work {
    pub(super) fn new(shared: Arc<Shared>, hand: Arc<Hand>) -> Work {
        Work { run: hand.run.clone(), db: shared.db.clone(), token: hand.token.clone(), shared, hand }
    }

    /// A transaction for the handler's writes, holding schedule and run row.
    /// Keep it short: on SQLite nobody else writes meanwhile, heartbeats included.
    ///
    /// # Errors
    /// [`StoreError::Replaced`]: the run was stopped or is not ours any more.
    pub async fn begin(&self) -> Result<Tx> {
        self.held(self.db.begin().await?).await
    }

    /// As [`Work::begin`], seeing one moment of the database throughout.
    pub async fn begin_snapshot(&self) -> Result<Tx> {
        self.held(self.db.begin_snapshot().await?).await
    }

    async fn held(&self, mut tx: Tx) -> Result<Tx> {
        match machine::hold(&mut tx, &self.run).await {
            Ok(true) => Ok(tx),
            other => {
                tx.rollback().await?;
                Err(other.err().unwrap_or(StoreError::Replaced))
            }
        }
    }

    /// Ends the run in the handler's last transaction and commits: its writes and its end are one. The handler returns
    /// right after it.
    ///
    /// # Errors
    /// [`StoreError::Replaced`]: the run was stopped or is not ours any more, and nothing was written.
    pub async fn finish(&self, mut tx: Tx, done: &Done) -> Result<()> {
        let ending = Ending { run: self.run.clone(), outcome: Outcome::Done(done.clone()), draw: 0.0 };
        match machine::finish_in(&mut tx, &ending).await {
            Ok(true) => tx.commit().await?,
            other => {
                tx.rollback().await?;
                return Err(other.err().unwrap_or(StoreError::Replaced));
            }
        }
        let state = if done.counts.failed > 0 { RunState::Partial } else { RunState::Finished };
        self.hand.set_ended(state);
        Ok(())
    }

    /// So much is done of so much; shown, and kept at most a few times a second.
    pub fn progress(&self, done: u64, total: u64) {
        let whole = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
        let progress = Progress { run: self.run.id, fence: self.run.fence, done: whole(done), total: whole(total) };
        // When too much is said at once, the next word on progress replaces this one.
        let _ = self.shared.notes.try_send(Note::Progress(progress));
    }

    /// A line in the log of this run. What exceeds a few thousand lines is left out, and said to be.
    pub fn log(&self, level: Level, text: impl Into<String>) {
        let seq = self.hand.lines.fetch_add(1, Ordering::Relaxed) + 1;
        let mut text = match seq {
            ..LINES => text.into(),
            LINES => "More was said than is kept; the rest is left out.".to_owned(),
            _ => return,
        };
        text.truncate(text.floor_char_boundary(LONGEST));
        let line = LogLine { run_id: self.run.id, seq, at: self.shared.now(), level: level.word().to_owned(), text };
        if self.shared.notes.try_send(Note::Line(line)).is_err() {
            tracing::debug!(run = self.run.id, "a log line is lost: too much is said at once");
        }
    }

    /// Starts a part of this run.
    pub async fn child(&self, request: Request) -> Result<Run> {
        let request = Request { parent_id: Some(self.run.id), origin: Origin::Child, ..request };
        let run = runs::request(&self.db, &request).await?.run;
        self.shared.wake.notify_one();
        Ok(run)
    }

    /// Waits for all parts, without holding a slot meanwhile; returns them and the sum of their counts.
    ///
    /// # Errors
    /// [`StoreError::Replaced`]: this run itself shall stop.
    pub async fn wait_for_children(&self) -> Result<(Vec<Run>, Counts)> {
        self.hand.set_permit(None);
        self.shared.wake.notify_one();
        let parts = loop {
            let ended = self.shared.ended.notified();
            let parts = runs::children(&self.db, self.run.id).await?;
            if parts.iter().all(|part| part.state.is_ended()) {
                break parts;
            }
            tokio::select! {
                () = self.token.cancelled() => return Err(StoreError::Replaced),
                // Parts that other nodes are at end without a word to this one.
                _ = tokio::time::timeout(Duration::from_millis(500), ended) => {}
            }
        };
        let slot = tokio::select! {
            slot = self.shared.slots.clone().acquire_owned() => slot.ok(),
            () = self.token.cancelled() => return Err(StoreError::Replaced),
        };
        self.hand.set_permit(slot);
        let counts = parts.iter().filter_map(|part| serde_json::from_str(part.counts.as_deref()?).ok());
        let sum = counts.fold(Counts::default(), Counts::plus);
        Ok((parts, sum))
    }
}
