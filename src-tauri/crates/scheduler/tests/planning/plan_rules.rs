//! What every tick keeps to, whatever the mix of catch-up, overlap, downtime and edits.

use std::collections::BTreeSet;

use presell_scheduler::planning::{Fate, Plan, Timing, plan, realign};
use presell_scheduler::{CatchUp, Millis, Schedule, reason};
use proptest::prelude::*;

use super::{DAY, HOUR, recurrence, steps, utc, waiting, zone};

/// One tick that may come: the schedule, how it repeats, now, and whether its previous run is open.
#[derive(Clone, Debug)]
struct Case {
    schedule: Schedule,
    timing: Timing,
    now: Millis,
    busy: bool,
}

impl Case {
    fn plan(&self) -> Plan {
        plan(&self.schedule, &self.timing, self.now, self.busy)
    }

    /// Everything due in [next_due, now], written out; the first may be off the grid.
    fn due(&self) -> Vec<Millis> {
        let first = self.schedule.next_due_at.unwrap();
        let mut due: Vec<Millis> = [first].into_iter().filter(|due| *due <= self.now).collect();
        if !due.is_empty() {
            due.extend(steps(&self.timing, first, self.now));
        }
        due
    }

    fn merged(&self, due: Millis) -> bool {
        let (from, until) = (self.schedule.last_from, self.schedule.last_until);
        from.zip(until).is_some_and(|(from, until)| from < due && due <= until)
    }
}

fn timings() -> impl Strategy<Value = Timing> {
    let texts =
        ["5m", "15m", "1h", "6h", "1d", "2d", "*/15 * * * *", "30 2 * * *", "0 9-17 * * MON-FRI", "0,30 1 * * *"];
    let zones = ["UTC", "America/New_York", "Australia/Lord_Howe", "Asia/Beirut"];
    (prop::sample::select(texts.to_vec()), prop::sample::select(zones.to_vec()), 0..DAY).prop_map(
        |(text, name, phase)| Timing {
            recurrence: recurrence(text),
            zone: zone(name),
            anchor: utc("2026-01-01 00:00") + phase,
        },
    )
}

/// Minutes mostly, days sometimes.
fn downtime() -> impl Strategy<Value = Millis> {
    prop_oneof![3 => 0..2 * HOUR, 2 => 0..2 * DAY, 1 => 0..9 * DAY]
}

fn cases() -> impl Strategy<Value = Case> {
    let last = prop::option::of((-2 * DAY..DAY, 0..2 * DAY));
    let jitter = prop_oneof![Just(0), 1..2 * DAY];
    let off_grid = prop_oneof![3 => Just(None), 1 => (1..HOUR).prop_map(Some)];
    (
        timings(),
        0..300 * DAY,
        downtime(),
        last,
        prop::sample::select(CatchUp::ALL.to_vec()),
        any::<bool>(),
        jitter,
        off_grid,
        0..HOUR,
    )
        .prop_map(|(timing, start, down, last, catch_up, busy, jitter_ms, off_grid, start_deadline_ms)| {
            let on_grid = timing.next(timing.anchor + start).unwrap();
            // An edit may leave it waiting for a time of its own.
            let due = on_grid + off_grid.unwrap_or(0);
            let schedule = Schedule {
                catch_up,
                jitter_ms,
                start_deadline_ms,
                last_from: last.map(|(from, _)| due + from),
                last_until: last.map(|(from, long)| due + from + long),
                ..waiting(&timing, due)
            };
            Case { now: due + down, schedule, timing, busy }
        })
}

fn covers(fate: Fate) -> i64 {
    match fate {
        Fate::Run { .. } => 1,
        Fate::Skipped { covers, .. } => covers,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 768, ..ProptestConfig::default() })]

    #[test]
    fn rows_are_occurrences_in_order_and_none_twice(case in cases()) {
        let (plan, due) = (case.plan(), case.due());
        prop_assert!(plan.rows.windows(2).all(|w| w[0].due < w[1].due), "rows increase: {:?}", plan.rows);
        for row in &plan.rows {
            prop_assert!(due.contains(&row.due), "{} is an occurrence in [next_due, now]", row.due);
        }
    }

    #[test]
    fn every_occurrence_up_to_now_is_accounted_for_exactly_once(case in cases()) {
        let (plan, due) = (case.plan(), case.due());
        let accounted: i64 = plan.rows.iter().map(|row| covers(row.fate)).sum();
        // With run_all those that still wait are the ones from the new next_due on.
        let waiting = due.iter().filter(|due| plan.next_due.is_some_and(|next| **due >= next)).count() as i64;
        prop_assert_eq!(accounted + waiting, due.len() as i64, "covers add up: {:?}", plan);
    }

    #[test]
    fn a_tick_is_small_and_says_each_reason_once(case in cases()) {
        let plan = case.plan();
        let reasons: Vec<&str> = plan.rows.iter().filter_map(|row| match row.fate {
            Fate::Skipped { reason, .. } => Some(reason),
            Fate::Run { .. } => None,
        }).collect();
        for one in [reason::MERGED, reason::LATE, reason::OVERLAP] {
            prop_assert!(reasons.iter().filter(|reason| **reason == one).count() <= 1, "one row for {}: {:?}", one, plan);
        }
        prop_assert!(plan.rows.len() - reasons.len() <= 1, "one run at most: {:?}", plan);
        prop_assert!(reasons.contains(&reason::OVERLAP) <= case.busy, "overlap only where a run is open");
        prop_assert!(plan.rows.iter().all(|row| covers(row.fate) >= 1), "a row stands for something");
    }

    #[test]
    fn a_schedule_always_goes_on_after_now_except_to_catch_up_on_all(case in cases()) {
        let plan = case.plan();
        let next = plan.next_due.unwrap();
        prop_assert!(case.timing.next(next - 1) == Some(next), "it waits on its grid");
        if case.schedule.catch_up == CatchUp::RunAll && !case.busy {
            prop_assert!(plan.rows.iter().all(|row| row.due < next), "it never goes back");
            let left = case.due().iter().filter(|due| **due >= next).count();
            prop_assert!(left < 24, "at most 24 run, this one included: {} left", left);
        } else {
            prop_assert_eq!(Some(next), case.timing.next(case.now), "the first after now");
        }
    }

    #[test]
    fn what_fell_due_during_the_run_before_is_merged_and_the_rest_is_late(case in cases()) {
        prop_assume!(!case.busy);
        let (plan, due) = (case.plan(), case.due());
        for row in &plan.rows {
            let Fate::Skipped { reason, covers } = row.fate else { continue };
            let merged = reason == reason::MERGED;
            // When everything runs, only what is older than the newest 24 is late, and nobody asks why.
            if case.schedule.catch_up == CatchUp::RunAll {
                prop_assert!(!merged || case.merged(row.due), "{} was merged", row.due);
                continue;
            }
            prop_assert_eq!(case.merged(row.due), merged, "{} stands for its own kind", row.due);
            let kin = due.iter().filter(|due| **due <= row.due && case.merged(**due) == merged).count() as i64;
            prop_assert_eq!(covers, kin, "and for all of them");
        }
    }

    #[test]
    fn the_newest_runs_unless_somebody_said_otherwise(case in cases()) {
        let (plan, newest) = (case.plan(), *case.due().last().unwrap());
        let ran: Vec<Millis> = plan.rows.iter().filter(|row| matches!(row.fate, Fate::Run { .. })).map(|row| row.due).collect();
        let late = !case.merged(newest) && case.now - newest > case.schedule.start_deadline_ms;
        match case.schedule.catch_up {
            _ if case.busy => prop_assert!(ran.is_empty(), "nothing beside an open run"),
            CatchUp::Skip if late => prop_assert!(ran.is_empty(), "nothing that is late"),
            CatchUp::Skip | CatchUp::RunOnce => prop_assert_eq!(ran, [newest], "the newest"),
            CatchUp::RunAll => prop_assert_eq!(ran.len(), 1, "one after the other"),
        }
    }

    #[test]
    fn jitter_is_the_same_on_every_node_and_never_reaches_the_next_occurrence(case in cases()) {
        let plan = case.plan();
        prop_assert_eq!(&plan, &case.plan(), "the same question, the same answer");
        for row in &plan.rows {
            let Fate::Run { available_at } = row.fate else { continue };
            prop_assert!(available_at >= row.due, "never early");
            prop_assert!(available_at - row.due < case.schedule.jitter_ms.max(1), "within its spread");
            prop_assert!(case.timing.next(row.due).is_none_or(|next| available_at < next), "before the next occurrence");
        }
    }

    #[test]
    fn nothing_happens_before_its_time(case in cases(), early in 1..DAY) {
        let due = case.schedule.next_due_at;
        let plan = plan(&case.schedule, &case.timing, due.unwrap() - early, case.busy);
        prop_assert_eq!(plan, Plan { rows: Vec::new(), next_due: due }, "no row, no move");
    }

    #[test]
    fn after_the_clock_went_back_nothing_runs_twice_and_nothing_waits_too_long(
        case in cases(), back in 1..3 * DAY, ran in prop::collection::vec(0..40_usize, 0..40),
    ) {
        let due = case.schedule.next_due_at.unwrap();
        let now = due - back;
        let ahead = steps(&case.timing, now, due + DAY);
        let taken: BTreeSet<Millis> = ran.into_iter().filter_map(|k| ahead.get(k).copied()).collect();
        let waits = realign(&case.schedule, &case.timing, now, &taken).unwrap_or(due);
        let first = ahead.into_iter().find(|due| !taken.contains(due));
        prop_assert_eq!(waits, first.unwrap_or(due).min(due), "the first after now that has no row, and no later one");
    }
}
