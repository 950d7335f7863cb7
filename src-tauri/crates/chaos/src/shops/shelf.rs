//! The shop as its journal tells it, value by value, each with who set it last: what others did is not Presell's fault.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use presell_catalog::rules::Class;
use presell_simulator::journal::{Change, Write};
use serde_json::Value;

pub(super) const POLICY: &str = "inventoryPolicy";
pub(super) const MARK: &str = "metafield HC_PREORDER.PROMISE_DATE";
pub(super) const QUANTITY: &str = "metafield HC_PREORDER.SELLABLE_QUANTITY";
pub(super) const TAGS: &str = "tags";

/// The tag of a class.
pub(super) fn tag(class: Class) -> &'static str {
    match class {
        Class::PreOrder => "HC:Pre-Order",
        Class::Backorder => "HC:Backorder",
    }
}

/// What a mark says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Mark {
    #[default]
    None,
    Active(Class, NaiveDate),
    Inactive,
    Foreign,
}

impl Mark {
    pub(super) fn read(value: &Value) -> Mark {
        let Some(text) = value.as_str() else { return Mark::None };
        let said: Value = serde_json::from_str(text).unwrap_or_default();
        let class = match said["preorderType"].as_str() {
            Some("PRE_ORDER") => Some(Class::PreOrder),
            Some("BACKORDER") => Some(Class::Backorder),
            _ => None,
        };
        let day = said["promise_date"].as_str().and_then(|day| NaiveDate::parse_from_str(day, "%m/%d/%Y").ok());
        match (said["status"].as_str(), class, day) {
            (Some("active"), Some(class), Some(day)) => Mark::Active(class, day),
            (Some("inactive"), ..) => Mark::Inactive,
            _ => Mark::Foreign,
        }
    }
}

/// A value, and whether somebody else than Presell set it last.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Set<T> {
    pub(super) value: T,
    pub(super) others: bool,
}

#[derive(Default)]
pub(super) struct Shelf {
    continues: HashMap<String, Set<bool>>,
    marks: HashMap<String, Set<Mark>>,
    tags: HashMap<(String, String), Set<bool>>,
    /// Deleted, or not there yet.
    gone: HashSet<String>,
    /// Put there by others while the play went on: so is all that nobody set since.
    born: HashSet<String>,
}

impl Shelf {
    /// The shop before all of these writes.
    pub(super) fn before(writes: &[Write]) -> Shelf {
        let changes = writes.iter().flat_map(|write| &write.changes);
        let later = changes.filter(|change| change.field == "exists" && change.after == true);
        Shelf { gone: later.map(|change| change.id.clone()).collect(), ..Shelf::default() }
    }

    pub(super) fn continues(&self, variant: &str) -> Set<bool> {
        self.continues.get(variant).copied().unwrap_or_else(|| self.untouched(variant))
    }

    pub(super) fn mark(&self, variant: &str) -> Set<Mark> {
        self.marks.get(variant).copied().unwrap_or_else(|| self.untouched(variant))
    }

    pub(super) fn tagged(&self, product: &str, class: Class) -> Set<bool> {
        let set = self.tags.get(&(product.to_owned(), tag(class).to_owned()));
        set.copied().unwrap_or_else(|| self.untouched(product))
    }

    fn untouched<T: Default>(&self, id: &str) -> Set<T> {
        Set { value: T::default(), others: self.born.contains(id) }
    }

    /// Whether the variant is there.
    pub(super) fn has(&self, variant: &str) -> bool {
        !self.gone.contains(variant)
    }

    pub(super) fn apply(&mut self, change: &Change, others: bool) {
        let id = change.id.clone();
        match change.field.as_str() {
            POLICY => drop(self.continues.insert(id, Set { value: change.after == "CONTINUE", others })),
            MARK => drop(self.marks.insert(id, Set { value: Mark::read(&change.after), others })),
            TAGS => {
                for (tag, on) in turned(change) {
                    self.tags.insert((id.clone(), tag), Set { value: on, others });
                }
            }
            "exists" if change.after == false => drop(self.gone.insert(id)),
            "exists" => {
                self.gone.remove(&id);
                self.born.insert(id);
            }
            _ => {}
        }
    }
}

/// Tags that were put on and taken off.
pub(super) fn turned(change: &Change) -> Vec<(String, bool)> {
    let list = |value: &Value| -> HashSet<String> {
        value.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
    };
    let (before, after) = (list(&change.before), list(&change.after));
    let on = after.difference(&before).map(|tag| (tag.clone(), true));
    on.chain(before.difference(&after).map(|tag| (tag.clone(), false))).collect()
}
