//! A class tag of a product, on or off, whatever other tags it carries.

use presell_catalog::rules::Class;
use serde_json::{Map, Value, json};

use super::{Verdict, Write, user_errors};
use crate::adapter::Outcome;
use crate::plan::Op;
use crate::settings::ShopSettings;
use crate::shopify::documents::{Mutation, TAGS_OFF, TAGS_ON};

pub(in crate::shopify) struct Tagging<'a> {
    tag: &'a str,
    on: bool,
}

impl<'a> Tagging<'a> {
    pub(super) fn new(class: Class, on: bool, settings: &'a ShopSettings) -> Tagging<'a> {
        let tag = match class {
            Class::PreOrder => &settings.pre_order_tag,
            Class::Backorder => &settings.backorder_tag,
        };
        Tagging { tag, on }
    }
}

impl Write for Tagging<'_> {
    fn mutation(&self) -> Mutation {
        if self.on { TAGS_ON } else { TAGS_OFF }
    }

    fn unit(&self) -> usize {
        1
    }

    /// The shop cuts a request after ten seconds.
    fn document(&self) -> usize {
        20
    }

    fn cost(&self) -> f64 {
        10.0
    }

    fn variables(&self, ops: &[&Op]) -> Map<String, Value> {
        let product = ops.first().map(|op| op.parent.as_str());
        Map::from_iter([("id".to_owned(), json!(product)), ("tags".to_owned(), json!([self.tag]))])
    }

    fn judge(&self, ops: &[&Op], payload: &Value) -> Vec<Verdict> {
        let verdict = match user_errors(payload).first() {
            Some(error) => error.verdict(),
            None => Verdict::Is(Outcome::Done(None)),
        };
        vec![verdict; ops.len()]
    }
}
