//! What was done, counted while it happens.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// How often each thing was done.
#[derive(Default)]
pub(crate) struct Tally(Mutex<Counts>);

#[derive(Default)]
struct Counts {
    trouble: BTreeMap<String, u64>,
    people: BTreeMap<String, u64>,
    faults: BTreeMap<String, u64>,
    most: BTreeMap<String, i64>,
    left_out: BTreeMap<String, String>,
    late: Vec<String>,
}

impl Tally {
    fn counts(&self) -> MutexGuard<'_, Counts> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One more piece of trouble.
    pub(crate) fn add(&self, what: &str) {
        *self.counts().trouble.entry(what.to_owned()).or_default() += 1;
    }

    /// People did one more thing.
    pub(crate) fn add_people(&self, what: &str) {
        *self.counts().people.entry(what.to_owned()).or_default() += 1;
    }

    /// A shop went wrong so often.
    pub(crate) fn add_faults(&self, what: &str, times: u64) {
        if times > 0 {
            *self.counts().faults.entry(what.to_owned()).or_default() += times;
        }
    }

    /// Keeps the greatest value.
    pub(crate) fn keep_most(&self, what: &str, value: i64) {
        let mut counts = self.counts();
        let most = counts.most.entry(what.to_owned()).or_default();
        *most = value.max(*most);
    }

    /// This trouble cannot be made here.
    pub(crate) fn leave_out(&self, what: &str, why: &str) {
        self.counts().left_out.insert(what.to_owned(), why.to_owned());
    }

    /// A node was not back in time.
    pub(crate) fn add_late(&self, what: String) {
        self.counts().late.push(what);
    }

    pub(crate) fn trouble(&self) -> BTreeMap<String, u64> {
        self.counts().trouble.clone()
    }

    pub(crate) fn people(&self) -> BTreeMap<String, u64> {
        self.counts().people.clone()
    }

    pub(crate) fn faults(&self) -> BTreeMap<String, u64> {
        self.counts().faults.clone()
    }

    pub(crate) fn most(&self) -> BTreeMap<String, i64> {
        self.counts().most.clone()
    }

    pub(crate) fn left_out(&self) -> BTreeMap<String, String> {
        self.counts().left_out.clone()
    }

    pub(crate) fn late(&self) -> Vec<String> {
        self.counts().late.clone()
    }
}
