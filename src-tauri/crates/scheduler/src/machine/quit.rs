//! A node that quits hands back what it is at.

use presell_store::{Db, Result};

use crate::Run;

/// Ends these runs as cancelled (APP_QUIT) and inserts a row that continues each, same attempt, in one transaction.
/// A run that somebody was stopping is only cancelled. Returns how many were handed back.
pub async fn hand_back(_db: &Db, _runs: &[Run]) -> Result<u64> {
    unimplemented!()
}
