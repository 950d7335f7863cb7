//! Exports of known systems: how to recognise one, which column is which field, what its status words mean, and its
//! quirks. A new system is a new file in `presets/`, not new code.

use super::{Field, Kind};
use crate::fields::status::Status;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// The export of a known system. All headers and words in it are normalised or in lower case.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Preset {
    /// The system's name, as people know it.
    pub name: String,
    /// The kind of file it exports.
    pub kind: Kind,
    /// Of each group, one header must be there.
    pub recognised_by: Vec<Vec<String>>,
    /// The columns of a field; of those that exist, the first that is not blank in a row counts.
    pub columns: BTreeMap<Field, Vec<String>>,
    /// Words that mean nothing is there ("No" in a column "Closed").
    #[serde(default)]
    pub blank_words: BTreeMap<Field, Vec<String>>,
    /// What its status words mean.
    #[serde(default)]
    pub status_words: BTreeMap<String, Status>,
    /// The order's values stand only in its first row.
    #[serde(default)]
    pub fill_down: Option<FillDown>,
    /// A product is written `[SKU] its name`.
    #[serde(default)]
    pub bracketed_sku: bool,
    /// Only the text after the last such mark counts (`Parent : Child`).
    #[serde(default)]
    pub after_last: BTreeMap<Field, String>,
    /// Only the text before the first such mark counts (`Warehouse: Receipts`).
    #[serde(default)]
    pub before_first: BTreeMap<Field, String>,
    /// Rows that count; the others are headings, comments, services and drafts.
    #[serde(default)]
    pub only_rows_where: Vec<RowRule>,
}

/// Columns whose blank cells repeat the value above, within one order.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FillDown {
    /// The order's own column; where it is filled, a new order begins and nothing is carried over.
    pub order: Vec<String>,
    /// The other columns that stand only in the first row of an order.
    pub columns: Vec<String>,
}

/// A condition on one column; it holds where the file has no such column.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RowRule {
    /// The column.
    pub column: String,
    /// The row counts only with one of these words.
    #[serde(default)]
    pub is: Vec<String>,
    /// The row does not count with one of these words.
    #[serde(default)]
    pub not: Vec<String>,
}

impl RowRule {
    pub(super) fn holds(&self, cell: &str) -> bool {
        let is_among = |words: &[String]| words.iter().any(|word| cell.eq_ignore_ascii_case(word));
        (self.is.is_empty() || is_among(&self.is)) && !is_among(&self.not)
    }
}

impl Preset {
    /// The preset whose export this is, if its headers (normalised) are known.
    pub(super) fn recognise(kind: Kind, headers: &[String]) -> Option<&'static Self> {
        let has = |header: &String| headers.contains(header);
        all()
            .iter()
            .find(|preset| preset.kind == kind && preset.recognised_by.iter().all(|group| group.iter().any(has)))
    }

    /// The part of a cell that is the field's value.
    pub(super) fn value_of<'c>(&self, field: Field, cell: &'c str) -> &'c str {
        let mut cell = cell;
        if field == Field::Sku
            && self.bracketed_sku
            && let Some((sku, _)) = cell.strip_prefix('[').and_then(|rest| rest.split_once(']'))
        {
            cell = sku;
        }
        if let Some(mark) = self.after_last.get(&field) {
            cell = cell.rsplit(mark.as_str()).next().unwrap_or(cell);
        }
        if let Some(mark) = self.before_first.get(&field) {
            cell = cell.split(mark.as_str()).next().unwrap_or(cell);
        }
        cell.trim()
    }

    pub(super) fn is_blank(&self, field: Field, cell: &str) -> bool {
        cell.is_empty()
            || self
                .blank_words
                .get(&field)
                .is_some_and(|words| words.iter().any(|word| cell.eq_ignore_ascii_case(word)))
    }

    pub(super) fn status(&self, cell: &str) -> Option<Status> {
        self.status_words.iter().find(|(word, _)| cell.eq_ignore_ascii_case(word)).map(|(_, status)| *status)
    }
}

/// All presets, most special first.
pub(super) fn all() -> &'static [Preset] {
    static PRESETS: LazyLock<Vec<Preset>> = LazyLock::new(|| {
        [
            include_str!("presets/hotwax.json"),
            include_str!("presets/netsuite.json"),
            include_str!("presets/sap_business_one.json"),
            include_str!("presets/odoo.json"),
            include_str!("presets/business_central.json"),
        ]
        .into_iter()
        .flat_map(|text| serde_json::from_str::<Vec<Preset>>(text).expect("every preset is checked by a test"))
        .collect()
    });
    &PRESETS
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::headers::{fields, normalised};

    #[test]
    fn every_preset_names_known_fields_and_covers_its_own_columns() {
        for preset in all() {
            let known: Vec<Field> = fields(preset.kind).iter().map(|spec| spec.field).collect();
            for (field, columns) in &preset.columns {
                assert!(known.contains(field), "{}: {field:?} is no field of this kind", preset.name);
                for column in columns {
                    assert_eq!(&normalised(column), column, "{}: a header must be normalised to match", preset.name);
                }
            }
            for word in preset.status_words.keys() {
                assert_eq!(&word.to_lowercase(), word, "{}: status words are in lower case", preset.name);
            }
        }
    }
}
