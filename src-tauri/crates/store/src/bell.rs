//! A bell between processes on one database: who changes something others wait for rings, so that nobody need poll.
//! On PostgreSQL it is NOTIFY; beside a SQLite file lies a file that is touched. A lost ring is no harm: everybody also looks
//! from time to time.

use crate::{Db, Result};

/// Hears the bell.
#[derive(Debug)]
pub struct Bell {}

impl Db {
    /// Rings, after the change was committed.
    pub async fn ring(&self) -> Result<()> {
        unimplemented!()
    }

    /// Begins to listen. A connection that breaks is made anew, and counts as one ring, since some may have been missed.
    pub async fn listen(&self) -> Result<Bell> {
        unimplemented!()
    }
}

impl Bell {
    /// Waits until somebody has rung since the last call; several rings count as one.
    pub async fn rung(&mut self) {
        unimplemented!()
    }
}
