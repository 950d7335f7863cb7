//! All there is behind the lock: the shop, what it remembers of requests, and the trouble ahead.

use std::mem;

use crate::answer::{Bucket, Documents};
use crate::clock::{Clock, Millis};
use crate::faults::Troublemaker;
use crate::journal::{By, Journal, Write};
use crate::shop::Shop;

pub(crate) struct World {
    pub(crate) shop: Shop,
    pub(crate) clock: Clock,
    pub(crate) journal: Journal,
    pub(crate) trouble: Troublemaker,
    pub(crate) documents: Documents,
    pub(crate) bucket: Bucket,
    pub(crate) requests: u64,
    /// Requests turned away because the bucket was empty, by the bucket itself or by a fault.
    pub(crate) throttled: u64,
    /// Changes since the state was last written to its file.
    pub(crate) unsaved: bool,
    index: Option<(Millis, Box<Shop>)>,
}

impl World {
    pub(crate) fn new(mut shop: Shop, clock: Clock, journal: Journal, trouble: Troublemaker) -> Self {
        shop.now = clock.now();
        shop.open();
        let bucket = Bucket::full(shop.plan, shop.now);
        let documents = Documents::default();
        Self {
            shop,
            clock,
            journal,
            trouble,
            documents,
            bucket,
            requests: 0,
            throttled: 0,
            unsaved: false,
            index: None,
        }
    }

    /// Brings the shop's time up to date, and says what it is.
    pub(crate) fn look_at_the_clock(&mut self) -> Millis {
        self.shop.now = self.clock.now();
        self.shop.now
    }

    /// Puts into the journal what somebody other than the API changed.
    pub(crate) fn note_others(&mut self) {
        let changes = mem::take(&mut self.shop.changes);
        if changes.is_empty() {
            return;
        }
        self.unsaved = true;
        self.journal.add(Write {
            number: 0,
            at: self.shop.now,
            by: By::Other,
            operation: String::new(),
            document: None,
            request: String::new(),
            arguments: serde_json::Value::Null,
            idempotency_key: None,
            changes,
            errors: Vec::new(),
            answered: true,
        });
    }

    /// Takes the shop as the search sees it, when it lags; hand it back with [`World::keep_index`].
    pub(crate) fn take_index(&mut self) -> Option<(Millis, Box<Shop>)> {
        let (now, lag) = (self.shop.now, self.shop.search_lag_ms);
        if lag <= 0 {
            return None;
        }
        let fresh = self.index.take().filter(|(taken, _)| now - taken < lag);
        Some(fresh.unwrap_or_else(|| (now, Box::new(self.shop.clone()))))
    }

    pub(crate) fn keep_index(&mut self, index: Option<(Millis, Box<Shop>)>) {
        self.index = index;
    }
}
