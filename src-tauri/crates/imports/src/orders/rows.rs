//! Rows of a file of customer orders, read and checked one by one.

use chrono::NaiveDate;
use chrono_tz::Tz;

use super::known::ItemStatus;
use crate::checking::{Evidence, RowCheck};
use crate::fields::date;
use crate::findings::Findings;
use crate::headers::{Field, Mapping};
use crate::problem::{Check, Problem};
use crate::reading::Source;
use crate::texts::{Text, Texts};

/// One sound row; what a file does not say is none.
#[derive(Clone, Debug)]
pub(crate) struct ItemRow {
    pub(crate) row: u32,
    pub(crate) order: Text,
    pub(crate) seq: Option<i64>,
    pub(crate) sku: Text,
    pub(crate) quantity: i64,
    pub(crate) ordered_at: i64,
    pub(crate) status: Option<ItemStatus>,
    pub(crate) promised: Option<NaiveDate>,
    pub(crate) purchase_order: Option<Text>,
    pub(crate) line_no: Option<i64>,
    pub(crate) store: Option<Text>,
}

/// The rows of a file and the names in them, each kind of name apart.
#[derive(Default)]
pub(crate) struct Rows {
    pub(crate) rows: Vec<ItemRow>,
    pub(crate) orders: Texts,
    pub(crate) skus: Texts,
    pub(crate) purchase_orders: Texts,
    pub(crate) stores: Texts,
    /// Rows of the file, sound or not.
    pub(crate) total: u64,
}

/// Reads every row; what is wrong with one is a finding and keeps it out, what asks is a finding and keeps it in.
pub(crate) fn read(source: &mut Source, mapping: &Mapping, zone: Tz, findings: &mut Findings) -> Result<Rows, Problem> {
    let evidence = Evidence::gather(source, mapping, Some(Field::OrderedAt), Field::Quantity, findings)?;
    let mut rows = Rows::default();
    rows.total = evidence.check_rows(source, mapping, findings, |check| {
        if let Some(row) = one(check, zone, &mut rows) {
            rows.rows.push(row);
        }
    })?;
    Ok(rows)
}

fn one(mut check: RowCheck<'_, '_>, zone: Tz, rows: &mut Rows) -> Option<ItemRow> {
    let order = check.name(Field::OrderId, &mut rows.orders);
    let seq = check.number(Field::ItemSeq, "item number");
    let sku = check.name(Field::Sku, &mut rows.skus);
    let quantity = check.pieces(Field::Quantity);
    if quantity == Some(0) {
        check.ask(Field::Quantity, Check::V5, "The quantity is 0, so nothing was ordered. Confirm, or correct it.");
    }
    let ordered_at = check.moment(Field::OrderedAt, zone);
    let status = match check.cell(Field::Status) {
        "" => None,
        word => match ItemStatus::read(word) {
            Some(status) => Some(status),
            None => {
                check.refuse(
                    Field::Status,
                    Check::V11,
                    "This is not a status of an order. Use OPEN, COMPLETED, CANCELLED or REJECTED.",
                );
                None
            }
        },
    };
    let promised = match check.cell(Field::Promised) {
        "" => None,
        cell => {
            let promised = date::parse(cell, &check.evidence.dates);
            check.take(Field::Promised, promised)
        }
    };
    let purchase_order = check.optional_name(Field::PoId, &mut rows.purchase_orders);
    let line_no = check.number(Field::PoLine, "line number");
    let store = check.optional_name(Field::Store, &mut rows.stores);
    if !check.is_sound() {
        return None;
    }
    Some(ItemRow {
        row: u32::try_from(check.row).ok()?,
        order: order?,
        seq,
        sku: sku?,
        quantity: quantity?,
        ordered_at: ordered_at?.timestamp_millis(),
        status,
        promised,
        purchase_order,
        line_no,
        store,
    })
}
