//! How long to wait before something is tried again.

use std::time::Duration;

/// Longer each time, and never at the same time as everybody else.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Backoff {
    failures: u32,
}

/// Tries after the first.
pub(super) const TRIES: u32 = 4;
const FIRST: Duration = Duration::from_millis(500);
const LONGEST: Duration = Duration::from_secs(10);

impl Backoff {
    /// The next wait; none: that was enough.
    pub(super) fn next(&mut self) -> Option<Duration> {
        if self.failures == TRIES {
            return None;
        }
        let whole = FIRST.saturating_mul(1 << self.failures).min(LONGEST);
        self.failures += 1;
        Some(whole.mul_f64(0.5 + fastrand::f64() / 2.0))
    }
}
