//! Asking for a run outside its schedule.

use presell_store::{Db, Result};

use crate::{Millis, Origin, Run, Schedule};

/// A run that somebody, or something, asks for.
#[derive(Clone, Debug)]
pub struct Request {
    /// The job.
    pub job_id: String,
    /// The store.
    pub store_id: i64,
    /// The shop; empty: none.
    pub shop_id: String,
    /// Manual, event or child.
    pub origin: Origin,
    /// Who asks.
    pub actor: String,
    /// Parameters as JSON, checked by the caller.
    pub params: String,
    /// Place in the order of a tick.
    pub step: i64,
    /// Its schedule, if it has one: its settings for attempts and time-out apply, its state does not matter.
    pub schedule: Option<Schedule>,
    /// The run it is a part of: it then has neither key nor lane.
    pub parent_id: Option<i64>,
    /// May run beside anything (a dry run): no key, no lane.
    pub beside: bool,
    /// Only this node may take it.
    pub for_node: Option<i64>,
    /// How long it may take.
    pub timeout_ms: Millis,
}

/// What became of a request.
#[derive(Clone, Debug)]
pub struct Requested {
    /// The run.
    pub run: Run,
    /// An equal event run was waiting already, and this is it.
    pub joined: bool,
}

/// Inserts the run, queued if it may start and pending if an equal one is queued before it. An event joins an event run
/// of the same job, store and shop that has not started yet.
pub async fn request(_db: &Db, _request: &Request) -> Result<Requested> {
    unimplemented!()
}
