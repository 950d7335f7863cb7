//! A tick: the schedule moves on and its occurrences become rows, in one transaction.

use presell_store::{Db, Result};

use super::Due;
use crate::planning::Plan;

/// What one tick shall do.
#[derive(Clone, Debug)]
pub struct Tick {
    /// The schedule as it was read; the compare-and-swap names its `next_due_at` and `version`.
    pub due: Due,
    /// The plan made from it.
    pub plan: Plan,
    /// Place of its runs in the order of a tick.
    pub step: i64,
}

/// Makes the ticks, all in one transaction; if that fails, one by one. Returns for each whether this node made it: another
/// node may have been first, or somebody edited or paused the schedule meanwhile.
pub async fn tick(_db: &Db, _ticks: &[Tick]) -> Result<Vec<bool>> {
    unimplemented!()
}

/// After the clock went back: lets every enabled schedule wait for its next occurrence that has no row. Returns how many
/// were moved.
pub async fn realign_all(_db: &Db) -> Result<u64> {
    unimplemented!()
}
