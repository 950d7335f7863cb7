//! Typed parameters of jobs. An unknown key, a wrong type or a missing value is refused before anything happens.

use serde_json::{Map, Value};

/// What a parameter holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Yes or no.
    Flag,
    /// A whole number between two bounds, both included.
    Number {
        /// Smallest value.
        least: i64,
        /// Largest value.
        most: i64,
    },
    /// Texts, as a JSON array or separated by commas.
    Texts,
}

impl Kind {
    /// What may be given, in words.
    pub fn allowed(self) -> String {
        match self {
            Kind::Flag => "true or false".to_owned(),
            Kind::Number { least, most } => format!("a whole number from {least} to {most}"),
            Kind::Texts => "one or more texts, separated by commas".to_owned(),
        }
    }
}

/// One parameter of a job.
#[derive(Debug)]
pub struct Parameter {
    /// Its key, as HotWax and our own history write it.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// A run without it is refused.
    pub required: bool,
    /// What a run uses when it is not given; none: the store's own setting, or nothing.
    pub default: Option<&'static str>,
    /// Never shown, logged or copied.
    pub secret: bool,
    /// What it does, in one sentence.
    pub help: &'static str,
}

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

    const SCHEMA: &[Parameter] = &[
        Parameter {
            name: "dryRun",
            kind: Kind::Flag,
            required: false,
            default: Some("false"),
            secret: false,
            help: ".",
        },
        Parameter {
            name: "limit",
            kind: Kind::Number { least: 1, most: 9 },
            required: true,
            default: None,
            secret: false,
            help: ".",
        },
        Parameter { name: "productId", kind: Kind::Texts, required: false, default: None, secret: false, help: "." },
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
