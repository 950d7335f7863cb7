//! What the columns of a file mean: the fields of each kind of file, the header names people and systems use for them,
//! and presets for the exports of known systems. The names are data (`fields.json`, `presets/`), not code.

mod cells;
mod mapping;
mod preset;

pub use cells::{CellReader, Cells};
pub(crate) use mapping::proposed;
pub use mapping::{Mapping, map, map_given};
pub use preset::Preset;

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::LazyLock;
use ts_rs::TS;

/// What a file brings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Lines ordered from suppliers.
    PurchaseOrders,
    /// Stock per product and facility.
    Inventory,
    /// Goods that arrived for a purchase order.
    Receipts,
    /// Items that customers ordered.
    Orders,
    /// Products and their identifiers.
    Products,
}

impl Kind {
    /// The kind's name on the command line and in the record of imports, e.g. `purchase-orders`.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::PurchaseOrders => "purchase-orders",
            Kind::Inventory => "inventory",
            Kind::Receipts => "receipts",
            Kind::Orders => "orders",
            Kind::Products => "products",
        }
    }
}

/// A value that a row can hold. The name in a file of settings or on the command line is in snake_case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "each field's meaning is its label in fields.json, which is what people read")]
#[ts(rename = "FileFieldName")]
pub enum Field {
    PoId,
    LineNo,
    Sku,
    IdType,
    Quantity,
    ArrivalDate,
    Facility,
    IsNew,
    Store,
    Status,
    LineStatus,
    Received,
    Open,
    Cancelled,
    Buffer,
    BufferDays,
    Atp,
    Location,
    AsOf,
    ReceivedAt,
    OrderId,
    ItemSeq,
    OrderedAt,
    Promised,
    PoLine,
    Parent,
    Title,
    Upc,
    VariantId,
    Excluded,
    Active,
    MinimumStock,
    AllowBrokering,
}

impl Field {
    /// Its name on the command line, in saved mappings and in files of rejects.
    pub fn name(self) -> String {
        name_of(self)
    }

    /// How many fields there are; a field's number is below it.
    pub const COUNT: usize = Self::AllowBrokering as usize + 1;
}

/// One field of a kind of file, and how its column may be named.
#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct FieldSpec {
    /// Which value.
    pub field: Field,
    /// What a person calls it.
    pub label: String,
    /// Whether a file without it is refused.
    #[serde(default)]
    pub required: bool,
    /// Not required where this field is mapped.
    #[serde(default)]
    pub unless: Option<Field>,
    /// Accepted headers, normalised.
    pub headers: Vec<String>,
    /// Headers that count only where no accepted one is found, best first.
    #[serde(default)]
    pub weak: Vec<String>,
}

impl FieldSpec {
    /// The field's name on the command line and in saved mappings.
    pub fn name(&self) -> String {
        name_of(self.field)
    }
}

/// The fields of a kind, in the order they are shown.
pub fn fields(kind: Kind) -> &'static [FieldSpec] {
    static FIELDS: LazyLock<BTreeMap<Kind, Vec<FieldSpec>>> =
        LazyLock::new(|| serde_json::from_str(include_str!("fields.json")).expect("fields.json is checked by a test"));
    FIELDS.get(&kind).map_or(&[], Vec::as_slice)
}

/// A header as it is compared: lower case, letters and digits only (no spaces, `_`, `-`, `*`, `.`, `/`).
pub fn normalised(header: &str) -> String {
    header.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// `snake_case`, as the data files and the command line write it.
pub(crate) fn name_of(field: Field) -> String {
    match serde_json::to_value(field) {
        Ok(serde_json::Value::String(name)) => name,
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_header_in_the_data_is_written_as_it_is_compared_and_names_one_field() {
        for kind in [Kind::PurchaseOrders, Kind::Inventory, Kind::Receipts, Kind::Orders, Kind::Products] {
            let specs = fields(kind);
            assert!(specs.iter().any(|spec| spec.required), "{kind:?} requires something");
            let mut strong: Vec<&String> = specs.iter().flat_map(|spec| &spec.headers).collect();
            for header in strong.iter().copied().chain(specs.iter().flat_map(|spec| &spec.weak)) {
                assert_eq!(&normalised(header), header, "a header that is not normalised never matches");
            }
            let count = strong.len();
            strong.sort();
            strong.dedup();
            assert_eq!(strong.len(), count, "{kind:?}: one header must not mean two fields");
        }
    }

    #[test]
    fn headers_are_compared_without_case_and_punctuation() {
        assert_eq!(normalised(" *External-Facility_ID "), "externalfacilityid");
        assert_eq!(normalised("Quantity Fulfilled/Received"), "quantityfulfilledreceived");
        assert_eq!(normalised("Menge (Stück)"), "mengestück");
    }
}
