//! Long work on files: how far it is, how to stop it, and the reviews that are looked at. Kept in memory: it is worth
//! nothing to another process.

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use presell_imports::Progress;
use presell_imports::review::Review;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{App, Error, Nothing, Result};

/// Reviews kept; an older one gives way, and its temporary database with it.
const REVIEWS: usize = 3;

/// What goes on with files in this process.
#[derive(Clone, Debug, Default)]
pub struct Works(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    works: Mutex<HashMap<String, Arc<Progress>>>,
    reviews: Mutex<VecDeque<(String, Arc<Review>)>>,
    count: AtomicU64,
}

/// Takes a lock, also after somebody panicked: what is kept here is whole at every moment.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Works {
    /// Runs work that may take long apart from what answers the window, under the name by which it is watched.
    pub(super) async fn work<T: Send + 'static, F>(
        &self,
        name: Option<String>,
        make: impl FnOnce(Arc<Progress>) -> F + Send + 'static,
    ) -> Result<T>
    where
        F: Future<Output = Result<T>> + Send,
    {
        let progress = Arc::new(Progress::default());
        if let Some(name) = &name {
            lock(&self.0.works).insert(name.clone(), Arc::clone(&progress));
        }
        let runtime = tokio::runtime::Handle::current();
        // Reading a file holds its thread up; those of the runtime have others to serve.
        let done = tokio::task::spawn_blocking(move || runtime.block_on(make(progress))).await;
        if let Some(name) = &name {
            lock(&self.0.works).remove(name);
        }
        done.map_err(|error| Error::failed(format!("The work came to no end: {error}. Try again.")))?
    }

    pub(super) fn keep(&self, review: Review) -> (String, Arc<Review>) {
        let name = format!("review-{}", self.0.count.fetch_add(1, Ordering::Relaxed) + 1);
        let review = Arc::new(review);
        let mut reviews = lock(&self.0.reviews);
        reviews.push_back((name.clone(), Arc::clone(&review)));
        if reviews.len() > REVIEWS {
            reviews.pop_front();
        }
        (name, review)
    }

    pub(super) fn review(&self, name: &str) -> Result<Arc<Review>> {
        let found = lock(&self.0.reviews).iter().find(|(of, _)| of == name).map(|(_, review)| Arc::clone(review));
        found.ok_or_else(|| Error::NotFound { message: "This review is gone. Review the file again.".to_owned() })
    }
}

/// Work that goes on.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ShowWork {
    /// The name it was given.
    pub work: String,
}

/// How far some work is.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Work {
    /// What is done just now.
    pub what: &'static str,
    /// How much of it is done: bytes or rows.
    pub done: u64,
    /// Of how much.
    pub total: u64,
}

/// How far some work is; none if it has ended.
pub async fn show_work(app: &App, args: ShowWork) -> Result<Option<Work>> {
    let progress = lock(&app.works.0.works).get(&args.work).cloned();
    Ok(progress.map(|progress| {
        let (what, done, total) = progress.now();
        Work { what, done: done.min(total), total }
    }))
}

/// Stops some work; what it wrote is taken back. Work that has ended is no error.
pub async fn stop_work(app: &App, args: ShowWork) -> Result<Nothing> {
    if let Some(progress) = lock(&app.works.0.works).get(&args.work) {
        progress.stop();
    }
    Ok(Nothing {})
}
