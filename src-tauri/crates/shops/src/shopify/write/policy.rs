//! Whether variants go on selling without stock.

use serde_json::{Map, Value, json};

use super::{Verdict, Write, user_errors};
use crate::adapter::{Outcome, Reason};
use crate::plan::Op;
use crate::shopify::documents::{Mutation, POLICY};

pub(in crate::shopify) struct Policy {
    pub(super) continues: bool,
}

impl Policy {
    fn word(&self) -> &'static str {
        if self.continues { "CONTINUE" } else { "DENY" }
    }
}

impl Write for Policy {
    fn mutation(&self) -> Mutation {
        POLICY
    }

    fn unit(&self) -> usize {
        250
    }

    fn document(&self) -> usize {
        10
    }

    fn cost(&self) -> f64 {
        11.0
    }

    fn by_product(&self) -> bool {
        true
    }

    fn variables(&self, ops: &[&Op]) -> Map<String, Value> {
        let product = ops.first().map(|op| op.parent.as_str());
        let variants: Vec<Value> =
            ops.iter().map(|op| json!({"id": op.variant, "inventoryPolicy": self.word()})).collect();
        Map::from_iter([("productId".to_owned(), json!(product)), ("variants".to_owned(), json!(variants))])
    }

    /// What is in the list of changed variants was changed. The path of an error is a hint only: it counts where it names a
    /// variant that indeed was not changed.
    fn judge(&self, ops: &[&Op], payload: &Value) -> Vec<Verdict> {
        let shown = |op: &Op| {
            let mut variants = payload["productVariants"].as_array().into_iter().flatten();
            variants.find(|variant| variant["id"].as_str() == op.variant.as_deref())
        };
        let done = |op: &Op| shown(op).is_some_and(|variant| variant["inventoryPolicy"] == self.word());
        let errors = user_errors(payload);
        let of_the_product = errors.iter().find(|error| error.place().is_none());
        let left = ops.iter().filter(|op| !done(op)).count();
        let verdict = |(place, op): (usize, &&Op)| {
            if done(op) {
                return Verdict::Is(Outcome::Done(None));
            }
            let own = errors.iter().find(|error| error.place() == Some(place)).or(of_the_product);
            match own.or(errors.first().filter(|_| left == 1)) {
                Some(error) => error.verdict(),
                None => unknown(errors.first().map_or("The shop does not show that it changed it.", |e| e.message)),
            }
        };
        ops.iter().enumerate().map(verdict).collect()
    }
}

fn unknown(message: &str) -> Verdict {
    Verdict::Is(Outcome::Unknown(Reason::new("NOT_CONFIRMED", message)))
}
