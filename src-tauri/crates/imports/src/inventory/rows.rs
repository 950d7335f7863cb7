//! Rows of a stock file, read and checked one by one.

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;

use crate::checking::{Evidence, RowCheck};
use crate::findings::Findings;
use crate::headers::{Field, Mapping};
use crate::problem::{Check, Problem};
use crate::reading::Source;
use crate::texts::{Text, Texts};

/// One sound row. A full feed has more than a million of them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct StockRow {
    pub(crate) as_of: i64,
    pub(crate) row: u32,
    pub(crate) sku: Text,
    pub(crate) facility: Text,
    pub(crate) location: Text,
    pub(crate) atp: i32,
    /// The file says when it was counted; else it counts as counted now.
    pub(crate) dated: bool,
}

const _: () = assert!(size_of::<StockRow>() <= 32, "a million and a half rows stay below 50 MB");

/// The rows of a file and the names in them.
#[derive(Default)]
pub(crate) struct Rows {
    pub(crate) rows: Vec<StockRow>,
    pub(crate) skus: Texts,
    pub(crate) facilities: Texts,
    pub(crate) locations: Texts,
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
    // What can be promised is what counts; pieces on hand stand in for it where the file has nothing better.
    let quantity = if mapping.column(Field::Atp).is_some() { Field::Atp } else { Field::Quantity };
    let evidence = Evidence::gather(source, mapping, Some(Field::AsOf), quantity, findings)?;
    let mut rows = Rows::default();
    rows.total = evidence.check_rows(source, mapping, findings, |check| {
        if let Some(row) = one(check, quantity, zone, now, &mut rows) {
            rows.rows.push(row);
        }
    })?;
    Ok(rows)
}

fn one(
    mut check: RowCheck<'_, '_>,
    quantity: Field,
    zone: Tz,
    now: DateTime<Utc>,
    rows: &mut Rows,
) -> Option<StockRow> {
    let sku = check.name(Field::Sku, &mut rows.skus);
    let facility = check.name(Field::Facility, &mut rows.facilities);
    let location = match check.cell(Field::Location) {
        "" => Some(rows.locations.take("")),
        _ => check.name(Field::Location, &mut rows.locations),
    };
    let atp = pieces(&mut check, quantity);
    if atp.is_some_and(|atp| atp < 0) {
        check.findings.note(
            Check::V16,
            check.row,
            "The stock is negative; it was taken as it is and lowers the sum of the facilities.",
        );
    }
    let dated = !check.cell(Field::AsOf).is_empty();
    let as_of = if dated { check.moment(Field::AsOf, zone) } else { Some(now) };
    if as_of.is_some_and(|at| at > now + TimeDelta::days(1)) {
        check.ask(Field::AsOf, Check::V4, "The stock was counted in the future, so that later counts would be left out as older. Confirm, or correct the date.");
    }
    if !check.is_sound() {
        return None;
    }
    Some(StockRow {
        as_of: as_of?.timestamp_millis(),
        row: u32::try_from(check.row).ok()?,
        sku: sku?,
        facility: facility?,
        location: location?,
        atp: atp?,
        dated,
    })
}

/// Pieces with their sign, at most a million either way.
fn pieces(check: &mut RowCheck<'_, '_>, field: Field) -> Option<i32> {
    match check.evidence.numbers.signed(check.cell(field)) {
        Ok(pieces) => i32::try_from(pieces).ok(),
        Err(error) => {
            check.refuse(field, Check::V16, error.to_string());
            None
        }
    }
}
