//! Cron expressions as people write them: five fields in one spelling, or plain words about what is wrong.

use std::str::FromStr;

use croner::errors::CronError;

/// The fields with their least and greatest values.
const FIELDS: [(&str, u32, u32); 5] =
    [("minute", 0, 59), ("hour", 0, 23), ("day", 1, 31), ("month", 1, 12), ("weekday", 0, 7)];
/// Weekdays as Quartz counts them, from 1.
const DAYS: [&str; 7] = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
const FIVE: &str = "it needs five fields: minute, hour, day, month, weekday";

/// Five fields in one spelling; Quartz' six are recognised by `?`, or by their number.
pub(super) fn normalise(given: &str) -> Result<String, String> {
    let upper = given.trim().to_ascii_uppercase();
    let mut fields: Vec<&str> = upper.split_whitespace().collect();
    if let [seconds, _, _, _, _, _] = fields.as_slice() {
        if !matches!(*seconds, "0" | "00") {
            return Err("with six fields the first, seconds, must be 0".to_owned());
        }
        fields.remove(0);
    }
    let [minute, hour, day, month, weekday] = fields[..] else { return Err(FIVE.to_owned()) };
    let weekday = if upper.contains('?') { quartz_days(weekday)? } else { weekday.to_owned() };
    let day = if day == "?" { "*" } else { day };
    let mut normal = Vec::with_capacity(FIELDS.len());
    for (field, (name, least, most)) in [minute, hour, day, month, &weekday].into_iter().zip(FIELDS) {
        let items: Result<Vec<String>, String> = field.split(',').map(|one| item(one, name, least, most)).collect();
        normal.push(items?.join(","));
    }
    // Every hour has one spelling, whichever way it was written.
    if matches!(normal[1].as_str(), "*/1" | "0-23" | "0-23/1") {
        normal[1] = "*".to_owned();
    }
    Ok(normal.join(" "))
}

/// One item of a list; `5/15` means from 5 on in steps of 15.
fn item(text: &str, name: &str, least: u32, most: u32) -> Result<String, String> {
    if text.is_empty() {
        return Err(format!("the {name} has nothing beside a comma"));
    }
    let Some((range, step)) = text.split_once('/') else { return Ok(text.to_owned()) };
    // A longer step would come once in each hour or day, which nobody means who writes it.
    if step.parse().is_ok_and(|step: u32| step > most - least) {
        return Err(format!("the {name} has a step of {step}, which is too long"));
    }
    let from: Result<u32, _> = range.parse();
    Ok(if from.is_ok() { format!("{range}-{most}/{step}") } else { text.to_owned() })
}

/// Numbers become names, which mean the same to everybody; what follows `/` or `#` is a count and stays.
fn quartz_days(field: &str) -> Result<String, String> {
    match field {
        "?" => return Ok("*".to_owned()),
        "L" => return Ok("SAT".to_owned()),
        _ => {}
    }
    let named = |item: &str| -> Result<String, String> {
        let (day, count) = match item.find(['/', '#']) {
            Some(at) => item.split_at(at),
            None => (item, ""),
        };
        let (day, last) = day.strip_suffix('L').filter(|d| !d.is_empty()).map_or((day, ""), |d| (d, "L"));
        let ends: Result<Vec<String>, String> = day
            .split('-')
            .map(|end| match end.parse::<usize>() {
                Ok(n @ 1..=7) => Ok(DAYS[n - 1].to_owned()),
                Ok(_) => Err("weekdays are counted from 1, Sunday, to 7".to_owned()),
                Err(_) => Ok(end.to_owned()),
            })
            .collect();
        let mut days = ends?.join("-");
        if count.starts_with('/') && DAYS.contains(&days.as_str()) {
            days.push_str("-SAT");
        }
        Ok(format!("{days}{last}{count}"))
    };
    let items: Result<Vec<String>, String> = field.split(',').map(named).collect();
    Ok(items?.join(","))
}

/// What is wrong, and in which field.
pub(super) fn blame(text: &str, error: &CronError) -> String {
    for (at, (field, (name, least, most))) in text.split(' ').zip(FIELDS).enumerate() {
        let mut alone = ["*"; 5];
        alone[at] = field;
        if let Err(error) = croner::Cron::from_str(&alone.join(" ")) {
            let why = cause(&error);
            let bounds = why.contains("out of bounds");
            let why = if bounds { format!("it goes upwards from {least} to {most}") } else { why };
            return format!("the {name} is {field}, but {why}");
        }
    }
    cause(error)
}

fn cause(error: &CronError) -> String {
    match error {
        CronError::EmptyPattern | CronError::InvalidPattern(_) => FIVE.to_owned(),
        CronError::IllegalCharacters(_) => "that means nothing there".to_owned(),
        CronError::ComponentError(why) => {
            let why = why.trim_end_matches('.');
            match why.split_once(' ') {
                Some((first, rest)) => format!("{} {rest}", first.to_lowercase()),
                None => why.to_lowercase(),
            }
        }
        CronError::InvalidDate | CronError::InvalidTime | CronError::TimeSearchLimitExceeded => {
            "it names no time".to_owned()
        }
    }
}
