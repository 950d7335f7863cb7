//! When a schedule is due, and what becomes of each occurrence; no database, no clock.

mod clocks;
mod counting;
mod cron;
mod daylight;
mod frequency;
mod plan_examples;
mod plan_rules;
mod preview;
mod retry;
mod run_time;
mod transitions;
mod wanted;

use chrono::{DateTime, NaiveDateTime};
use chrono_tz::Tz;
use presell_scheduler::planning::{Cron, Recurrence, Timing};
use presell_scheduler::{CatchUp, Millis, Overlap, Schedule, ScheduleState};

const MINUTE: Millis = 60_000;
const HOUR: Millis = 60 * MINUTE;
const DAY: Millis = 24 * HOUR;

/// An instant, such as `2026-11-01 05:30` in UTC.
fn utc(text: &str) -> Millis {
    NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap().and_utc().timestamp_millis()
}

fn zone(name: &str) -> Tz {
    name.parse().unwrap()
}

/// What clocks show at an instant, with their distance from UTC: `01:30-04:00`.
fn clock(zone: Tz, at: Millis) -> String {
    DateTime::from_timestamp_millis(at).unwrap().with_timezone(&zone).format("%H:%M%:z").to_string()
}

fn by_cron(text: &str) -> Recurrence {
    Recurrence::Cron(Cron::parse(text).unwrap())
}

/// `5m`, `6h`, `2d` or a cron expression.
fn recurrence(text: &str) -> Recurrence {
    let unit = |unit: char| text.strip_suffix(unit).and_then(|n| n.parse::<i64>().ok());
    match (unit('m'), unit('h'), unit('d')) {
        (Some(minutes), ..) => Recurrence::Every(minutes * MINUTE),
        (_, Some(hours), _) => Recurrence::Every(hours * HOUR),
        (_, _, Some(days)) => Recurrence::Days(days),
        _ => by_cron(text),
    }
}

/// All occurrences after `from` up to `until`.
fn steps(timing: &Timing, from: Millis, until: Millis) -> Vec<Millis> {
    std::iter::successors(timing.next(from), |at| timing.next(*at)).take_while(|at| *at <= until).collect()
}

/// An enabled schedule of this timing that waits for `next_due`.
fn waiting(timing: &Timing, next_due: Millis) -> Schedule {
    let (every_ms, every_days, cron) = match &timing.recurrence {
        Recurrence::Every(step) | Recurrence::AfterRun(step) => (Some(*step), None, None),
        Recurrence::Days(days) => (None, Some(*days), None),
        Recurrence::Cron(cron) => (None, None, Some(cron.text().to_owned())),
        Recurrence::OnDemand => (None, None, None),
    };
    Schedule {
        id: 7,
        job_id: "A".to_owned(),
        store_id: 1,
        shop_id: String::new(),
        state: ScheduleState::Enabled,
        zone: timing.zone.name().to_owned(),
        frequency: "CUSTOM".to_owned(),
        kind: timing.recurrence.kind().to_owned(),
        every_ms,
        every_days,
        cron,
        anchor_at: timing.anchor,
        params: "{}".to_owned(),
        jitter_ms: 0,
        catch_up: CatchUp::RunOnce,
        start_deadline_ms: MINUTE,
        overlap: Overlap::FollowUp,
        max_attempts: 3,
        timeout_ms: HOUR,
        priority: 0,
        keep_runs: None,
        keep_days: None,
        next_due_at: Some(next_due),
        last_from: None,
        last_until: None,
        version: 1,
        created_at: 0,
        created_by: "ann".to_owned(),
        updated_at: 0,
        updated_by: "ann".to_owned(),
    }
}
