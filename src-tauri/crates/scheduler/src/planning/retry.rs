//! When to try again.

use crate::Millis;

const MINUTE: Millis = 60_000;
/// Beyond this a longer wait serves nobody.
const LONGEST: Millis = 6 * 60 * MINUTE;

/// Longest wait before the attempt after `attempt`: 1, 3, 9 … minutes.
pub fn retry_bound(attempt: i64) -> Millis {
    let power = u32::try_from((attempt - 1).clamp(0, 20)).unwrap_or(20);
    (MINUTE * 3_i64.pow(power.min(6))).min(LONGEST)
}

/// When to try again after `attempt` of `max_attempts` failed; none: not at all. `draw` is from 0 to 1 and chooses a
/// moment below the bound. A retry that would not start before `next_due` is not made: the next occurrence does its work.
pub fn retry_at(attempt: i64, max_attempts: i64, now: Millis, next_due: Option<Millis>, draw: f64) -> Option<Millis> {
    if attempt >= max_attempts {
        return None;
    }
    let wait = (retry_bound(attempt) as f64 * draw.clamp(0.0, 1.0)) as Millis;
    Some(now + wait).filter(|at| next_due.is_none_or(|next| *at < next))
}
