//! When there is something to do next.

use presell_store::{Db, Result};

use crate::Millis;

/// Milliseconds until the next occurrence, pending run or lease end, by the database's clock; none: nothing is in sight.
/// Never negative. `waiting`: queued runs exist that this node could not take (their lane is busy, or no slot was free).
pub async fn wake(_db: &Db) -> Result<(Option<Millis>, bool)> {
    unimplemented!()
}
