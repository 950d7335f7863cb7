//! Values for the parameters of a job. An unknown key, a wrong type or a missing value is refused before anything happens.

use chrono::NaiveDate;
use serde_json::{Map, Value};

use crate::{Kind, Parameter};

/// A parameter that is not accepted; names the field, so that a form can show it there.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadParameter {
    /// The job has no such parameter.
    #[error("This job has no parameter \"{name}\". It takes: {known}.")]
    Unknown {
        /// The key that was given.
        name: String,
        /// The keys it takes.
        known: String,
    },
    /// The value is of another kind.
    #[error("\"{value}\" is not accepted for {name}. Give {allowed}.")]
    Value {
        /// The parameter.
        name: &'static str,
        /// What was given.
        value: String,
        /// What it takes.
        allowed: String,
    },
    /// A required parameter is missing.
    #[error("{name} is missing. Give {allowed}.")]
    Missing {
        /// The parameter.
        name: &'static str,
        /// What it takes.
        allowed: String,
    },
}

impl BadParameter {
    /// The field it is about.
    pub fn name(&self) -> &str {
        match self {
            BadParameter::Unknown { name, .. } => name,
            BadParameter::Value { name, .. } | BadParameter::Missing { name, .. } => name,
        }
    }
}

/// Checked values of one run, as kept with it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Values(Map<String, Value>);

impl Values {
    /// Checks `given` against the schema; all that is wrong is reported at once.
    pub fn check(schema: &[Parameter], given: &Map<String, Value>) -> Result<Values, Vec<BadParameter>> {
        let mut bad = Vec::new();
        let known = || schema.iter().map(|p| p.name).collect::<Vec<_>>().join(", ");
        for name in given.keys().filter(|name| !schema.iter().any(|p| p.name == name.as_str())) {
            bad.push(BadParameter::Unknown { name: name.clone(), known: known() });
        }
        let mut values = Map::new();
        for parameter in schema {
            let default = parameter.default.map(|d| Value::String(d.to_owned()));
            match given.get(parameter.name).filter(|v| !v.is_null()).cloned().or(default) {
                Some(value) => match typed(parameter.kind, &value) {
                    Some(value) => drop(values.insert(parameter.name.to_owned(), value)),
                    None => bad.push(BadParameter::Value {
                        name: parameter.name,
                        value: value.as_str().map_or_else(|| value.to_string(), str::to_owned),
                        allowed: parameter.kind.allowed(),
                    }),
                },
                None if parameter.required => {
                    bad.push(BadParameter::Missing { name: parameter.name, allowed: parameter.kind.allowed() });
                }
                None => {}
            }
        }
        if bad.is_empty() { Ok(Values(values)) } else { Err(bad) }
    }

    /// A flag; one that is not given is off.
    pub fn flag(&self, name: &str) -> bool {
        self.0.get(name).and_then(Value::as_bool).unwrap_or(false)
    }

    /// A number, if given.
    pub fn number(&self, name: &str) -> Option<i64> {
        self.0.get(name).and_then(Value::as_i64)
    }

    /// A text, if given.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).and_then(Value::as_str)
    }

    /// A date, if given.
    pub fn date(&self, name: &str) -> Option<NaiveDate> {
        self.text(name)?.parse().ok()
    }

    /// Texts; none given is empty.
    pub fn texts(&self, name: &str) -> Vec<String> {
        let list = self.0.get(name).and_then(Value::as_array);
        list.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
    }

    /// The values as JSON text, as kept with a run.
    pub fn to_json(&self) -> String {
        Value::Object(self.0.clone()).to_string()
    }
}

fn typed(kind: Kind, value: &Value) -> Option<Value> {
    match (kind, value) {
        (Kind::Flag, Value::Bool(_)) => Some(value.clone()),
        (Kind::Flag, Value::String(text)) => match text.trim().to_ascii_lowercase().as_str() {
            "true" | "yes" | "y" | "1" => Some(Value::Bool(true)),
            "false" | "no" | "n" | "0" => Some(Value::Bool(false)),
            _ => None,
        },
        (Kind::Number { least, most }, _) => {
            let n = value.as_i64().or_else(|| value.as_str().and_then(|t| t.trim().parse().ok()))?;
            (least..=most).contains(&n).then(|| Value::from(n))
        }
        (Kind::Text, Value::String(text)) => Some(text.trim()).filter(|text| !text.is_empty()).map(Value::from),
        (Kind::Date, Value::String(text)) => {
            text.trim().parse::<NaiveDate>().ok().map(|date| Value::from(date.to_string()))
        }
        (Kind::Choice(words), Value::String(text)) => {
            words.iter().find(|word| word.eq_ignore_ascii_case(text.trim())).map(|word| Value::from(*word))
        }
        (Kind::Texts, Value::String(text)) => {
            Some(text.split(',').map(str::trim).filter(|t| !t.is_empty()).map(Value::from).collect())
        }
        (Kind::Texts, Value::Array(items)) => items.iter().all(Value::is_string).then(|| value.clone()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parameters::{DRY_RUN, PRODUCT_ID};

    const SCHEMA: &[Parameter] = &[
        DRY_RUN,
        Parameter::number("limit", 1, 9, ".").required(),
        PRODUCT_ID,
        Parameter::date("day", "."),
        Parameter::choice("size", &["small", "large"], "."),
    ];

    fn check(json: serde_json::Value) -> Result<Values, Vec<BadParameter>> {
        Values::check(SCHEMA, json.as_object().unwrap())
    }

    #[test]
    fn values_of_the_right_kind_are_taken_as_text_or_as_json() {
        let values = check(serde_json::json!({"dryRun": "yes", "limit": "5", "productId": "A, B"})).unwrap();
        assert!(values.flag("dryRun"), "a yes is true");
        assert_eq!(values.number("limit"), Some(5), "a number may come as text");
        assert_eq!(values.texts("productId"), ["A", "B"], "texts may be separated by commas");
    }

    #[test]
    fn dates_and_words_are_kept_in_one_spelling() {
        let values = check(serde_json::json!({"limit": 1, "day": " 2026-12-24", "size": "LARGE"})).unwrap();
        assert_eq!(values.date("day").unwrap().to_string(), "2026-12-24", "a date is read");
        assert_eq!(values.text("size"), Some("large"), "a word is kept as the schema spells it");
        let bad = check(serde_json::json!({"limit": 1, "day": "24.12.", "size": "medium"})).unwrap_err();
        let names: Vec<&str> = bad.iter().map(BadParameter::name).collect();
        assert_eq!(names, ["day", "size"], "what is no date, or no such word, is refused by name");
    }

    #[test]
    fn everything_wrong_is_reported_at_once_with_its_field() {
        let bad = check(serde_json::json!({"limt": 5, "dryRun": "perhaps"})).unwrap_err();
        assert_eq!(bad.len(), 3, "unknown key, bad flag and missing number are three findings: {bad:?}");
        assert!(matches!(&bad[0], BadParameter::Unknown { name, .. } if name == "limt"), "an unknown key is named");
    }

    #[test]
    fn a_number_outside_its_bounds_is_refused() {
        let bad = check(serde_json::json!({"limit": 10})).unwrap_err();
        assert!(bad[0].to_string().contains("from 1 to 9"), "the refusal names the bounds: {}", bad[0]);
    }
}
