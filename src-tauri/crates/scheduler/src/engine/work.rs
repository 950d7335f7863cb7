//! What a handler works with.

use presell_store::{Db, Result, Tx};
use tokio_util::sync::CancellationToken;

use crate::runs::Request;
use crate::{Counts, Done, Run};

/// One run in progress. Cloning shares it.
#[derive(Clone, Debug)]
pub struct Work {
    /// The run as it was claimed.
    pub run: Run,
    /// The database.
    pub db: Db,
    /// Cancelled when the run shall stop: somebody asked, its time is up, its lease is lost, or the node quits.
    pub token: CancellationToken,
}

impl Work {
    /// A transaction for the handler's writes, holding schedule and run row. An error if the run is not ours any more.
    /// Keep it short: on SQLite nobody else writes meanwhile, heartbeats included.
    pub async fn begin(&self) -> Result<Tx> {
        unimplemented!()
    }

    /// As [`Work::begin`], seeing one moment of the database throughout.
    pub async fn begin_snapshot(&self) -> Result<Tx> {
        unimplemented!()
    }

    /// Ends the run in the handler's last transaction and commits: its writes and its end are one.
    pub async fn finish(&self, _tx: Tx, _done: &Done) -> Result<()> {
        unimplemented!()
    }

    /// So much is done of so much; shown, and kept at most a few times a second.
    pub fn progress(&self, _done: u64, _total: u64) {
        unimplemented!()
    }

    /// Starts a part of this run.
    pub async fn child(&self, _request: Request) -> Result<Run> {
        unimplemented!()
    }

    /// Waits for all parts, without holding a slot meanwhile; returns them and the sum of their counts.
    pub async fn wait_for_children(&self) -> Result<(Vec<Run>, Counts)> {
        unimplemented!()
    }
}
