//! The occurrences a schedule should have had. Steps are counted here by arithmetic of the checker's own, so that a fault of
//! the planner cannot hide itself; wall time is left to the planner, whose tests compare it with a brute-force list.

use presell_scheduler::planning::Timing;
use presell_scheduler::{Millis, Schedule};

/// Where occurrences lie.
pub(crate) enum Grid {
    /// `anchor + k · step`, from the anchor on.
    Steps { anchor: Millis, step: Millis },
    /// Days and cron.
    Wall(Timing),
}

impl Grid {
    /// The grid of a schedule; none: it has no occurrences of its own, or cannot be read.
    pub(crate) fn of(schedule: &Schedule) -> Option<Grid> {
        match (schedule.kind.as_str(), schedule.every_ms) {
            ("every", Some(step)) if step > 0 => Some(Grid::Steps { anchor: schedule.anchor_at, step }),
            ("days" | "cron", _) => Timing::of(schedule).ok().map(Grid::Wall),
            _ => None,
        }
    }

    /// Whether something is due at this instant.
    pub(crate) fn has(&self, at: Millis) -> bool {
        match self {
            Grid::Steps { anchor, step } => at >= *anchor && (at - anchor) % step == 0,
            Grid::Wall(timing) => timing.next(at - 1) == Some(at),
        }
    }

    /// How many lie from `from` until just before `to`.
    pub(crate) fn count(&self, from: Millis, to: Millis) -> i64 {
        match self {
            Grid::Steps { anchor, step } => {
                let before =
                    |at: Millis| (at - anchor).max(0).div_euclid(*step) + i64::from((at - anchor).max(0) % step != 0);
                before(to) - before(from)
            }
            Grid::Wall(timing) => timing.count(from, to - 1).map_or(0, |(_, count)| count),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_counted_from_the_anchor_on_the_first_included_the_last_not() {
        let grid = Grid::Steps { anchor: 1_000, step: 300 };
        for (from, to, count) in
            [(1_000, 1_300, 1), (1_000, 1_301, 2), (1_001, 1_300, 0), (0, 1_000, 0), (0, 1_001, 1), (1_000, 4_000, 10)]
        {
            assert_eq!(grid.count(from, to), count, "occurrences from {from} until before {to}");
            let listed = (from..to).filter(|at| grid.has(*at)).count() as i64;
            assert_eq!(listed, count, "and one by one");
        }
    }
}
