//! What a request costs, and the bucket it is paid from.
//!
//! A leaf is free, an object costs 1, a mutation 10, a page 2 and its entries as many times as are asked for. Requested is
//! counted from the document alone, actual from what came back; the difference is given back.

use apollo_compiler::ExecutableDocument;
use apollo_compiler::executable::{Field, Operation, Selection, SelectionSet};
use apollo_compiler::response::JsonMap;
use serde_json::Value;

use crate::clock::Millis;
use crate::shop::Plan;

/// What one query may cost at most.
pub(crate) const MOST: u64 = 1_000;

const MUTATION: u64 = 10;
const PAGE: u64 = 2;

/// The document's price before it is run.
pub(crate) fn requested(document: &ExecutableDocument, operation: &Operation, variables: &JsonMap) -> u64 {
    Meter { document, variables, mutation: operation.is_mutation() }.set(&operation.selection_set, None)
}

/// The price of what came back.
pub(crate) fn actual(document: &ExecutableDocument, operation: &Operation, variables: &JsonMap, data: &Value) -> u64 {
    Meter { document, variables, mutation: operation.is_mutation() }.set(&operation.selection_set, Some(data))
}

struct Meter<'a> {
    document: &'a ExecutableDocument,
    variables: &'a JsonMap,
    mutation: bool,
}

impl Meter<'_> {
    /// Of a selection: with data, what is in it; without, what could be.
    fn set(&self, set: &SelectionSet, data: Option<&Value>) -> u64 {
        let mut fields = 0;
        let mut fragments = Vec::new();
        for selection in &set.selections {
            match selection {
                Selection::Field(field) => fields += self.field(field, data),
                Selection::InlineFragment(fragment) => fragments.push(self.set(&fragment.selection_set, data)),
                Selection::FragmentSpread(spread) => {
                    let fragment = spread.fragment_def(self.document);
                    fragments.push(fragment.map_or(0, |f| self.set(&f.selection_set, data)));
                }
            }
        }
        // Of the kinds a thing can have it has one: the dearest counts.
        fields + fragments.into_iter().max().unwrap_or(0)
    }

    fn field(&self, field: &Field, data: Option<&Value>) -> u64 {
        let here = data.map(|data| &data[field.response_key().as_str()]);
        if field.selection_set.is_empty() || (here.is_some_and(Value::is_null) && !self.is_root(field)) {
            return 0;
        }
        let kind = field.definition.ty.inner_named_type().as_str();
        if self.is_root(field) {
            return MUTATION + self.set(&field.selection_set, here);
        }
        if kind == "PageInfo" || kind.ends_with("UserError") || kind == "StagedUploadParameter" {
            return 0;
        }
        if kind.ends_with("Connection") {
            return PAGE + self.entries(field, here);
        }
        let one = |data: Option<&Value>| 1 + self.set(&field.selection_set, data);
        match (here, field.name.as_str()) {
            (None, "nodes") => self.length(field, "ids") * one(None),
            (Some(Value::Array(items)), "nodes") => items.iter().filter(|i| !i.is_null()).map(|i| one(Some(i))).sum(),
            (Some(Value::Array(items)), _) => items.iter().map(|i| one(Some(i))).max().unwrap_or(0),
            _ => one(here),
        }
    }

    /// The entries of a page, as nodes or as edges.
    fn entries(&self, connection: &Field, data: Option<&Value>) -> u64 {
        let mut sum = 0;
        for field in connection.selection_set.fields() {
            let edges = match field.name.as_str() {
                "nodes" => false,
                "edges" => true,
                _ => continue,
            };
            let one = |data: Option<&Value>| {
                if edges { self.set(&field.selection_set, data) } else { 1 + self.set(&field.selection_set, data) }
            };
            sum += match data.map(|data| &data[field.response_key().as_str()]) {
                Some(items) => items.as_array().into_iter().flatten().map(|item| one(Some(item))).sum(),
                None => self.number(connection, "first").max(self.number(connection, "last")) * one(None),
            };
        }
        sum
    }

    fn is_root(&self, field: &Field) -> bool {
        self.mutation && field.definition.ty.inner_named_type().as_str().ends_with("Payload")
    }

    fn number(&self, field: &Field, name: &str) -> u64 {
        let Some(value) = field.specified_argument_by_name(name) else { return 0 };
        match value.as_variable() {
            Some(variable) => self.variables.get(variable.as_str()).and_then(|v| v.as_u64()).unwrap_or(0),
            None => value.to_i32().and_then(|n| u64::try_from(n).ok()).unwrap_or(0),
        }
    }

    fn length(&self, field: &Field, name: &str) -> u64 {
        let Some(value) = field.specified_argument_by_name(name) else { return 0 };
        match value.as_variable() {
            Some(variable) => {
                self.variables.get(variable.as_str()).and_then(|v| v.as_array()).map_or(1, Vec::len) as u64
            }
            None => value.as_list().map_or(1, <[_]>::len) as u64,
        }
    }
}

/// Points an app has; they come back with time.
#[derive(Debug, Clone)]
pub(crate) struct Bucket {
    available: f64,
    at: Millis,
    /// Taken in all, less what was given back.
    pub(crate) spent: u64,
}

impl Bucket {
    pub(crate) fn full(plan: Plan, now: Millis) -> Self {
        Self { available: plan.bucket(), at: now, spent: 0 }
    }

    /// What is there now.
    pub(crate) fn available(&mut self, plan: Plan, now: Millis) -> f64 {
        let passed = (now - self.at).max(0) as f64 / 1_000.0;
        self.available = (self.available + passed * plan.restore()).min(plan.bucket());
        self.at = now;
        self.available
    }

    /// Takes points, unless they are not there.
    pub(crate) fn take(&mut self, points: u64, plan: Plan, now: Millis) -> bool {
        let enough = self.available(plan, now) >= points as f64;
        if enough {
            self.available -= points as f64;
            self.spent += points;
        }
        enough
    }

    /// Gives back what was not needed.
    pub(crate) fn refund(&mut self, points: u64, plan: Plan) {
        self.available = (self.available + points as f64).min(plan.bucket());
        self.spent = self.spent.saturating_sub(points);
    }
}
