//! The end of a run, fenced: a run that was stopped, reaped or claimed anew matches no row, and nothing of it is kept.

use presell_store::{Db, Result, Tx};

use crate::{Counts, Failure, Run};

/// How a run ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// It came to its end: finished, or partial if items failed.
    Done(crate::Done),
    /// It failed; if that may pass and attempts remain, its retry is inserted with it.
    Failed(Failure),
    /// Somebody stopped it; what it counted so far is kept.
    Stopped(Counts),
    /// This node never learnt that it had claimed it, or lost sight of it: crashed, with its retry.
    Crashed(&'static str),
}

/// One run to end.
#[derive(Clone, Debug, PartialEq)]
pub struct Ending {
    /// The run as it was claimed.
    pub run: Run,
    /// How it ended.
    pub outcome: Outcome,
    /// From 0 to 1; chooses when a retry starts.
    pub draw: f64,
}

/// Ends many runs in one transaction. Returns the keys of those that were this node's to end; the others are stale.
pub async fn finish(_db: &Db, _endings: &[Ending]) -> Result<Vec<i64>> {
    unimplemented!()
}

/// Takes schedule row and run row for a handler's own transaction. False: the run is not this claim's any more; roll back.
/// While the transaction is open nobody can reap or stop the run.
pub async fn hold(_tx: &mut Tx, _run: &Run) -> Result<bool> {
    unimplemented!()
}

/// Ends one run inside the handler's own transaction, so that what it wrote and its end are one. False: roll back.
pub async fn finish_in(_tx: &mut Tx, _ending: &Ending) -> Result<bool> {
    unimplemented!()
}
