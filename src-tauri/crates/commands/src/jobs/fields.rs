//! What was typed for the fields of a schedule, read and checked; whatever is refused is named.

use presell_jobs::{Definition, Values};
use presell_scheduler::planning::{Frequency, RunTime};
use presell_scheduler::schedules::{Bad, Edit};
use serde_json::{Map, Value};

use super::change::Setting;
use crate::Field;

const SECOND: i64 = 1_000;

/// The edit that a setting means, and all that is refused about it. Parameters are added to those that are set; one that
/// is null goes back to its default.
pub(super) fn edit(job: &Definition, setting: &Setting, set: Map<String, Value>) -> (Edit, Vec<Field>) {
    let (mut edit, mut refused) = timing(setting);
    match parameters(job, &setting.parameters, set) {
        Ok(all) if !setting.parameters.is_empty() => edit.params = Some(Value::Object(all).to_string()),
        Ok(_) => {}
        Err(bad) => refused.extend(bad),
    }
    (edit, refused)
}

/// All of it but the parameters.
pub(super) fn timing(setting: &Setting) -> (Edit, Vec<Field>) {
    let mut refused = Vec::new();
    let mut edit = Edit {
        cron: setting.cron.clone(),
        zone: setting.zone.clone(),
        catch_up: setting.catch_up,
        overlap: setting.overlap,
        max_attempts: setting.max_attempts,
        jitter_ms: setting.jitter_seconds.map(|seconds| seconds.saturating_mul(SECOND)),
        timeout_ms: setting.timeout_seconds.map(|seconds| seconds.saturating_mul(SECOND)),
        keep_runs: setting.keep_runs,
        keep_days: setting.keep_days,
        ..Edit::default()
    };
    if let Some(every) = &setting.every {
        match every_of(every) {
            Some(Every::Known(id)) => edit.frequency = Some(id),
            Some(Every::Step(ms)) => edit.every_ms = Some(ms),
            Some(Every::Days(days)) => edit.every_days = Some(days),
            None => {
                let ids: Vec<&str> = Frequency::ALL.iter().map(|f| f.id()).filter(|id| *id != "CUSTOM").collect();
                let ids = ids.join(", ");
                let message =
                    format!("\"{every}\" is no frequency. Give one of {ids}, or a step such as 20m, 2h or 3d.");
                refused.push(Field { name: "frequency".to_owned(), message });
            }
        }
    }
    if let Some(at) = &setting.at {
        match RunTime::parse(at) {
            Ok(time) => edit.run_time = Some(time),
            Err(error) => refused.push(Field { name: "at".to_owned(), message: error.to_string() }),
        }
    }
    (edit, refused)
}

/// The parameters that are set, with those given added; checked, but without defaults.
pub(crate) fn parameters(
    job: &Definition,
    given: &Map<String, Value>,
    mut set: Map<String, Value>,
) -> Result<Map<String, Value>, Vec<Field>> {
    // What an older version kept and this one does not know must not forbid every save.
    set.retain(|name, _| job.parameters.iter().any(|p| p.name == name));
    for (name, value) in given {
        match value {
            Value::Null if job.parameters.iter().any(|p| p.name == name) => drop(set.remove(name)),
            value => drop(set.insert(name.clone(), value.clone())),
        }
    }
    let checked = Values::check(job.parameters, &set).map_err(|bad| {
        bad.iter().map(|bad| Field { name: bad.name().to_owned(), message: bad.to_string() }).collect::<Vec<_>>()
    })?;
    let typed: Map<String, Value> = serde_json::from_str(&checked.to_json()).unwrap_or_default();
    Ok(set.into_iter().map(|(name, value)| (name.clone(), typed.get(&name).cloned().unwrap_or(value))).collect())
}

enum Every {
    Known(String),
    Step(i64),
    Days(i64),
}

/// A frequency by its id, or a step such as `20m`.
fn every_of(text: &str) -> Option<Every> {
    let text = text.trim();
    if let Some(known) = Frequency::find(text).filter(|f| *f != Frequency::Custom) {
        return Some(Every::Known(known.id().to_owned()));
    }
    let (number, unit) = text.split_at(text.find(|c: char| !c.is_ascii_digit())?);
    let number: i64 = number.parse().ok().filter(|n| (1..=1_000_000).contains(n))?;
    match unit.trim().to_ascii_lowercase().as_str() {
        "s" | "sec" | "seconds" => Some(Every::Step(number * SECOND)),
        "m" | "min" | "minutes" => Some(Every::Step(number * 60 * SECOND)),
        "h" | "hours" => Some(Every::Step(number * 3_600 * SECOND)),
        "d" | "days" => Some(Every::Days(number)),
        _ => None,
    }
}

/// Fields that the scheduler refused.
pub(super) fn named(bad: Vec<Bad>) -> Vec<Field> {
    bad.into_iter().map(|bad| Field { name: bad.field.to_owned(), message: bad.message }).collect()
}
