//! Rows of a purchase-order file, read and checked one by one.

use chrono::NaiveDate;
use presell_catalog::rules::Status;

use crate::checking::{Evidence, RowCheck};
use crate::fields::date::{self, DateDoubt};
use crate::findings::Findings;
use crate::headers::{Field, Mapping};
use crate::problem::{Check, Problem};
use crate::reading::Source;
use crate::texts::{Text, Texts};

/// One sound row. Quantities are at most a million, so that a million rows stay small; what a file does not say is none.
#[derive(Clone, Debug)]
pub(crate) struct OrderRow {
    pub(crate) row: u32,
    pub(crate) order: Text,
    pub(crate) sku: Text,
    pub(crate) facility: Text,
    pub(crate) store: Option<Text>,
    pub(crate) line_no: Option<i64>,
    pub(crate) quantity: i32,
    pub(crate) arrival: NaiveDate,
    pub(crate) received: Option<i32>,
    pub(crate) cancelled: Option<i32>,
    pub(crate) buffer: Option<i32>,
    pub(crate) buffer_days: Option<i16>,
    pub(crate) is_new: Option<bool>,
    pub(crate) status: Option<Status>,
    pub(crate) line_status: Option<Status>,
}

/// The rows of a file and the names in them, each kind of name apart.
#[derive(Default)]
pub(crate) struct Rows {
    pub(crate) rows: Vec<OrderRow>,
    pub(crate) orders: Texts,
    pub(crate) skus: Texts,
    pub(crate) facilities: Texts,
    pub(crate) stores: Texts,
    /// Rows of the file, sound or not.
    pub(crate) total: u64,
}

/// Reads every row; what is wrong with one is a finding and keeps it out, what asks is a finding and keeps it in.
pub(crate) fn read(
    source: &mut Source,
    mapping: &Mapping,
    today: NaiveDate,
    findings: &mut Findings,
) -> Result<Rows, Problem> {
    let evidence = Evidence::gather(source, mapping, Some(Field::ArrivalDate), Field::Quantity, findings)?;
    let mut rows = Rows::default();
    rows.total = evidence.check_rows(source, mapping, findings, |check| {
        if let Some(row) = one(check, today, &mut rows) {
            rows.rows.push(row);
        }
    })?;
    Ok(rows)
}

fn one(mut check: RowCheck<'_, '_>, today: NaiveDate, rows: &mut Rows) -> Option<OrderRow> {
    let order = check.name(Field::PoId, &mut rows.orders);
    let sku = check.name(Field::Sku, &mut rows.skus);
    let facility = check.name(Field::Facility, &mut rows.facilities);
    let store = check.optional_name(Field::Store, &mut rows.stores);
    let line_no = check.number(Field::LineNo, "line number");
    let quantity = check.pieces(Field::Quantity);
    if quantity == Some(0) {
        check.ask(Field::Quantity, Check::V5, "The quantity is 0, so the line brings nothing. Confirm, or correct it.");
    }
    let arrival = date::parse(check.cell(Field::ArrivalDate), &check.evidence.dates);
    let arrival = check.take(Field::ArrivalDate, arrival);
    let statuses = statuses(&mut check);
    let open = statuses.is_none_or(|(order, line)| [order, line].into_iter().flatten().all(Status::is_open));
    // A closed line is history: its date is in the past as a matter of course.
    if let Some(doubt) =
        arrival.and_then(|d| date::doubt(d, today)).filter(|doubt| open || *doubt == DateDoubt::FarAhead)
    {
        check.ask(Field::ArrivalDate, Check::V4, doubt.to_string());
    }
    let is_new = check.flag(Field::IsNew);
    if is_new.is_none() && check.is_sound() {
        let column = check.mapping().column(Field::IsNew);
        let what = match column {
            Some(_) => "The new-style flag is empty; the line counts as a known product restocked (backorder).",
            None => "The file has no new-style column; its lines count as known products restocked (backorder).",
        };
        check.findings.note(Check::V12, check.row, what);
    }
    let received = received(&mut check, quantity);
    let cancelled = check.optional_pieces(Field::Cancelled);
    let buffer = buffer(&mut check, quantity);
    let buffer_days = buffer_days(&mut check);
    if !check.is_sound() {
        return None;
    }
    let (status, line_status) = statuses?;
    Some(OrderRow {
        row: u32::try_from(check.row).ok()?,
        order: order?,
        sku: sku?,
        facility: facility?,
        store,
        line_no,
        quantity: small(quantity?),
        arrival: arrival?,
        received: received.map(small),
        cancelled: cancelled.map(small),
        buffer: buffer.map(small),
        buffer_days,
        is_new,
        status,
        line_status,
    })
}

/// Pieces are checked to be at most a million either way.
fn small(pieces: i64) -> i32 {
    i32::try_from(pieces).unwrap_or(i32::MAX)
}

/// Status of the order and of the line; none if one of the words is unknown.
fn statuses(check: &mut RowCheck<'_, '_>) -> Option<(Option<Status>, Option<Status>)> {
    let mut word = |field: Field| {
        let cell = check.cell(field);
        let status = check.mapping().status(cell);
        let status = check.take(field, status)?;
        if status.is_none() && cell.is_empty() && check.mapping().column(field).is_some() && field == Field::Status {
            check.findings.note(
                Check::V11,
                check.row,
                "The status is empty; a new purchase order counts as CREATED, a known one keeps its status.",
            );
        }
        Some(status)
    };
    Some((word(Field::Status)?, word(Field::LineStatus)?))
}

/// Received pieces, given as such or as what is still open.
fn received(check: &mut RowCheck<'_, '_>, quantity: Option<i64>) -> Option<i64> {
    match check.optional_pieces(Field::Received) {
        Some(received) => Some(received),
        None => {
            let open = check.optional_pieces(Field::Open)?;
            Some((quantity? - open).max(0))
        }
    }
}

fn buffer(check: &mut RowCheck<'_, '_>, quantity: Option<i64>) -> Option<i64> {
    let cell = check.cell(Field::Buffer);
    if cell.is_empty() {
        return None;
    }
    match check.evidence.numbers.signed(cell) {
        Ok(n) if n < 0 => {
            check.refuse(
                Field::Buffer,
                Check::V13,
                "The order buffer is negative. Give the pieces to keep back, 0 or more.",
            );
            None
        }
        Ok(n) => {
            if quantity.is_some_and(|q| n >= q && q > 0) {
                check.ask(
                    Field::Buffer,
                    Check::V13,
                    "The order buffer is as large as the quantity, so nothing can be pre-sold. Confirm, or correct it.",
                );
            }
            Some(n)
        }
        Err(_) => {
            check.refuse(
                Field::Buffer,
                Check::V13,
                "The order buffer is not a whole number of pieces. Correct it, or leave the cell empty.",
            );
            None
        }
    }
}

fn buffer_days(check: &mut RowCheck<'_, '_>) -> Option<i16> {
    let cell = check.cell(Field::BufferDays);
    if cell.is_empty() {
        return None;
    }
    match cell.parse::<i16>() {
        Ok(days) if (0..=366).contains(&days) => Some(days),
        _ => {
            check.refuse(
                Field::BufferDays,
                Check::V13,
                "The buffer days are not a whole number from 0 to 366. Correct them, or leave the cell empty.",
            );
            None
        }
    }
}
