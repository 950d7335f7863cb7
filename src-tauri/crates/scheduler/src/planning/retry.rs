//! When to try again.

use crate::Millis;

/// Longest wait before the attempt after `attempt`: 1, 3, 9 … minutes.
pub fn retry_bound(_attempt: i64) -> Millis {
    unimplemented!()
}

/// When to try again after `attempt` of `max_attempts` failed; none: not at all. `draw` is from 0 to 1 and chooses a
/// moment below the bound. A retry that would not start before `next_due` is not made: the next occurrence does its work.
pub fn retry_at(_attempt: i64, _max_attempts: i64, _now: Millis, _next_due: Option<Millis>, _draw: f64) -> Option<Millis> {
    unimplemented!()
}
