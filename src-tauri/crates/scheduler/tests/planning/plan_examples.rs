//! What one tick does, in examples: every 15 minutes, due from nine o'clock on.

use presell_scheduler::planning::{Fate, Plan, Recurrence, Timing, plan, realign};
use presell_scheduler::{CatchUp, Millis, Schedule};

use super::{DAY, HOUR, MINUTE, recurrence, utc, waiting};

const QUARTER: Millis = 15 * MINUTE;

fn timing() -> Timing {
    Timing { recurrence: recurrence("15m"), zone: chrono_tz::UTC, anchor: nine() - 100 * DAY }
}

fn nine() -> Millis {
    utc("2026-01-05 09:00")
}

fn schedule(catch_up: CatchUp) -> Schedule {
    Schedule { catch_up, ..waiting(&timing(), nine()) }
}

/// Last run open between two moments.
fn with_last(schedule: Schedule, from: Millis, until: Millis) -> Schedule {
    Schedule { last_from: Some(from), last_until: Some(until), ..schedule }
}

/// A plan in words: `run 09:00, LATE 3 until 09:45, next 10:15`.
fn said(plan: &Plan) -> String {
    let time = |at: Millis| chrono::DateTime::from_timestamp_millis(at).unwrap().format("%H:%M").to_string();
    let mut parts: Vec<String> = plan
        .rows
        .iter()
        .map(|row| match row.fate {
            Fate::Run { .. } => format!("run {}", time(row.due)),
            Fate::Skipped { reason, covers } => format!("{reason} {covers} until {}", time(row.due)),
        })
        .collect();
    parts.push(plan.next_due.map_or("never again".to_owned(), |next| format!("next {}", time(next))));
    parts.join(", ")
}

fn planned(schedule: &Schedule, now: Millis) -> String {
    said(&plan(schedule, &timing(), now, false))
}

#[test]
fn what_is_due_runs_and_the_schedule_waits_for_the_next() {
    for catch_up in CatchUp::ALL {
        let schedule = schedule(*catch_up);
        assert_eq!(planned(&schedule, nine() - 1), "next 09:00", "{catch_up}: a millisecond early nothing happens");
        assert_eq!(planned(&schedule, nine()), "run 09:00, next 09:15", "{catch_up}: at nine the run of nine");
        assert_eq!(
            planned(&schedule, nine() + QUARTER - 1),
            match catch_up {
                CatchUp::Skip => "LATE 1 until 09:00, next 09:15",
                _ => "run 09:00, next 09:15",
            },
            "{catch_up}: a late run keeps its intended time"
        );
    }
}

#[test]
fn run_once_runs_the_newest_and_tells_of_the_older_in_one_row() {
    let schedule = schedule(CatchUp::RunOnce);
    assert_eq!(planned(&schedule, nine() + HOUR + 1), "LATE 4 until 09:45, run 10:00, next 10:15", "an hour of sleep");
    let merged = with_last(schedule.clone(), nine() - HOUR, nine() + HOUR + 1);
    assert_eq!(
        planned(&merged, nine() + HOUR + 1),
        "MERGED 4 until 09:45, run 10:00, next 10:15",
        "a run of two hours"
    );
    let both = with_last(schedule, nine() - HOUR, nine() + 20 * MINUTE);
    assert_eq!(
        planned(&both, nine() + HOUR),
        "MERGED 2 until 09:15, LATE 2 until 09:45, run 10:00, next 10:15",
        "a long run, then sleep"
    );
}

#[test]
fn skip_runs_nothing_that_is_late_and_all_that_is_not() {
    let schedule = schedule(CatchUp::Skip);
    assert_eq!(
        planned(&schedule, nine() + HOUR + 60_000),
        "LATE 4 until 09:45, run 10:00, next 10:15",
        "a minute is not late"
    );
    assert_eq!(planned(&schedule, nine() + HOUR + 60_001), "LATE 5 until 10:00, next 10:15", "more than a minute is");
    let merged = with_last(schedule, nine() - HOUR, nine() + HOUR + 5 * MINUTE);
    assert_eq!(
        planned(&merged, nine() + HOUR + 5 * MINUTE),
        "MERGED 4 until 09:45, run 10:00, next 10:15",
        "what waited for the run before is not late"
    );
}

#[test]
fn run_all_runs_one_after_the_other_and_at_most_the_newest_24() {
    let schedule = schedule(CatchUp::RunAll);
    assert_eq!(
        planned(&schedule, nine() + HOUR + 1),
        "run 09:00, next 09:15",
        "the oldest first, and the next waits already"
    );
    let many = nine() + 24 * QUARTER;
    assert_eq!(
        planned(&schedule, many),
        "LATE 1 until 09:00, run 09:15, next 09:30",
        "the 25th from the end is too old"
    );
    assert_eq!(
        planned(&schedule, many + 3 * QUARTER),
        "LATE 4 until 09:45, run 10:00, next 10:15",
        "so are all before it"
    );
    let merged = with_last(schedule, nine() - HOUR, nine() + 20 * MINUTE);
    assert_eq!(
        planned(&merged, nine() + HOUR),
        "MERGED 1 until 09:00, run 09:15, next 09:30",
        "what waited for one run is one run"
    );
}

#[test]
fn run_all_runs_nothing_that_is_still_to_come_when_the_clock_went_back_during_the_run_before() {
    let merged = with_last(schedule(CatchUp::RunAll), nine() - HOUR, nine() + HOUR);
    assert_eq!(
        planned(&merged, nine() + 1),
        "run 09:00, next 09:15",
        "the run before ended at ten, by the clock of then"
    );
}

#[test]
fn run_all_catches_up_in_as_many_ticks_as_there_are_occurrences() {
    let (timing, mut schedule) = (timing(), schedule(CatchUp::RunAll));
    let now = nine() + 40 * QUARTER;
    let (mut ran, mut skipped) = (Vec::new(), 0);
    while schedule.next_due_at.is_some_and(|due| due <= now) {
        let plan = plan(&schedule, &timing, now, false);
        for row in &plan.rows {
            match row.fate {
                Fate::Run { .. } => ran.push(row.due),
                Fate::Skipped { covers, .. } => skipped += covers,
            }
        }
        schedule.next_due_at = plan.next_due;
    }
    let wanted: Vec<Millis> = (17..=40).map(|k| nine() + k * QUARTER).collect();
    assert_eq!((ran, skipped), (wanted, 17), "the newest 24 run in order, the 17 before them are accounted for");
}

#[test]
fn a_busy_schedule_that_skips_overlaps_records_what_it_left_out() {
    for catch_up in CatchUp::ALL {
        let plan = plan(&schedule(*catch_up), &timing(), nine() + HOUR, true);
        assert_eq!(said(&plan), "OVERLAP 5 until 10:00, next 10:15", "{catch_up}: nothing runs beside the open run");
    }
}

#[test]
fn what_runs_once_only_is_not_due_again_by_itself() {
    let timing = Timing { recurrence: Recurrence::AfterRun(HOUR), ..timing() };
    for (timing, kind) in
        [(timing.clone(), "after_run"), (Timing { recurrence: Recurrence::OnDemand, ..timing }, "on_demand")]
    {
        let schedule = waiting(&timing, nine());
        assert_eq!(
            said(&plan(&schedule, &timing, nine() + DAY, false)),
            "run 09:00, never again",
            "{kind}: its end says when"
        );
        assert_eq!(
            said(&plan(&Schedule { next_due_at: None, ..schedule }, &timing, nine(), false)),
            "never again",
            "{kind}: not due"
        );
    }
}

#[test]
fn a_time_that_an_edit_left_off_the_grid_counts_once() {
    let schedule = Schedule { next_due_at: Some(nine() + 7), ..schedule(CatchUp::RunOnce) };
    let plan = plan(&schedule, &timing(), nine() + QUARTER, false);
    assert_eq!(plan.rows[0].due, nine() + 7, "the time it waited for is one occurrence");
    assert_eq!(said(&plan), "LATE 1 until 09:00, run 09:15, next 09:30", "then the grid goes on");
}

#[test]
fn jitter_moves_the_start_and_never_the_intended_time() {
    let schedule = Schedule { jitter_ms: HOUR, ..schedule(CatchUp::RunOnce) };
    let starts: std::collections::BTreeSet<Millis> = (0..200)
        .map(|k| {
            let due = nine() + k * QUARTER;
            let schedule = Schedule { next_due_at: Some(due), ..schedule.clone() };
            let Fate::Run { available_at } = plan(&schedule, &timing(), due, false).rows[0].fate else {
                panic!("it runs")
            };
            available_at - due
        })
        .collect();
    assert!(
        starts.iter().all(|late| (0..QUARTER).contains(late)),
        "before the next occurrence, however large the spread"
    );
    assert!(starts.len() > 30, "and spread: {} different starts", starts.len());
}

#[test]
fn after_the_clock_went_back_a_schedule_waits_for_its_first_occurrence_without_a_row() {
    let schedule = schedule(CatchUp::RunOnce);
    let at = |now: Millis, rows: &[Millis]| realign(&schedule, &timing(), now, &rows.iter().copied().collect());
    let seven = nine() - 2 * HOUR;
    assert_eq!(at(seven, &[]), Some(seven + QUARTER), "nothing ran yet: the next after now");
    let ran: Vec<Millis> = (1..=4).map(|k| seven + k * QUARTER).collect();
    assert_eq!(at(seven, &ran), Some(seven + 5 * QUARTER), "what has a row never runs again");
    let all: Vec<Millis> = (1..=7).map(|k| seven + k * QUARTER).collect();
    assert_eq!(at(seven, &all), None, "it waits for the right one already");
    assert_eq!(at(nine() + HOUR, &[]), None, "what is due already is not moved");
}

#[test]
fn a_clock_that_was_years_ahead_for_a_minute_does_not_stop_a_schedule_for_years() {
    let ahead = nine() + 3_650 * DAY;
    let schedule = Schedule { next_due_at: Some(ahead + QUARTER), ..schedule(CatchUp::RunOnce) };
    let moved = realign(&schedule, &timing(), nine(), &[ahead - QUARTER, ahead].into());
    assert_eq!(moved, Some(nine() + QUARTER), "the rows of then are no reason to wait until then");
}
