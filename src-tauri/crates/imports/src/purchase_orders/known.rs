//! Purchase orders as the database knows them before an import.

use chrono::{Days, NaiveDate};
use presell_catalog::rules::Status;
use presell_store::{Result, StoreError, Tx, text, within};
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

/// A known line. Kept as JSON with an import that changes it, so that undo can put it back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct KnownLine {
    pub(crate) id: i64,
    pub(crate) line_no: i64,
    pub(crate) product: i64,
    pub(crate) sku: String,
    pub(crate) facility: i64,
    pub(crate) facility_code: String,
    pub(crate) status: Status,
    pub(crate) is_new: bool,
    pub(crate) ordered: i64,
    pub(crate) received: i64,
    pub(crate) cancelled: i64,
    pub(crate) buffer: i64,
    pub(crate) allocated: i64,
    pub(crate) arrival: Option<NaiveDate>,
    pub(crate) buffer_days: i64,
    pub(crate) touched_by: i64,
}

impl KnownLine {
    /// The date told to customers: arrival date plus buffer days.
    pub(crate) fn promise(&self) -> Option<NaiveDate> {
        let days = Days::new(self.buffer_days.unsigned_abs());
        self.arrival.map(|arrival| arrival.checked_add_days(days).unwrap_or(arrival))
    }
}

/// A known order with its lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct KnownOrder {
    pub(crate) head: Head,
    pub(crate) lines: Vec<KnownLine>,
}

/// What holds for the whole order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Head {
    pub(crate) id: i64,
    pub(crate) code: String,
    pub(crate) store: Option<i64>,
    pub(crate) status: Status,
    pub(crate) touched_by: i64,
}

/// The known ones among some orders, by their number.
pub(crate) async fn known(tx: &mut Tx, codes: &[&str]) -> Result<FxHashMap<String, KnownOrder>> {
    let list = serde_json::json!(codes).to_string();
    let sql = text!(tx, "SELECT id, code, store_id, status, touched_by FROM purchase_order WHERE code IN ", TEXTS);
    let heads: Vec<(i64, String, Option<i64>, String, i64)> =
        within!(tx, c => sqlx::query_as(sql).bind(list).fetch_all(c).await)?;
    let mut codes_of = FxHashMap::default();
    let mut orders = FxHashMap::default();
    for (id, code, store, status, touched_by) in heads {
        codes_of.insert(id, code.clone());
        let head = Head { id, code: code.clone(), store, status: status_of(&status)?, touched_by };
        orders.insert(code, KnownOrder { head, lines: Vec::new() });
    }
    if orders.is_empty() {
        return Ok(orders);
    }
    let ids: Vec<i64> = codes_of.keys().copied().collect();
    for (order, line) in lines(tx, &ids).await? {
        if let Some(order) = codes_of.get(&order).and_then(|code| orders.get_mut(code)) {
            order.lines.push(line);
        }
    }
    Ok(orders)
}

/// The lines of some orders, with the key of their order, by line number.
async fn lines(tx: &mut Tx, orders: &[i64]) -> Result<Vec<(i64, KnownLine)>> {
    let sql = text!(tx, "SELECT id FROM po_line WHERE po_id IN ", INTS);
    let list = serde_json::json!(orders).to_string();
    let ids: Vec<(i64,)> = within!(tx, c => sqlx::query_as(sql).bind(list).fetch_all(c).await)?;
    known_lines(tx, &ids.into_iter().map(|(id,)| id).collect::<Vec<_>>()).await
}

type Row = (i64, i64, i64, i64, String, i64, String, String, bool, i64, i64, i64, i64, String, i64, Option<NaiveDate>);

/// Some lines, given as keys, with the key of their order, by order and line number.
pub(crate) async fn known_lines(tx: &mut Tx, ids: &[i64]) -> Result<Vec<(i64, KnownLine)>> {
    // Allocated, buffer days and the last import share one text: a row type holds sixteen columns.
    let sql = text!(
        tx,
        "SELECT l.po_id, l.id, l.line_no, l.product_id, p.sku, l.facility_id, f.code, l.status, l.is_new,
        l.ordered, l.received, l.cancelled, l.buffer, l.allocated || ' ' || l.buffer_days, l.touched_by, l.arrival_date
        FROM po_line l JOIN product p ON p.id = l.product_id JOIN facility f ON f.id = l.facility_id
        WHERE l.id IN ",
        INTS,
        " ORDER BY l.po_id, l.line_no"
    );
    let rows: Vec<Row> =
        within!(tx, c => sqlx::query_as(sql).bind(serde_json::json!(ids).to_string()).fetch_all(c).await)?;
    rows.into_iter()
        .map(
            |(
                order,
                id,
                line_no,
                product,
                sku,
                facility,
                facility_code,
                status,
                is_new,
                ordered,
                received,
                cancelled,
                buffer,
                two,
                touched_by,
                arrival,
            )| {
                let (allocated, buffer_days) = two.split_once(' ').unwrap_or(("0", "0"));
                let line = KnownLine {
                    id,
                    line_no,
                    product,
                    sku,
                    facility,
                    facility_code,
                    status: status_of(&status)?,
                    is_new,
                    ordered,
                    received,
                    cancelled,
                    buffer,
                    allocated: allocated.parse().unwrap_or(0),
                    arrival,
                    buffer_days: buffer_days.parse().unwrap_or(0),
                    touched_by,
                };
                Ok((order, line))
            },
        )
        .collect()
}

pub(crate) fn status_of(text: &str) -> Result<Status> {
    text.parse().map_err(|e: presell_catalog::rules::UnknownStatus| StoreError::Sql(sqlx::Error::Decode(e.into())))
}
