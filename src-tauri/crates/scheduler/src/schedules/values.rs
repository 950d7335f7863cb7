//! Whether the values of an edit are accepted; all that are not are named at once.

use chrono_tz::Tz;

use super::{Bad, Edit};
use crate::planning::{Cron, Frequency, Recurrence};
use crate::{Millis, Schedule};

const SECOND: Millis = 1_000;
const DAY: Millis = 86_400_000;

/// The schedule with the edit's values, or every field that is refused.
pub(super) fn changed(before: &Schedule, edit: &Edit, now: Millis) -> Result<Schedule, Vec<Bad>> {
    let mut after = before.clone();
    let mut bad = Vec::new();
    if let Some(zone) = &edit.zone {
        match zone.trim().parse::<Tz>() {
            Ok(zone) => after.zone = zone.name().to_owned(),
            Err(_) => {
                bad.push(refuse("zone", format!("\"{zone}\" is no time zone. Give a name such as Europe/Paris.")));
            }
        }
    }
    timing(&mut after, edit, &mut bad);
    if let (Some(run_time), Ok(zone)) = (edit.run_time, after.zone.parse::<Tz>()) {
        match run_time.resolve(zone, now) {
            Ok(at) => after.anchor_at = at,
            Err(error) => bad.push(refuse("at", error.to_string())),
        }
    }
    numbers(&mut after, edit, &mut bad);
    if let Some(params) = &edit.params {
        after.params.clone_from(params);
    }
    after.catch_up = edit.catch_up.unwrap_or(after.catch_up);
    after.overlap = edit.overlap.unwrap_or(after.overlap);
    if bad.is_empty() { Ok(after) } else { Err(bad) }
}

fn timing(after: &mut Schedule, edit: &Edit, bad: &mut Vec<Bad>) {
    let own = [edit.every_ms.is_some(), edit.every_days.is_some(), edit.cron.is_some()]
        .iter()
        .filter(|given| **given)
        .count();
    let id = match (&edit.frequency, own) {
        (None, 0) => return,
        (None, _) => Frequency::Custom.id(),
        (Some(id), _) => id.as_str(),
    };
    let Some(frequency) = Frequency::find(id) else {
        let ids: Vec<&str> = Frequency::ALL.iter().map(|f| f.id()).collect();
        bad.push(refuse("frequency", format!("\"{id}\" is no frequency. Give one of {}.", ids.join(", "))));
        return;
    };
    let recurrence = match (frequency.recurrence(), own) {
        (Some(recurrence), 0) => Some(recurrence),
        (Some(_), _) => {
            bad.push(refuse(
                "frequency",
                format!("{} has a step of its own. Leave out either it or the custom one.", frequency.id()),
            ));
            None
        }
        (None, 1) => custom(edit, bad),
        (None, _) => {
            bad.push(refuse(
                "frequency",
                "A custom frequency needs one step, in time or in days, or one cron expression.".to_owned(),
            ));
            None
        }
    };
    let Some(recurrence) = recurrence else { return };
    after.frequency = frequency.id().to_owned();
    after.kind = recurrence.kind().to_owned();
    (after.every_ms, after.every_days, after.cron) = match recurrence {
        Recurrence::Every(ms) | Recurrence::AfterRun(ms) => (Some(ms), None, None),
        Recurrence::Days(days) => (None, Some(days), None),
        Recurrence::Cron(cron) => (None, None, Some(cron.text().to_owned())),
        Recurrence::OnDemand => (None, None, None),
    };
}

fn custom(edit: &Edit, bad: &mut Vec<Bad>) -> Option<Recurrence> {
    if let Some(ms) = edit.every_ms {
        if (SECOND..=366 * DAY).contains(&ms) {
            return Some(Recurrence::Every(ms));
        }
        bad.push(refuse("every", "A step is from 1 second to 366 days.".to_owned()));
    } else if let Some(days) = edit.every_days {
        if (1..=366).contains(&days) {
            return Some(Recurrence::Days(days));
        }
        bad.push(refuse("every", "A step in days is from 1 to 366.".to_owned()));
    } else if let Some(text) = &edit.cron {
        match Cron::parse(text) {
            Ok(cron) => return Some(Recurrence::Cron(cron)),
            Err(error) => bad.push(refuse("cron", error.to_string())),
        }
    }
    None
}

fn numbers(after: &mut Schedule, edit: &Edit, bad: &mut Vec<Bad>) {
    let (mut keep_runs, mut keep_days) = (after.keep_runs.unwrap_or_default(), after.keep_days.unwrap_or_default());
    let fields = [
        ("jitter", edit.jitter_ms, 0, DAY, &mut after.jitter_ms),
        ("startDeadline", edit.start_deadline_ms, 0, 366 * DAY, &mut after.start_deadline_ms),
        ("maxAttempts", edit.max_attempts, 1, 10, &mut after.max_attempts),
        ("timeout", edit.timeout_ms, SECOND, 7 * DAY, &mut after.timeout_ms),
        ("priority", edit.priority, -100, 100, &mut after.priority),
        ("keepRuns", edit.keep_runs, 1, 1_000_000, &mut keep_runs),
        ("keepDays", edit.keep_days, 1, 36_500, &mut keep_days),
    ];
    for (field, given, least, most, value) in fields {
        match given {
            Some(given) if !(least..=most).contains(&given) => {
                bad.push(refuse(
                    field,
                    format!("{given} is not accepted for {field}. Give a number from {least} to {most}."),
                ));
            }
            Some(given) => *value = given,
            None => {}
        }
    }
    after.keep_runs = after.keep_runs.or(edit.keep_runs).map(|_| keep_runs);
    after.keep_days = after.keep_days.or(edit.keep_days).map(|_| keep_days);
    if let Some(step) = after.every_ms.filter(|step| after.jitter_ms >= *step) {
        bad.push(refuse(
            "jitter",
            format!("Starts can be spread over less than one step only, here {} seconds.", step / SECOND),
        ));
    }
}

fn refuse(field: &'static str, message: String) -> Bad {
    Bad { field, message }
}
