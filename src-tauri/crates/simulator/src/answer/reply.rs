//! What goes back over the line, and how.

use serde_json::{Value, json};

/// How an answer reaches its client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Delivery {
    /// At once and whole.
    Whole,
    /// After so many milliseconds.
    Late(u64),
    /// In pieces over so many milliseconds.
    Slowly(u64),
    /// Not at all: the connection is cut.
    Cut,
}

#[derive(Debug, Clone)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Vec<u8>,
    pub(crate) delivery: Delivery,
}

impl Reply {
    pub(crate) fn json(status: u16, body: &Value) -> Self {
        let headers = vec![("content-type", "application/json; charset=utf-8".to_owned())];
        Self { status, headers, body: body.to_string().into_bytes(), delivery: Delivery::Whole }
    }

    /// As the API answers before it has looked at the document.
    pub(crate) fn refused(status: u16, errors: &str) -> Self {
        Self::json(status, &json!({"errors": errors}))
    }

    pub(crate) fn text(status: u16, kind: &str, body: impl Into<Vec<u8>>) -> Self {
        let headers = vec![("content-type", kind.to_owned())];
        Self { status, headers, body: body.into(), delivery: Delivery::Whole }
    }

    pub(crate) fn cut() -> Self {
        Self { delivery: Delivery::Cut, ..Self::text(500, "text/plain", "") }
    }

    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

/// A body with one error.
pub(super) fn errors(message: &str, extensions: Value) -> Value {
    json!({"errors": [{"message": message, "extensions": extensions}]})
}
