//! What a person changes about a file before it is taken: cells of some rows, rows left out. The file itself stays as it
//! is; a changed cell is read as if the file had said so, with all its checks.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::headers::{Cells, Field};

/// All that is changed about one file. Later changes win over earlier ones.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Adjustments {
    /// Cells that say something else.
    pub cells: Vec<Adjustment>,
    /// Rows that are left out.
    pub left_out: BTreeSet<u64>,
    /// Orders that are left out, with all their rows.
    pub orders_left_out: BTreeSet<String>,
}

/// One field that says something else in some rows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Adjustment {
    /// The field.
    pub field: Field,
    /// What it says, as a person types it.
    pub value: String,
    /// Where.
    pub rows: Place,
}

/// The rows that an adjustment is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "AdjustedRows")]
pub enum Place {
    /// Every row.
    All,
    /// These rows, as a spreadsheet numbers them.
    Rows(BTreeSet<u64>),
    /// All rows of these orders.
    Orders(BTreeSet<String>),
    /// Every row whose cell says exactly this.
    Saying(String),
}

impl Adjustments {
    /// Whether nothing is changed.
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty() && self.left_out.is_empty() && self.orders_left_out.is_empty()
    }

    /// Fields that every row has a value for, whatever the columns of the file.
    pub fn given(&self) -> Vec<Field> {
        self.cells.iter().filter(|change| change.rows == Place::All).map(|change| change.field).collect()
    }
}

/// Adjustments, ready to be asked about each row of a file.
#[derive(Clone, Debug, Default)]
pub(crate) struct Adjusted {
    /// By row: the place of the change among all, the field and the value.
    by_row: BTreeMap<u64, Vec<(usize, Field, String)>>,
    wide: Vec<(usize, Adjustment)>,
    left_out: BTreeSet<u64>,
    orders_left_out: BTreeSet<String>,
}

impl Adjusted {
    pub(crate) fn new(all: &Adjustments) -> Adjusted {
        let mut adjusted = Adjusted {
            left_out: all.left_out.clone(),
            orders_left_out: all.orders_left_out.clone(),
            ..Adjusted::default()
        };
        for (at, change) in all.cells.iter().enumerate() {
            match &change.rows {
                Place::Rows(rows) => {
                    for row in rows {
                        let changes = adjusted.by_row.entry(*row).or_default();
                        changes.push((at, change.field, change.value.clone()));
                    }
                }
                _ => adjusted.wide.push((at, change.clone())),
            }
        }
        adjusted
    }

    /// Whether the row stays out because a person said so.
    pub(crate) fn leaves_out(&self, row: u64, cells: &Cells<'_>) -> bool {
        self.left_out.contains(&row)
            || (!self.orders_left_out.is_empty() && self.orders_left_out.contains(order(cells)))
    }

    /// What a person made of a cell; none: what the file says.
    pub(crate) fn cell(&self, row: u64, field: Field, cells: &Cells<'_>) -> Option<&str> {
        if self.by_row.is_empty() && self.wide.is_empty() {
            return None;
        }
        let applies = |place: &Place| match place {
            Place::All => true,
            Place::Rows(rows) => rows.contains(&row),
            Place::Orders(orders) => orders.contains(order(cells)),
            Place::Saying(text) => cells.get(field) == text,
        };
        let single = self.by_row.get(&row).and_then(|changes| changes.iter().rev().find(|(_, of, _)| *of == field));
        let wide = self.wide.iter().rev().find(|(_, change)| change.field == field && applies(&change.rows));
        match (single, wide) {
            (Some((at, ..)), Some((later, change))) if later > at => Some(&change.value),
            (Some((_, _, value)), _) => Some(value),
            (None, Some((_, change))) => Some(&change.value),
            (None, None) => None,
        }
    }

    /// Whether anything is said about the row, so that what the file says is worth showing beside it.
    pub(crate) fn is_empty(&self) -> bool {
        self.by_row.is_empty() && self.wide.is_empty()
    }
}

/// The order that a row belongs to: a supplier's or a customer's.
pub(crate) fn order<'r>(cells: &Cells<'r>) -> &'r str {
    match cells.get(Field::PoId) {
        "" => cells.get(Field::OrderId),
        order => order,
    }
}
