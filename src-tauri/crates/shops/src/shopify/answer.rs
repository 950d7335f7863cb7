//! What a reply means. The status says little: most refusals come with 200, and `errors` may be a text, an object or a list.

use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;

use super::wire::{Raw, Silence};
use crate::adapter::{Reason, ShopError};

/// A reply with data; single fields may still carry errors.
#[derive(Debug, Default)]
pub(super) struct Answer {
    pub(super) data: Value,
    pub(super) errors: Vec<Problem>,
    /// What the search ignored of our question.
    pub(super) search_warnings: Vec<String>,
}

/// An error of the whole request or of one field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Problem {
    pub(super) code: String,
    pub(super) message: String,
    /// The outermost field it belongs to.
    pub(super) field: Option<String>,
}

/// Why there is no data.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Trouble {
    /// The shop as a whole answers no more: nothing is tried until somebody acts.
    Shop(ShopError),
    /// The token is not valid, or not any more.
    Token(String),
    /// Not done for want of points or room; how long to wait, if it says.
    Busy(Option<Duration>, Reason),
    /// The request never left.
    NotSent(Reason),
    /// The shop is in trouble; it may have done it or not, and asking again may help.
    Ill(Reason),
    /// Nobody knows what became of it.
    Lost(Reason),
    /// Not done: too much at once.
    TooMuch(Reason),
    /// Not done: the request itself is wrong.
    Refused(Reason),
}

impl From<Silence> for Trouble {
    fn from(silence: Silence) -> Self {
        match silence {
            Silence::NotSent(why) => {
                Trouble::NotSent(Reason::new("UNREACHABLE", format!("The shop cannot be reached: {why}.")))
            }
            Silence::Lost(why) => {
                let message = format!("The connection broke before the shop confirmed: {why}.");
                Trouble::Lost(Reason::new("NO_ANSWER", message))
            }
        }
    }
}

/// What a trouble means for the shop as a whole, where there is no single operation that it belongs to.
impl From<Trouble> for ShopError {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Shop(error) => error,
            Trouble::Token(words) => ShopError::Disconnected(words),
            Trouble::Busy(_, why) | Trouble::NotSent(why) | Trouble::Ill(why) | Trouble::Lost(why) => {
                ShopError::Away(why.message)
            }
            Trouble::TooMuch(why) | Trouble::Refused(why) => ShopError::Answer(why.message),
        }
    }
}

/// The points of the answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Cost {
    pub(super) requested_query_cost: Option<f64>,
    pub(super) actual_query_cost: Option<f64>,
    pub(super) throttle_status: Option<Throttle>,
}

/// The shop's bucket of points.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Throttle {
    pub(super) maximum_available: f64,
    pub(super) currently_available: f64,
    pub(super) restore_rate: f64,
}

/// Reads a reply: what it costs, and what it says.
pub(super) fn read(raw: &Raw) -> (Cost, Result<Answer, Trouble>) {
    if raw.status != 200 {
        return (Cost::default(), Err(by_status(raw)));
    }
    let Ok(body) = serde_json::from_slice::<Value>(&raw.body) else {
        let reason = reason(raw, "BAD_ANSWER", "The shop's answer broke off or is no JSON.");
        return (Cost::default(), Err(Trouble::Lost(reason)));
    };
    let cost = serde_json::from_value(body["extensions"]["cost"].clone()).unwrap_or_default();
    (cost, by_body(raw, body))
}

fn by_status(raw: &Raw) -> Trouble {
    let body: Value = serde_json::from_slice(&raw.body).unwrap_or_default();
    let said = problems(&body["errors"]).into_iter().map(|problem| problem.message).collect::<Vec<_>>().join("; ");
    let said = if said.is_empty() { String::new() } else { format!(" It says: {said}.") };
    let code = format!("HTTP_{}", raw.status);
    let words = |text: &str| reason(raw, &code, &format!("{text}{said}"));
    let blocked = |text: &str| Trouble::Shop(ShopError::Blocked(words(text).message));
    match raw.status {
        401 => Trouble::Token(words("The shop does not accept the access any more.").message),
        402 => blocked("The shop is frozen because its bill is not paid."),
        403 => Trouble::Shop(ShopError::Disconnected(
            words("The shop does not allow what Presell asks for. Approve the app and its scopes in the shop's admin.")
                .message,
        )),
        404 => Trouble::Shop(ShopError::Disconnected(
            words("There is no shop at this address, or it does not know this version.").message,
        )),
        423 => blocked("The shop is locked by Shopify."),
        429 => {
            let wait = raw.retry_after.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
            Trouble::Busy(wait, words("The shop is asked too often."))
        }
        430 => blocked("Shopify's protection turned the request away."),
        504 => Trouble::Lost(words("The shop took too long and did not say what it did.")),
        500..=599 => Trouble::Ill(words("The shop is in trouble.")),
        300..=399 => {
            Trouble::Shop(ShopError::Disconnected(words("The shop has moved. Enter its new address.").message))
        }
        _ => Trouble::Refused(words("The shop does not understand the request.")),
    }
}

fn by_body(raw: &Raw, mut body: Value) -> Result<Answer, Trouble> {
    let errors = problems(&body["errors"]);
    let first = |codes: &[&str]| errors.iter().find(|problem| codes.contains(&problem.code.as_str()));
    let told = |problem: &Problem| reason(raw, &problem.code, &problem.message);
    if let Some(problem) = first(&["ACCESS_DENIED"]) {
        let words = told(problem).message;
        return Err(Trouble::Shop(ShopError::Disconnected(format!("The access does not suffice. {words}"))));
    }
    if let Some(problem) = first(&["THROTTLED"]) {
        return Err(Trouble::Busy(None, told(problem)));
    }
    if let Some(problem) = first(&["MAX_COST_EXCEEDED", "MAX_INPUT_SIZE_EXCEEDED"]) {
        return Err(Trouble::TooMuch(told(problem)));
    }
    let (named, data) = (body.get("data").is_some(), body.get_mut("data").map(Value::take).unwrap_or_default());
    if data.as_object().is_some_and(|fields| fields.values().any(|field| !field.is_null())) || errors.is_empty() {
        return match data {
            Value::Object(_) => Ok(Answer { data, errors, search_warnings: warnings(&body) }),
            _ => Err(Trouble::Lost(reason(raw, "BAD_ANSWER", "The shop's answer says nothing."))),
        };
    }
    if let Some(problem) = first(&["INTERNAL_SERVER_ERROR"]) {
        return Err(Trouble::Ill(told(problem)));
    }
    let problem = told(&errors[0]);
    // Without a word about data the request was refused before it began; data that is null proves nothing.
    match named {
        true => Err(Trouble::Lost(problem)),
        false => Err(Trouble::Refused(problem)),
    }
}

/// `errors` in any of its forms.
fn problems(errors: &Value) -> Vec<Problem> {
    match errors {
        Value::Null => Vec::new(),
        Value::String(text) => vec![Problem { message: text.clone(), code: "ERROR".to_owned(), field: None }],
        Value::Array(all) => all.iter().flat_map(problems).collect(),
        Value::Object(error) if error.contains_key("message") => {
            let text = |value: &Value| value.as_str().map(str::to_owned);
            vec![Problem {
                code: text(&errors["extensions"]["code"]).unwrap_or_else(|| "ERROR".to_owned()),
                message: text(&errors["message"]).unwrap_or_else(|| errors["message"].to_string()),
                field: text(&errors["path"][0]),
            }]
        }
        // Older answers: {"base": ["…"]}.
        Value::Object(fields) => fields.values().flat_map(problems).collect(),
        other => vec![Problem { message: other.to_string(), code: "ERROR".to_owned(), field: None }],
    }
}

fn warnings(body: &Value) -> Vec<String> {
    let searches = body["extensions"]["search"].as_array().into_iter().flatten();
    let warnings = searches.filter_map(|search| search["warnings"].as_array()).flatten();
    warnings
        .map(|w| format!("{}: {}", w["field"].as_str().unwrap_or("?"), w["message"].as_str().unwrap_or("?")))
        .collect()
}

fn reason(raw: &Raw, code: &str, message: &str) -> Reason {
    let request = raw.request.as_deref().filter(|id| !message.contains(id));
    Reason::new(code, request.map_or_else(|| message.to_owned(), |id| format!("{message} (Request {id})")))
}
