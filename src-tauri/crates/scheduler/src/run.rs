//! One run: an attempt at one occurrence, or what somebody asked for.

use crate::{Millis, Origin, RunState};

/// A row of `run`.
#[derive(Clone, Debug, PartialEq, sqlx::FromRow)]
pub struct Run {
    /// Its key.
    pub id: i64,
    /// The schedule it belongs to; none: asked for without one.
    pub schedule_id: Option<i64>,
    /// The job.
    pub job_id: String,
    /// The store.
    pub store_id: i64,
    /// The shop; empty: none.
    pub shop_id: String,
    /// The intended time; none: run now, event, child.
    pub due_at: Option<Millis>,
    /// Counts the rows of one occurrence, from 1.
    pub seq: i64,
    /// Counts the attempts, from 1. A continuation keeps its number.
    pub attempt: i64,
    /// Occurrences this row stands for.
    pub covers: i64,
    /// Where it comes from.
    #[sqlx(try_from = "String")]
    pub origin: Origin,
    /// The run it is a part of.
    pub parent_id: Option<i64>,
    /// Who asked for it; of recurring runs, who last edited the schedule.
    pub actor: String,
    /// Its state.
    #[sqlx(try_from = "String")]
    pub state: RunState,
    /// Why it ended other than well; see [`reason`](crate::reason).
    pub reason: Option<String>,
    /// More about the reason, e.g. "recovered from NODE".
    pub detail: Option<String>,
    /// Parameters as used, as JSON.
    pub params: String,
    /// Equal runs never overlap; none: may run beside anything.
    pub xkey: Option<String>,
    /// Runs of one lane never overlap.
    pub lane: Option<String>,
    /// Of a shop's run: the lane of its store.
    pub lane_up: Option<String>,
    /// Order inside one tick.
    pub step: i64,
    /// Higher goes first.
    pub priority: i64,
    /// Not before this.
    pub available_at: Millis,
    /// Only this node may take it.
    pub for_node: Option<i64>,
    /// Raised by every claim.
    pub fence: i64,
    /// Who is, or was last, at it.
    pub node_id: Option<i64>,
    /// Until when its node is trusted to be at it.
    pub lease_until: Option<Millis>,
    /// Who asked it to stop.
    pub stop_by: Option<String>,
    /// A run that takes longer is ended as failed.
    pub timeout_ms: Millis,
    /// Attempts in all.
    pub max_attempts: i64,
    /// When the row was made.
    pub created_at: Millis,
    /// When it started.
    pub started_at: Option<Millis>,
    /// When it ended.
    pub finished_at: Option<Millis>,
    /// Progress: so much is done …
    pub done: Option<i64>,
    /// … of so much.
    pub total: Option<i64>,
    /// [`Counts`](crate::Counts), as JSON.
    pub counts: Option<String>,
    /// What the handler reports, as JSON.
    pub result: Option<String>,
    /// The error in full, with its causes.
    pub error: Option<String>,
}

impl Run {
    /// Whether it belongs to the recurrence of its schedule.
    pub fn is_recurring(&self) -> bool {
        self.due_at.is_some()
    }
}

/// The lane of a run, and the lane whose earlier steps go first. Runs of one lane never overlap; work outside the database
/// has a lane of its own beside the store's, so that a slow shop does not hold up the lists.
pub(crate) fn lanes(store: i64, shop: &str, outside: bool) -> (String, Option<String>) {
    let up = || Some(format!("{store}/"));
    match (shop, outside) {
        ("", false) => (format!("{store}/"), None),
        ("", true) => (format!("{store}/*"), up()),
        (shop, _) => (format!("{store}/{shop}"), up()),
    }
}
