//! All jobs with their own frequencies, and schedules of every other kind.

use presell_jobs::DEFINITIONS;
use presell_scheduler::planning::{Cron, Frequency, Recurrence, Timing};
use presell_scheduler::{CatchUp, Millis, Overlap, Schedule, ScheduleState};

use crate::life::Life;
use crate::{DAY, HOUR, MINUTE};

/// Two hemispheres, half an hour, midnight, Ramadan, and none.
const ZONES: [&str; 7] = [
    "America/New_York",
    "Europe/London",
    "Australia/Lord_Howe",
    "Asia/Beirut",
    "Africa/Cairo",
    "Africa/Casablanca",
    "UTC",
];

/// Kept apart from the jobs' own: what people choose under Custom.
const CUSTOM: [&str; 10] = [
    "*/15 * * * *",
    "30 2 * * *",
    "30 1 * * *",
    "0 0 * * *",
    "0 */2 * * *",
    "*/15 1-3 * * MON-FRI",
    "0 9 1 * *",
    "7m",
    "90m",
    "3d",
];

/// All schedules of one seed. Over nine seeds each job comes with every catch-up and every overlap.
pub(crate) fn fleet(seed: u64, start: Millis) -> Vec<Life> {
    let jobs = DEFINITIONS.iter().map(|job| {
        let frequency = Frequency::find(job.frequency).unwrap();
        (job.id.to_owned(), frequency.recurrence().unwrap_or(Recurrence::OnDemand))
    });
    let custom = CUSTOM.iter().map(|text| ((*text).to_owned(), custom(text)));
    let mut luck = fastrand::Rng::with_seed(seed);
    jobs.chain(custom)
        .enumerate()
        .map(|(at, (name, recurrence))| {
            let mix = at + seed as usize;
            let zone = ZONES[(at + seed as usize / 2) % ZONES.len()];
            // A first run at any time of the first days, so that grids and wall times differ.
            let anchor = start + luck.i64(0..2 * DAY);
            let timing = Timing { recurrence, zone: zone.parse().unwrap(), anchor };
            let mut schedule = enabled(at as i64 + 1, &timing);
            schedule.job_id = name;
            schedule.catch_up = CatchUp::ALL[mix % 3];
            schedule.overlap = Overlap::ALL[mix / 3 % 3];
            schedule.jitter_ms = if luck.u8(0..4) == 0 { luck.i64(1..2 * HOUR) } else { 0 };
            Life::new(seed, schedule, timing, luck.fork())
        })
        .collect()
}

/// A cron expression, minutes (`7m`) or days (`3d`).
pub(crate) fn custom(text: &str) -> Recurrence {
    let number = |unit: char| text.strip_suffix(unit).and_then(|n| n.parse::<i64>().ok());
    match (number('m'), number('d')) {
        (Some(minutes), _) => Recurrence::Every(minutes * MINUTE),
        (_, Some(days)) => Recurrence::Days(days),
        _ => Recurrence::Cron(Cron::parse(text).unwrap()),
    }
}

fn enabled(id: i64, timing: &Timing) -> Schedule {
    Schedule {
        id,
        job_id: String::new(),
        store_id: 1,
        shop_id: String::new(),
        state: ScheduleState::Enabled,
        zone: timing.zone.name().to_owned(),
        frequency: "CUSTOM".to_owned(),
        kind: timing.recurrence.kind().to_owned(),
        every_ms: None,
        every_days: None,
        cron: None,
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
        next_due_at: timing.next(timing.anchor - 1),
        last_from: None,
        last_until: None,
        version: 1,
        created_at: 0,
        created_by: "ann".to_owned(),
        updated_at: 0,
        updated_by: "ann".to_owned(),
    }
}
