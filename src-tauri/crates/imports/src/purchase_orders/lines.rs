//! Lines of purchase orders on their way into the database.

use chrono::{Days, NaiveDate};
use presell_catalog::rules::Status;
use presell_store::{Cell, Result as StoreResult, Tx};

use super::known::KnownLine;
use super::rows::OrderRow;

/// The columns of a new line, as [`line_cells`] fills them.
pub(super) const LINE: &[&str] = &[
    "po_id",
    "line_no",
    "product_id",
    "facility_id",
    "status",
    "closed",
    "is_new",
    "ordered",
    "received",
    "cancelled",
    "buffer",
    "arrival_date",
    "buffer_days",
    "promise_date",
    "created_by",
    "touched_by",
];

pub(super) fn line_cells(
    order: i64,
    number: i64,
    product: i64,
    facility: i64,
    order_status: Status,
    row: &OrderRow,
    import: i64,
) -> [Cell<'static>; 16] {
    let n = |pieces: Option<i32>| i64::from(pieces.unwrap_or(0));
    let (ordered, received, cancelled) = (i64::from(row.quantity), n(row.received), n(row.cancelled));
    let status = row.line_status.unwrap_or(if order_status.is_open() { order_status } else { Status::Created });
    let days = i64::from(row.buffer_days.unwrap_or(0));
    [
        order.into(),
        number.into(),
        product.into(),
        facility.into(),
        status.as_str().into(),
        (ordered > 0 && received + cancelled >= ordered).into(),
        row.is_new.unwrap_or(false).into(),
        ordered.into(),
        received.into(),
        cancelled.into(),
        n(row.buffer).into(),
        row.arrival.into(),
        days.into(),
        promise(row.arrival, days).into(),
        import.into(),
        import.into(),
    ]
}

/// The date told to customers: arrival date plus buffer days.
fn promise(arrival: NaiveDate, days: i64) -> NaiveDate {
    arrival.checked_add_days(Days::new(days.unsigned_abs())).unwrap_or(arrival)
}

/// Brings known lines to the state given. What customers claim of them is left to [`claims::settle`].
pub(crate) async fn set_lines(tx: &mut Tx, lines: &[KnownLine]) -> StoreResult<()> {
    let columns = "id BIGINT, product_id BIGINT, facility_id BIGINT, status TEXT, is_new BOOLEAN, ordered BIGINT, received BIGINT,
        cancelled BIGINT, buffer BIGINT, arrival_date DATE, buffer_days BIGINT, promise_date DATE, touched_by BIGINT";
    let mut cells = Vec::with_capacity(lines.len() * 13);
    for line in lines {
        cells.extend([
            Cell::Int(line.id),
            line.product.into(),
            line.facility.into(),
            line.status.as_str().into(),
            line.is_new.into(),
            line.ordered.into(),
            line.received.into(),
            line.cancelled.into(),
            line.buffer.into(),
            line.arrival.into(),
            line.buffer_days.into(),
            line.promise().into(),
            line.touched_by.into(),
        ]);
    }
    let names = &[
        "id",
        "product_id",
        "facility_id",
        "status",
        "is_new",
        "ordered",
        "received",
        "cancelled",
        "buffer",
        "arrival_date",
        "buffer_days",
        "promise_date",
        "touched_by",
    ];
    tx.staging("changed_line", columns).await?;
    tx.insert_many("changed_line", names, &cells).await?;
    tx.run("UPDATE po_line SET product_id = n.product_id, facility_id = n.facility_id, status = n.status, is_new = n.is_new,
            ordered = n.ordered, received = n.received, cancelled = n.cancelled, buffer = n.buffer, arrival_date = n.arrival_date,
            buffer_days = n.buffer_days, promise_date = n.promise_date, touched_by = n.touched_by
            FROM changed_line n WHERE n.id = po_line.id").await?;
    Ok(())
}
