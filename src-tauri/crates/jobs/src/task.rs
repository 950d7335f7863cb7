//! What a handler works with: its run, its store, its checked parameters, and the time.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};
use presell_catalog::refresh::{Outcome, RefreshError};
use presell_catalog::stores::Store;
use presell_scheduler::engine::Work;
use presell_store::StoreError;

use crate::Values;

/// One run of a job.
#[derive(Clone, Debug)]
pub struct Task {
    /// The run, with its transactions, its log and its progress.
    pub work: Work,
    /// The store it works for.
    pub store: Store,
    /// Its parameters, checked and with defaults.
    pub values: Values,
    /// Where `now` comes from.
    pub clock: Clock,
    /// Who waits for it in this process.
    pub caller: Option<Arc<Caller>>,
}

impl Task {
    /// Now, in UTC.
    pub async fn now(&self) -> Result<DateTime<Utc>, StoreError> {
        self.clock.now(&self.work.db).await
    }
}

/// Where `now` comes from.
#[derive(Clone, Copy, Debug, Default)]
pub enum Clock {
    /// The database, so that a computer with a wrong time decides nothing wrongly.
    #[default]
    Database,
    /// A moment that stands still; exists for tests only.
    #[cfg(debug_assertions)]
    Fixed(DateTime<Utc>),
}

impl Clock {
    /// Now, in UTC.
    pub async fn now(self, db: &presell_store::Db) -> Result<DateTime<Utc>, StoreError> {
        match self {
            Clock::Database => db.now().await,
            #[cfg(debug_assertions)]
            Clock::Fixed(now) => Ok(now),
        }
    }
}

/// Somebody in this process who asked for a refresh and wants more of it than the run's row keeps.
#[derive(Debug, Default)]
pub struct Caller {
    /// How many changes to hand over in full.
    pub list_changes: usize,
    outcome: Mutex<Option<Result<Outcome, RefreshError>>>,
}

impl Caller {
    /// Who wants so many changes in full.
    pub fn new(list_changes: usize) -> Caller {
        Caller { list_changes, outcome: Mutex::default() }
    }

    pub(crate) fn hand(&self, outcome: Result<Outcome, RefreshError>) {
        *self.outcome.lock().unwrap_or_else(PoisonError::into_inner) = Some(outcome);
    }

    /// What the refresh came to; none if it never got that far.
    pub fn take(&self) -> Option<Result<Outcome, RefreshError>> {
        self.outcome.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}
