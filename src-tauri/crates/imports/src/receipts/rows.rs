//! Rows of a receipts file, read and checked one by one.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use crate::checking::{Evidence, RowCheck};
use crate::findings::Findings;
use crate::headers::{Field, Mapping};
use crate::problem::{Check, Problem};
use crate::reading::Source;
use crate::texts::{Text, Texts};

/// One sound row. It names the line by number, by product, or by both.
#[derive(Clone, Debug)]
pub(crate) struct ReceiptRow {
    pub(crate) row: u32,
    pub(crate) order: Text,
    pub(crate) line_no: Option<i64>,
    pub(crate) sku: Option<Text>,
    pub(crate) facility: Option<Text>,
    pub(crate) quantity: i64,
    pub(crate) received_at: i64,
}

/// The rows of a file and the names in them.
#[derive(Default)]
pub(crate) struct Rows {
    pub(crate) rows: Vec<ReceiptRow>,
    pub(crate) orders: Texts,
    pub(crate) skus: Texts,
    pub(crate) facilities: Texts,
    /// Rows of the file, sound or not.
    pub(crate) total: u64,
}

/// Reads every row; what is wrong with one is a finding and keeps it out.
pub(crate) fn read(
    source: &mut Source,
    mapping: &Mapping,
    zone: Tz,
    now: DateTime<Utc>,
    findings: &mut Findings,
) -> Result<Rows, Problem> {
    let evidence = Evidence::gather(source, mapping, Some(Field::ReceivedAt), Field::Quantity, findings)?;
    let mut rows = Rows::default();
    rows.total = evidence.check_rows(source, mapping, findings, |check| {
        if let Some(row) = one(check, zone, now, &mut rows) {
            rows.rows.push(row);
        }
    })?;
    Ok(rows)
}

fn one(mut check: RowCheck<'_, '_>, zone: Tz, now: DateTime<Utc>, rows: &mut Rows) -> Option<ReceiptRow> {
    let order = check.name(Field::PoId, &mut rows.orders);
    let line_no = check.number(Field::LineNo, "line number");
    let sku = check.optional_name(Field::Sku, &mut rows.skus);
    if check.cell(Field::LineNo).is_empty() && check.cell(Field::Sku).is_empty() {
        check.refuse(
            Field::Sku,
            Check::V17,
            "The row names neither a line number nor a product, so nobody can tell what arrived. Fill in one of them.",
        );
    }
    let facility = check.optional_name(Field::Facility, &mut rows.facilities);
    let quantity = quantity(&mut check);
    let received_at = match check.cell(Field::ReceivedAt) {
        "" => Some(now),
        _ => check.moment(Field::ReceivedAt, zone),
    };
    if !check.is_sound() {
        return None;
    }
    Some(ReceiptRow {
        row: u32::try_from(check.row).ok()?,
        order: order?,
        line_no,
        sku,
        facility,
        quantity: quantity?,
        received_at: received_at?.timestamp_millis(),
    })
}

fn quantity(check: &mut RowCheck<'_, '_>) -> Option<i64> {
    match check.evidence.numbers.signed(check.cell(Field::Quantity)) {
        Ok(pieces) if pieces < 0 => {
            let message = "A receipt cannot be negative. To correct one, import the totals received so far.";
            check.refuse(Field::Quantity, Check::V5, message);
            None
        }
        _ => check.pieces(Field::Quantity),
    }
}
