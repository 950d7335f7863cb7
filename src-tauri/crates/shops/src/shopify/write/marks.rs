//! Marks of variants, and their quantities, in calls that are done whole or not at all.

use serde_json::{Map, Value, json};

use super::{Verdict, Write, user_errors};
use crate::adapter::{Outcome, Reason};
use crate::plan::Op;
use crate::settings::ShopSettings;
use crate::shopify::documents::{MARKS, Mutation};
use crate::shopify::mark;

/// Rows that the shop takes at once.
const ROWS: usize = 25;

pub(in crate::shopify) struct Marks<'a> {
    settings: &'a ShopSettings,
}

impl<'a> Marks<'a> {
    pub(super) fn new(settings: &'a ShopSettings) -> Marks<'a> {
        Marks { settings }
    }

    /// A mark, and its quantity if the shop is set so.
    fn rows(&self) -> usize {
        if self.settings.quantity_key.is_empty() { 1 } else { 2 }
    }

    /// The digests with which the mark can be replaced next time.
    fn digest(&self, op: &Op, payload: &Value) -> Option<String> {
        let of = |key: &str| {
            let mut written = payload["metafields"].as_array().into_iter().flatten();
            let field = written.find(|f| f["key"] == key && f["owner"]["id"].as_str() == op.variant.as_deref())?;
            field["compareDigest"].as_str()
        };
        let mark = of(&self.settings.mark_key)?;
        match self.rows() {
            1 => mark::join(Some(mark), None),
            _ => mark::join(Some(mark), Some(of(&self.settings.quantity_key)?)),
        }
    }
}

impl Write for Marks<'_> {
    fn mutation(&self) -> Mutation {
        MARKS
    }

    fn unit(&self) -> usize {
        ROWS / self.rows()
    }

    /// In a file there is nothing to save, so none can spoil another.
    fn line(&self) -> usize {
        1
    }

    fn document(&self) -> usize {
        4
    }

    fn cost(&self) -> f64 {
        12.0
    }

    fn variables(&self, ops: &[&Op]) -> Map<String, Value> {
        let now = clock();
        let rows: Vec<Value> = ops.iter().flat_map(|op| mark::rows(op, self.settings, now)).collect();
        Map::from_iter([("metafields".to_owned(), json!(rows))])
    }

    /// One bad row and nothing of the call is written: the bad ones are told apart, the others stand aside.
    fn judge(&self, ops: &[&Op], payload: &Value) -> Vec<Verdict> {
        let errors = user_errors(payload);
        if errors.is_empty() {
            let written = |op: &&Op| match self.digest(op, payload) {
                Some(digest) => Verdict::Is(Outcome::Done(Some(digest))),
                None => Verdict::Is(Outcome::Unknown(Reason::new("NOT_CONFIRMED", "The shop does not show the mark."))),
            };
            return ops.iter().map(written).collect();
        }
        let aside = Verdict::Aside(errors[0].reason());
        let mut verdicts = vec![aside; ops.len()];
        for error in &errors {
            let place = error.place().map(|row| row / self.rows()).or((ops.len() == 1).then_some(0));
            if let Some(verdict) = place.and_then(|place| verdicts.get_mut(place)) {
                *verdict = error.verdict();
            }
        }
        verdicts
    }
}

/// Only told to people who look at the mark; nothing is decided by it.
#[expect(clippy::disallowed_methods, reason = "when a mark was written is never compared with the database's time")]
fn clock() -> chrono::DateTime<chrono::Utc> {
    chrono::Utc::now()
}
