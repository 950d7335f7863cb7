//! What there is to do, and when there will be something: one statement, so that a node with nothing to do asks nothing else.

use presell_store::{Db, Result, on, text};

use crate::Millis;

/// What one look at the database shows. Spans are from now, by the database's clock; none: nothing of the kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// Now.
    pub now: Millis,
    /// Until the next occurrence; not positive: it is due.
    pub due_in: Option<Millis>,
    /// Until the next pending run may be queued.
    pub pending_in: Option<Millis>,
    /// Until the first lease ends.
    pub lease_in: Option<Millis>,
    /// Runs are queued.
    pub queued: bool,
}

impl Look {
    /// Milliseconds until something happens by itself; never negative.
    pub fn next_in(&self) -> Option<Millis> {
        [self.due_in, self.pending_in, self.lease_in].into_iter().flatten().min().map(|span| span.max(0))
    }
}

/// Looks. An occurrence that only waits for the run before is not due.
pub async fn look(db: &Db) -> Result<Look> {
    let sql = text!(
        db,
        "SELECT ",
        NOW,
        " AS now,
        (SELECT min(s.next_due_at) FROM schedule s WHERE s.state = 'enabled' AND s.next_due_at IS NOT NULL
           AND (s.overlap <> 'follow_up' OR NOT EXISTS (SELECT 1 FROM run r WHERE r.schedule_id = s.id AND r.due_at IS NOT NULL
             AND r.state IN ('pending', 'queued', 'running', 'stopping')
             AND (r.state IN ('running', 'stopping') OR r.origin <> 'retry')))) AS due,
        (SELECT min(available_at) FROM run WHERE state = 'pending' AND (xkey IS NULL OR NOT EXISTS
           (SELECT 1 FROM run x WHERE x.xkey = run.xkey AND x.state = 'queued'))) AS pending,
        (SELECT min(lease_until) FROM run WHERE state IN ('running', 'stopping')) AS lease,
        EXISTS (SELECT 1 FROM run WHERE state = 'queued') AS queued"
    );
    type Row = (Millis, Option<Millis>, Option<Millis>, Option<Millis>, bool);
    let (now, due, pending, lease, queued): Row = on!(db, p => sqlx::query_as(sql).fetch_one(p).await)?;
    let until = |at: Option<Millis>| at.map(|at| at - now);
    Ok(Look { now, due_in: until(due), pending_in: until(pending), lease_in: until(lease), queued })
}
