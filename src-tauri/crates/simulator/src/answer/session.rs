//! One request at work on the shop: what it may see and do, and what it leaves behind.

use std::cell::RefCell;
use std::collections::HashMap;

use apollo_compiler::resolvers::FieldError;
use apollo_compiler::response::JsonMap;
use serde_json::{Value, json};

use crate::journal::{By, Write};
use crate::schema::Version;
use crate::shop::Shop;

/// What a mutation shall refuse although nothing is wrong: a fault.
#[derive(Debug, Clone)]
pub(crate) struct Refusal {
    pub(crate) code: String,
    pub(crate) message: String,
    /// How many items of the call.
    pub(crate) items: usize,
}

/// Where a request comes from.
#[derive(Debug, Clone)]
pub(crate) struct Origin {
    pub(crate) version: Version,
    pub(crate) base_url: String,
    pub(crate) request: String,
    pub(crate) document: Option<String>,
    pub(crate) by: By,
    pub(crate) refusal: Option<Refusal>,
    /// What the bulk operations started by this request do wrong.
    pub(crate) bulk_fails_after: Option<usize>,
    pub(crate) seed: u64,
}

/// A request while it is executed.
pub(crate) struct Session<'s> {
    pub(crate) shop: RefCell<&'s mut Shop>,
    /// The shop as the search still sees it; `None` when it does not lag.
    pub(crate) index: Option<&'s Shop>,
    pub(crate) origin: &'s Origin,
    variables: &'s JsonMap,
    /// Pages are as long as all there is: within a bulk query.
    pub(crate) endless: bool,
    pub(crate) writes: RefCell<Vec<Write>>,
    pub(crate) warnings: RefCell<Vec<Value>>,
    details: RefCell<HashMap<String, Value>>,
}

impl<'s> Session<'s> {
    pub(crate) fn new(
        shop: &'s mut Shop,
        index: Option<&'s Shop>,
        origin: &'s Origin,
        variables: &'s JsonMap,
        endless: bool,
    ) -> Self {
        Self {
            shop: RefCell::new(shop),
            index,
            origin,
            variables,
            endless,
            writes: RefCell::default(),
            warnings: RefCell::default(),
            details: RefCell::default(),
        }
    }

    /// A variable as text.
    pub(crate) fn variable(&self, name: &str) -> String {
        self.variables.get(name).and_then(|value| value.as_str()).unwrap_or_default().to_owned()
    }

    /// An error of one field, with a code for machines.
    pub(crate) fn error(&self, code: &str, message: impl Into<String>) -> FieldError {
        self.detailed(message, json!({"code": code}))
    }

    pub(crate) fn detailed(&self, message: impl Into<String>, extensions: Value) -> FieldError {
        let message = message.into();
        self.details.borrow_mut().insert(message.clone(), extensions);
        FieldError { message }
    }

    /// What this program does not act out; never a silent null.
    pub(crate) fn not_simulated(&self, kind: &str, field: &str) -> FieldError {
        self.error("NOT_SIMULATED", format!("{kind}.{field} is not simulated by the demo shop"))
    }

    /// Refuses who has none of these rights.
    pub(crate) fn need(&self, field: &str, scopes: &[&str]) -> Result<(), FieldError> {
        let shop = self.shop.borrow();
        if scopes.is_empty() || scopes.iter().any(|scope| shop.access.may(scope)) {
            return Ok(());
        }
        let named: Vec<String> = scopes.iter().map(|s| format!("`{s}`")).collect();
        let needs = format!("{} access scope.", named.join(" or "));
        Err(self.detailed(
            format!("Access denied for {field} field. Required access: {needs}"),
            json!({"code": "ACCESS_DENIED", "documentation": "https://shopify.dev/api/usage/access-scopes",
                "requiredAccess": needs}),
        ))
    }

    /// The errors of an execution as the API words them, with their codes.
    pub(crate) fn worded(&self, errors: Value) -> Vec<Value> {
        let Value::Array(mut errors) = errors else { return Vec::new() };
        let details = self.details.borrow();
        for error in &mut errors {
            let message = error["message"].as_str().unwrap_or_default();
            let message = message.strip_prefix("resolver error: ").unwrap_or(message).to_owned();
            if let Some(extensions) = details.get(&message) {
                error["extensions"] = extensions.clone();
            }
            error["message"] = json!(message);
        }
        errors
    }
}
