//! When there is something to do next.

use presell_store::{Db, Result, on, text};

use crate::Millis;

/// Milliseconds until the next occurrence, pending run or lease end, by the database's clock; none: nothing is in sight.
/// Never negative. `waiting`: queued runs exist that this node could not take (their lane is busy, or no slot was free).
pub async fn wake(db: &Db) -> Result<(Option<Millis>, bool)> {
    let sql = text!(db, "SELECT
        (SELECT min(s.next_due_at) FROM schedule s WHERE s.state = 'enabled' AND s.next_due_at IS NOT NULL
           AND (s.overlap = 'skip' OR NOT EXISTS (SELECT 1 FROM run r WHERE r.schedule_id = s.id AND r.due_at IS NOT NULL
             AND r.state IN ('pending', 'queued', 'running', 'stopping')
             AND (r.state IN ('running', 'stopping') OR r.origin <> 'retry')))) AS due,
        (SELECT min(available_at) FROM run WHERE state = 'pending') AS pending,
        (SELECT min(lease_until) FROM run WHERE state IN ('running', 'stopping')) AS lease,
        EXISTS (SELECT 1 FROM run WHERE state = 'queued') AS waiting, ", NOW, " AS now");
    type Row = (Option<Millis>, Option<Millis>, Option<Millis>, bool, Millis);
    let (due, pending, lease, waiting, now): Row = on!(db, p => sqlx::query_as(sql).fetch_one(p).await)?;
    let next = [due, pending, lease].into_iter().flatten().min();
    Ok((next.map(|at| (at - now).max(0)), waiting))
}
