//! How operations are said to the shop, and what its answers mean for each of them.
//!
//! Operations that one call takes together are a unit: the variants of one product, a handful of marks, one tag. Each unit
//! has its own field in the answer, whether several share a document or each is a line of a bulk operation.

mod marks;
mod policy;
mod tags;

use std::collections::HashMap;

use serde_json::{Map, Value};

pub(super) use marks::Marks;
pub(super) use policy::Policy;
pub(super) use tags::Tagging;

use super::answer::Problem;
use super::documents::Mutation;
use crate::adapter::{Outcome, Reason};
use crate::plan::{Op, Step};
use crate::settings::ShopSettings;

/// A kind of write.
pub(super) trait Write: Send + Sync {
    /// How it is said.
    fn mutation(&self) -> Mutation;
    /// Operations that one call takes at most.
    fn unit(&self) -> usize;
    /// Operations on one line of a bulk operation.
    fn line(&self) -> usize {
        self.unit()
    }
    /// Calls that one document takes at most.
    fn document(&self) -> usize;
    /// What a call costs.
    fn cost(&self) -> f64;
    /// Whether only operations of the same product go into one call.
    fn by_product(&self) -> bool {
        false
    }
    /// The variables of a call.
    fn variables(&self, ops: &[&Op]) -> Map<String, Value>;
    /// What a call's field of the answer says of each of its operations; it is not null.
    fn judge(&self, ops: &[&Op], payload: &Value) -> Vec<Verdict>;
}

/// What became of an operation in one call.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Verdict {
    /// It is decided.
    Is(Outcome),
    /// The shop had trouble with it: after a while, again.
    Again(Reason),
    /// Nothing was wrong with it, but others in its call were: at once, without them.
    Aside(Reason),
}

/// How the operations of a step are written.
pub(super) fn kind<'a>(step: Step, settings: &'a ShopSettings) -> Box<dyn Write + 'a> {
    match step {
        Step::Stop => Box::new(Policy { continues: false }),
        Step::Sell => Box::new(Policy { continues: true }),
        Step::Mark | Step::Remark | Step::Unmark => Box::new(Marks::new(settings)),
        Step::TagOn(class) => Box::new(Tagging::new(class, true, settings)),
        Step::TagOff(class) => Box::new(Tagging::new(class, false, settings)),
    }
}

/// The operations of `chosen` as units, by their places in `ops`; `most` in each.
pub(super) fn units(write: &dyn Write, ops: &[Op], chosen: &[usize], most: usize) -> Vec<Vec<usize>> {
    if !write.by_product() {
        return chosen.chunks(most).map(<[usize]>::to_vec).collect();
    }
    let mut units: Vec<Vec<usize>> = Vec::new();
    let mut open: HashMap<&str, usize> = HashMap::new();
    for &place in chosen {
        let unit = open.get(ops[place].parent.as_str()).copied().filter(|unit| units[*unit].len() < most);
        match unit {
            Some(unit) => units[unit].push(place),
            None => {
                open.insert(&ops[place].parent, units.len());
                units.push(vec![place]);
            }
        }
    }
    units
}

/// What a field of the answer says of its unit; null, missing or not.
pub(super) fn judge(write: &dyn Write, ops: &[&Op], payload: Option<&Value>, problems: &[&Problem]) -> Vec<Verdict> {
    if let Some(payload) = payload.filter(|payload| !payload.is_null()) {
        return write.judge(ops, payload);
    }
    let verdict = match problems.first() {
        Some(problem) => {
            let reason = Reason::new(&problem.code, &problem.message);
            match problem.code.as_str() {
                "INTERNAL_SERVER_ERROR" | "SERVICE_UNAVAILABLE" | "THROTTLED" => Verdict::Again(reason),
                _ => Verdict::Is(Outcome::Unknown(reason)),
            }
        }
        None => Verdict::Is(Outcome::Unknown(Reason::new("NO_ANSWER", "The shop's answer leaves it out."))),
    };
    vec![verdict; ops.len()]
}

/// A refusal of the shop within an answer.
struct UserError<'a> {
    code: &'a str,
    message: &'a str,
    field: &'a Value,
    element: Option<usize>,
}

impl UserError<'_> {
    /// The item of the call that the path names: `["variants", "1", "id"]`.
    fn place(&self) -> Option<usize> {
        self.element.or_else(|| self.field.get(1)?.as_str()?.parse().ok())
    }

    fn reason(&self) -> Reason {
        Reason::new(if self.code.is_empty() { "REFUSED" } else { self.code }, self.message)
    }

    /// What it means for the operation it is about.
    fn verdict(&self) -> Verdict {
        match self.code {
            "STALE_OBJECT" | "INVALID_COMPARE_DIGEST" => Verdict::Is(Outcome::Unknown(self.reason())),
            "INTERNAL_ERROR" | "SERVICE_UNAVAILABLE" => Verdict::Again(self.reason()),
            _ => Verdict::Is(Outcome::Refused(self.reason())),
        }
    }
}

fn user_errors(payload: &Value) -> Vec<UserError<'_>> {
    let errors = payload["userErrors"].as_array().into_iter().flatten();
    let read = |error| UserError {
        code: Value::get(error, "code").and_then(Value::as_str).unwrap_or_default(),
        message: Value::get(error, "message").and_then(Value::as_str).unwrap_or("The shop gives no reason."),
        field: &error["field"],
        element: error["elementIndex"].as_u64().and_then(|index| index.try_into().ok()),
    };
    errors.map(read).collect()
}
