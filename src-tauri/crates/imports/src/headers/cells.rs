//! One row by its fields. Takes the quirks of known systems away, so that the checks see one kind of row only.

use super::preset::{FillDown, RowRule};
use super::{Field, Mapping, normalised};
use crate::fields::trimmed;
use csv::StringRecord;

/// Reads rows by their fields, in the order of the file.
#[derive(Debug)]
pub struct CellReader<'m> {
    mapping: &'m Mapping,
    rules: Vec<(usize, &'static RowRule)>,
    /// The order's own columns, then those that are carried down from its first row.
    order: Vec<usize>,
    carried: Vec<(usize, String)>,
}

/// The cells of one row.
#[derive(Debug, Clone, Copy)]
pub struct Cells<'r> {
    mapping: &'r Mapping,
    record: &'r StringRecord,
    carried: &'r [(usize, String)],
}

impl<'m> CellReader<'m> {
    /// A reader at the beginning of a file.
    pub fn new(mapping: &'m Mapping) -> Self {
        let names: Vec<String> = mapping.headers().iter().map(|header| normalised(header)).collect();
        let place = |header: &String| names.iter().position(|name| name == header);
        let preset = mapping.preset();
        let fill = preset.and_then(|preset| preset.fill_down.as_ref());
        let places = |pick: fn(&FillDown) -> &Vec<String>| -> Vec<usize> {
            fill.map(pick).into_iter().flatten().filter_map(place).collect()
        };
        let order = places(|fill| &fill.order);
        let carried = order.iter().copied().chain(places(|fill| &fill.columns)).map(|at| (at, String::new())).collect();
        let rules = preset.into_iter().flat_map(|preset| &preset.only_rows_where);
        let rules = rules.filter_map(|rule| Some((place(&rule.column)?, rule))).collect();
        Self { mapping, rules, order, carried }
    }

    /// The cells of the next row; `None` where the system's export marks it as no line (a heading, a comment, a draft).
    pub fn read<'r>(&'r mut self, record: &'r StringRecord) -> Option<Cells<'r>> {
        if !self.carried.is_empty() {
            let begins = self.order.iter().any(|at| record.get(*at).is_some_and(|cell| !trimmed(cell).is_empty()));
            for (at, value) in &mut self.carried {
                let cell = trimmed(record.get(*at).unwrap_or_default());
                if begins || !cell.is_empty() {
                    value.clear();
                    value.push_str(cell);
                }
            }
        }
        let cells = Cells { mapping: self.mapping, record, carried: &self.carried };
        self.rules.iter().all(|(at, rule)| rule.holds(cells.raw(*at))).then_some(cells)
    }
}

impl<'r> Cells<'r> {
    /// The cell of a field, without blanks around it; empty where the file has no such column.
    pub fn get(&self, field: Field) -> &'r str {
        let columns = self.mapping.columns(field);
        let first = self.raw(usize::from(columns.first));
        let Some(preset) = self.mapping.preset() else { return first };
        let mut all = std::iter::once(first).chain(columns.more.iter().map(|at| self.raw(usize::from(*at))));
        let cell = all.find(|cell| !preset.is_blank(field, cell)).unwrap_or_default();
        preset.value_of(field, cell)
    }

    fn raw(&self, column: usize) -> &'r str {
        let cell = trimmed(self.record.get(column).unwrap_or_default());
        if cell.is_empty()
            && let Some((_, value)) = self.carried.iter().find(|(at, _)| *at == column)
        {
            return value;
        }
        cell
    }
}
