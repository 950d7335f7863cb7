//! How the window looks to this person at this computer, and when it may speak.

use chrono::NaiveTime;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

use crate::{App, Error, Field, Nothing, Result, Turn};

/// What one person set on one computer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct Preferences {
    /// Light, dark, or as the system.
    pub appearance: Appearance,
    /// How close rows stand.
    pub density: Density,
    /// Single keys such as `r` and `p` do something.
    pub single_keys: bool,
    /// A message when a job fails.
    pub notify_failures: bool,
    /// A message when a job that failed goes well again.
    pub notify_recoveries: bool,
    /// No messages between these times.
    pub quiet_hours: Option<QuietHours>,
    /// Presell starts with the computer, in the tray.
    pub start_at_login: bool,
}

/// Light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Appearance {
    /// As the system.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

/// How close rows stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Density {
    /// With air.
    #[default]
    Comfortable,
    /// As many rows as possible.
    Compact,
}

/// From one time of the day to another, by the clock of this computer; the second may be of the next day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct QuietHours {
    /// The first quiet minute, e.g. `22:00`.
    #[serde(with = "minute")]
    #[ts(type = "string")]
    pub from: NaiveTime,
    /// The first minute after, e.g. `07:00`.
    #[serde(with = "minute")]
    #[ts(type = "string")]
    pub until: NaiveTime,
}

impl QuietHours {
    /// Whether it is quiet at this time of the day.
    pub fn hold(self, time: NaiveTime) -> bool {
        if self.from <= self.until {
            self.from <= time && time < self.until
        } else {
            time >= self.from || time < self.until
        }
    }
}

impl Preferences {
    /// Whether the person wants to be told of this turn in the life of a job, at this time of the day.
    pub fn may_tell(&self, turn: Turn, time: NaiveTime) -> bool {
        let wanted = match turn {
            Turn::Failing => self.notify_failures,
            Turn::Recovered => self.notify_recoveries,
        };
        wanted && !self.quiet_hours.is_some_and(|hours| hours.hold(time))
    }
}

impl Default for Preferences {
    fn default() -> Preferences {
        Preferences {
            appearance: Appearance::System,
            density: Density::Comfortable,
            single_keys: true,
            notify_failures: true,
            notify_recoveries: true,
            quiet_hours: None,
            start_at_login: false,
        }
    }
}

/// A preference to change.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ChangePreference {
    /// Its name, e.g. `appearance`.
    pub key: String,
    /// Its new value.
    pub value: Value,
}

/// What this person set on this computer.
pub async fn list_preferences(app: &App, _: Nothing) -> Result<Preferences> {
    Ok(app.desk.read()?.preferences)
}

/// Changes one preference and returns all.
pub async fn change_preference(app: &App, args: ChangePreference) -> Result<Preferences> {
    let ChangePreference { key, value } = args;
    let preferences = changed(app.desk.read()?.preferences, &key, value)
        .map_err(|message| Error::fields(vec![Field { name: key, message }]))?;
    Ok(app.desk.change(|remembered| remembered.preferences = preferences)?.preferences)
}

fn changed(preferences: Preferences, key: &str, value: Value) -> std::result::Result<Preferences, String> {
    let mut all = serde_json::to_value(preferences).map_err(|e| e.to_string())?;
    match all.get_mut(key) {
        Some(slot) => *slot = value,
        None => {
            let known: Vec<&str> = all.as_object().into_iter().flatten().map(|(name, _)| name.as_str()).collect();
            return Err(format!("There is no preference \"{key}\". There are: {}.", known.join(", ")));
        }
    }
    serde_json::from_value(all).map_err(|cause| format!("This is not a value for {key}: {cause}."))
}

mod minute {
    use chrono::NaiveTime;
    use serde::{Deserialize, Deserializer, Serializer};

    const SHAPE: &str = "%H:%M";

    pub(super) fn serialize<S: Serializer>(time: &NaiveTime, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(&time.format(SHAPE))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<NaiveTime, D::Error> {
        let text = String::deserialize(from)?;
        NaiveTime::parse_from_str(&text, SHAPE)
            .map_err(|_| serde::de::Error::custom(format!("\"{text}\" is no time such as 22:00")))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn one_value_changes_and_a_wrong_one_is_named() {
        let dark = changed(Preferences::default(), "appearance", json!("dark")).unwrap();
        assert_eq!(dark.appearance, Appearance::Dark, "the value is taken");
        assert_eq!(dark.density, Density::Comfortable, "the others stay");
        let refused = changed(dark.clone(), "appearance", json!("pink")).unwrap_err();
        assert!(refused.contains("light") && refused.contains("dark"), "what is accepted is named: {refused}");
        let refused = changed(dark, "apearance", json!("dark")).unwrap_err();
        assert!(refused.contains("appearance"), "a wrong key is answered with the right ones: {refused}");
    }

    #[test]
    fn quiet_hours_may_cross_midnight() {
        let quiet = json!({ "from": "22:00", "until": "07:00" });
        let set = changed(Preferences::default(), "quietHours", quiet).unwrap();
        let (hours, at) = (set.quiet_hours.unwrap(), |h, m| NaiveTime::from_hms_opt(h, m, 0).unwrap());
        for (time, held) in
            [(at(23, 0), true), (at(6, 59), true), (at(7, 0), false), (at(12, 0), false), (at(22, 0), true)]
        {
            assert_eq!(hours.hold(time), held, "at {time}");
        }
        assert!(!set.may_tell(Turn::Failing, at(23, 0)), "nobody is woken");
        assert!(set.may_tell(Turn::Failing, at(12, 0)), "by day one is told");
        let silent = Preferences { notify_recoveries: false, ..set };
        assert!(!silent.may_tell(Turn::Recovered, at(12, 0)), "what was switched off is not told at any time");
        let off = changed(set, "quietHours", json!(null)).unwrap();
        assert_eq!(off.quiet_hours, None, "null means no quiet hours");
        let refused = changed(off, "quietHours", json!({ "from": "25:00", "until": "07:00" })).unwrap_err();
        assert!(refused.contains("22:00"), "a time that is none is answered with an example: {refused}");
    }
}
