//! What must never break when the power goes, the disk fills up or two programs work at once: `presell` is killed, starved
//! and doubled on a real database of each kind, and what it leaves behind is looked at with SQL.
//!
//! 100,000 purchase-order lines are imported; the imports are killed at 100 points, the refreshes at 24. The points are
//! random but spread: each lies in its own part of the time that the undisturbed work took, so no phase is missed. Every
//! second kill starts from an empty database; the one after it meets what the first left behind, with a file that differs in
//! the quantities of every fiftieth order, so that there is something to add and something to change.
//! `PRESELL_CRASH_SEED=N` repeats the points of an earlier run.

// `cfg(test)` says what is true of the whole binary, so that helpers may unwrap like the tests they serve.
#[cfg(test)]
mod data;
#[cfg(test)]
mod full_disk;
#[cfg(test)]
mod kill;
#[cfg(test)]
mod killed_imports;
#[cfg(test)]
mod killed_refreshes;
#[cfg(test)]
mod killed_syncs;
#[cfg(test)]
mod state;
#[cfg(test)]
#[expect(dead_code, reason = "shared with the journeys, which use more of it")]
#[path = "../journeys/support.rs"]
mod support;
#[cfg(test)]
mod together;
#[cfg(test)]
mod volume;
