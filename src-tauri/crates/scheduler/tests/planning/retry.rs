//! When to try again.

use presell_scheduler::planning::{retry_at, retry_bound};
use proptest::prelude::*;

use super::{HOUR, MINUTE, utc};

#[test]
fn waits_grow_from_one_minute_to_three_to_nine() {
    let bounds: Vec<i64> = (1..=3).map(retry_bound).collect();
    assert_eq!(bounds, [MINUTE, 3 * MINUTE, 9 * MINUTE], "1, 3 and 9 minutes");
    assert_eq!((retry_bound(7), retry_bound(1_000)), (6 * HOUR, 6 * HOUR), "more than six hours serve nobody");
}

#[test]
fn the_last_attempt_is_the_last() {
    let now = utc("2026-01-01 09:00");
    assert_eq!(retry_at(3, 3, now, None, 0.5), None, "three of three is the end");
    assert_eq!(retry_at(1, 1, now, None, 0.0), None, "one of one too");
    assert_eq!(retry_at(2, 3, now, None, 0.0), Some(now), "the smallest draw tries again at once");
    assert_eq!(retry_at(2, 3, now, None, 1.0), Some(now + 3 * MINUTE), "the largest waits to the bound");
}

#[test]
fn the_next_occurrence_does_the_work_of_a_retry_that_would_not_start_before_it() {
    let now = utc("2026-01-01 09:00");
    assert_eq!(retry_at(1, 3, now, Some(now + MINUTE), 0.5), Some(now + MINUTE / 2), "there is time before it");
    assert_eq!(retry_at(1, 3, now, Some(now + MINUTE), 1.0), None, "at the same moment is not before");
    assert_eq!(retry_at(1, 3, now, Some(now), 0.0), None, "an occurrence that is due already goes first");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_retry_is_never_early_never_beyond_its_bound_and_never_delays_the_next_occurrence(
        attempt in 1..12_i64, max in 1..12_i64, now in 0..2_000_000_000_000_i64, next in prop::option::of(-HOUR..10 * HOUR), draw in -0.5..1.5_f64,
    ) {
        let next = next.map(|ahead| now + ahead);
        match retry_at(attempt, max, now, next, draw) {
            Some(at) => {
                prop_assert!(attempt < max, "only while attempts remain");
                prop_assert!(at >= now && at <= now + retry_bound(attempt), "between now and the bound");
                prop_assert!(next.is_none_or(|next| at < next), "before the next occurrence");
            }
            None => {
                let latest = now + retry_bound(attempt);
                prop_assert!(attempt >= max || next.is_some_and(|next| next <= latest), "none only for a reason");
            }
        }
    }
}
