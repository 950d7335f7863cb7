//! The points a shop gives. Each request is paid before it is sent, so that none is turned away: the bucket is kept here as
//! the shop keeps it, learned from what it says, and whoever finds it too empty waits exactly as long as it takes to fill.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Mutex as Queue, Notify};
use tokio::time::{Instant, timeout};

use super::answer::Cost;

/// The least bucket that was ever given; the first answer says better.
const UNKNOWN: Bucket = Bucket { maximum: 1_000.0, restore: 50.0, known: false };

/// The bucket of one shop, shared by all that talk to it.
#[derive(Clone, Debug, Default)]
pub struct Limiter(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    points: Mutex<Points>,
    /// First come, first served: a dear request is not starved by cheap ones.
    queue: Queue<()>,
    corrected: Notify,
}

/// How large the bucket is and how fast it fills, per second.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bucket {
    /// Points at most.
    pub maximum: f64,
    /// Points back per second.
    pub restore: f64,
    /// Whether the shop said so; else it is the least that shops have.
    pub known: bool,
}

impl Bucket {
    /// Whether so many points are spent within about a minute; more go quicker by a bulk operation, which costs none.
    pub(super) fn suits(self, points: f64) -> bool {
        points <= self.maximum + 60.0 * self.restore
    }
}

#[derive(Debug)]
struct Points {
    bucket: Bucket,
    available: f64,
    at: Option<Instant>,
    in_flight: f64,
    /// What the shop asks per point of our own estimate, by operation.
    ratios: HashMap<&'static str, f64>,
}

impl Default for Points {
    fn default() -> Self {
        Points { bucket: UNKNOWN, available: UNKNOWN.maximum, at: None, in_flight: 0.0, ratios: HashMap::new() }
    }
}

/// Points taken for one request; they are given back as far as the request did not need them.
#[derive(Debug)]
pub(super) struct Hold {
    limiter: Limiter,
    name: &'static str,
    estimate: f64,
    points: f64,
    open: bool,
}

impl Limiter {
    /// What was learned of the bucket.
    pub fn bucket(&self) -> Bucket {
        self.points().bucket
    }

    /// Takes what a request will cost by our own estimate, corrected by what this operation cost before.
    pub(super) async fn reserve(&self, name: &'static str, estimate: f64) -> Hold {
        let _turn = self.0.queue.lock().await;
        loop {
            let corrected = self.0.corrected.notified();
            let missing = {
                let mut points = self.points();
                points.refill();
                let asked = estimate * points.ratios.get(name).copied().unwrap_or(1.0);
                // What does not fit at all is sent with a full bucket: the shop shall say that it is too much.
                let cost = asked.min(points.bucket.maximum);
                let missing = cost - points.available;
                if missing <= 0.0 {
                    points.available -= cost;
                    points.in_flight += cost;
                    return Hold { limiter: self.clone(), name, estimate, points: cost, open: true };
                }
                missing / points.bucket.restore.max(1.0)
            };
            // An answer may say meanwhile that there is more, or less, than thought.
            let _ = timeout(Duration::from_secs_f64(missing + 0.001), corrected).await;
        }
    }

    fn points(&self) -> MutexGuard<'_, Points> {
        self.0.points.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Points {
    fn refill(&mut self) {
        let now = Instant::now();
        let passed = self.at.map_or(0.0, |at| (now - at).as_secs_f64());
        self.available = (self.available + passed * self.bucket.restore).min(self.bucket.maximum);
        self.at = Some(now);
    }
}

impl Hold {
    /// The request was answered: what it cost, and what the shop says is left.
    pub(super) fn settle(mut self, cost: &Cost) {
        self.open = false;
        let mut points = self.limiter.points();
        points.refill();
        points.in_flight -= self.points;
        if let Some(actual) = cost.actual_query_cost {
            points.available += self.points - actual;
        } else if cost.throttle_status.is_some() {
            // Turned away: nothing was taken.
            points.available += self.points;
        }
        if let Some(requested) = cost.requested_query_cost.filter(|_| self.estimate > 0.0).filter(|cost| *cost > 0.0) {
            points.ratios.insert(self.name, requested / self.estimate);
        }
        if let Some(throttle) = cost.throttle_status {
            points.bucket = Bucket { maximum: throttle.maximum_available, restore: throttle.restore_rate, known: true };
            // Of the requests under way the shop has counted some: what is left lies between these two. Beyond them
            // somebody else uses the same bucket, or we were too careful.
            let (low, high) = (throttle.currently_available - points.in_flight, throttle.currently_available);
            points.available = points.available.max(low).min(high);
        }
        drop(points);
        self.limiter.0.corrected.notify_waiters();
    }

    /// The request never left.
    pub(super) fn cancel(mut self) {
        self.open = false;
        let mut points = self.limiter.points();
        points.in_flight -= self.points;
        points.available += self.points;
        drop(points);
        self.limiter.0.corrected.notify_waiters();
    }
}

/// Nobody knows whether the shop counted it, so it counts.
impl Drop for Hold {
    fn drop(&mut self) {
        if self.open {
            self.limiter.points().in_flight -= self.points;
        }
    }
}
