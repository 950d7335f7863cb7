//! The machine's clocks. They decide nothing about when a run is due, the database's clock does; they tell how long to wait,
//! and that the machine slept or its clock was set.

use std::time::{Duration, Instant};

use crate::Millis;

/// Clocks of a machine; tests turn their own.
pub trait Clock: Send + Sync + 'static {
    /// Wall clock.
    fn wall(&self) -> Millis;
    /// Steady time that stands still while the machine sleeps (on Windows it goes on).
    fn awake(&self) -> Duration;
    /// Steady time that goes on while the machine sleeps, where the system has one.
    fn always(&self) -> Option<Duration>;
}

/// The clocks of this machine.
#[derive(Debug)]
pub struct Machine(Instant);

impl Default for Machine {
    fn default() -> Self {
        Machine(Instant::now())
    }
}

impl Clock for Machine {
    #[expect(
        clippy::disallowed_methods,
        reason = "compared with steady time to notice sleep and jumps; no run depends on it"
    )]
    fn wall(&self) -> Millis {
        chrono::Utc::now().timestamp_millis()
    }

    fn awake(&self) -> Duration {
        self.0.elapsed()
    }

    #[cfg(any(target_os = "linux", target_vendor = "apple"))]
    fn always(&self) -> Option<Duration> {
        use rustix::time::{ClockId, clock_gettime};
        // Of the two names the one that counts sleep: on Apple's systems that is the monotonic clock.
        #[cfg(target_os = "linux")]
        let clock = ClockId::Boottime;
        #[cfg(target_vendor = "apple")]
        let clock = ClockId::Monotonic;
        let now = clock_gettime(clock);
        Some(Duration::new(now.tv_sec.unsigned_abs(), u32::try_from(now.tv_nsec).unwrap_or_default()))
    }

    #[cfg(not(any(target_os = "linux", target_vendor = "apple")))]
    fn always(&self) -> Option<Duration> {
        None
    }
}

/// A difference this large is a sleep or a jump, not a slow machine.
const JUMP: Millis = 10_000;

/// What two looks at the clocks tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Since {
    /// Time went by.
    Ordinary,
    /// The machine slept, or its wall clock was set forward.
    Resumed,
    /// The wall clock was set back.
    WentBack,
}

/// The last look at a wall clock, and at steady time beside it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Look {
    wall: Millis,
    awake: Duration,
    always: Option<Duration>,
}

impl Look {
    /// At the machine's clocks.
    pub(super) fn at(clock: &dyn Clock) -> Look {
        Look { wall: clock.wall(), awake: clock.awake(), always: clock.always() }
    }

    /// At the database's wall clock, which said `wall` just now.
    pub(super) fn at_database(wall: Millis, clock: &dyn Clock) -> Look {
        Look { wall, awake: clock.awake(), always: None }
    }

    /// What happened since, if no more than `expected` should have gone by.
    pub(super) fn until(self, later: Look, expected: Option<Duration>) -> Since {
        let awake = later.awake.saturating_sub(self.awake);
        let jump = later.wall - self.wall - millis(awake);
        let slept = match (self.always, later.always) {
            (Some(before), Some(after)) => millis(after.saturating_sub(before).saturating_sub(awake)),
            _ => 0,
        };
        let late = expected.map_or(0, |expected| millis(awake.saturating_sub(expected)));
        if jump < -JUMP {
            Since::WentBack
        } else if jump > JUMP || slept > JUMP || late > JUMP {
            Since::Resumed
        } else {
            Since::Ordinary
        }
    }
}

/// Whole milliseconds of a span.
pub(super) fn millis(span: Duration) -> Millis {
    Millis::try_from(span.as_millis()).unwrap_or(Millis::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look(wall: Millis, awake: u64, always: Option<u64>) -> Look {
        Look { wall, awake: Duration::from_secs(awake), always: always.map(Duration::from_secs) }
    }

    #[test]
    fn time_that_goes_by_evenly_is_no_jump() {
        assert_eq!(look(0, 0, Some(0)).until(look(5_200, 5, Some(5)), None), Since::Ordinary);
    }

    #[test]
    fn a_sleeping_machine_is_noticed_by_any_of_its_clocks() {
        let slice = Some(Duration::from_secs(5));
        assert_eq!(look(0, 0, None).until(look(28_805_000, 5, None), slice), Since::Resumed, "by the wall clock");
        assert_eq!(
            look(0, 0, Some(0)).until(look(5_000, 5, Some(3_600)), slice),
            Since::Resumed,
            "by the clock that never stops"
        );
        assert_eq!(
            look(0, 0, None).until(look(60_000, 60, None), slice),
            Since::Resumed,
            "by a slice that took far too long"
        );
    }

    #[test]
    fn a_clock_that_was_set_back_is_told_apart() {
        assert_eq!(look(100_000, 0, None).until(look(80_000, 5, None), None), Since::WentBack);
    }

    #[test]
    fn this_machine_counts_steadily() {
        let clock = Machine::default();
        let before = Look::at(&clock);
        assert_eq!(before.until(Look::at(&clock), None), Since::Ordinary);
    }
}
