//! Purchase order lines as the rules see them.

use std::str::FromStr;
use std::sync::Arc;

use chrono::{Days, NaiveDate};
use futures_util::TryStreamExt;
use presell_store::{Result, StoreError, Tx, text, within};

use super::{Facilities, Reach};
use crate::rules::{Line, Status};
use crate::stores::Store;

type Row = (i64, i64, i64, i64, String, Option<i64>, String, String, bool, bool, i64, i64, i64, i64, i64, Option<NaiveDate>);

/// Turns rows into lines; the code of a purchase order is kept once for all its lines, which come together.
struct Reader<'a> {
    store: &'a Store,
    facilities: &'a Facilities,
    shared: bool,
    code: Arc<str>,
}

impl<'a> Reader<'a> {
    fn new(store: &'a Store, facilities: &'a Facilities, stores: i64) -> Self {
        Reader { store, facilities, shared: stores > 1, code: Arc::from("") }
    }

    fn line(&mut self, row: Row) -> Result<(i64, Line)> {
        let (product, id, line_no, facility, code, po_store, po_status, status, closed, is_new, o, r, c, b, a, promise) = row;
        if *self.code != *code {
            self.code = code.into();
        }
        let facility = self.facilities.get(facility);
        let line = Line {
            id,
            purchase_order: self.code.clone(),
            line_no,
            facility: facility.map_or_else(|| Arc::from(""), |f| f.code.clone()),
            po_status: status_of(&po_status)?,
            line_status: status_of(&status)?,
            closed_by_system: closed,
            in_scope: po_store.is_none_or(|s| s == self.store.id) && facility.is_some_and(|f| f.inbound),
            shared: self.shared && po_store.is_none(),
            is_new,
            ordered: o,
            received: r,
            cancelled: c,
            buffer: b,
            allocated: a,
            promise_date: promise,
        };
        Ok((product, line))
    }
}

fn status_of(text: &str) -> Result<Status> {
    Status::from_str(text).map_err(|e| StoreError::Sql(sqlx::Error::Decode(e.into())))
}

macro_rules! columns {
    () => {
        "SELECT l.product_id, l.id, l.line_no, l.facility_id, po.code, po.store_id, po.status, l.status, l.closed, l.is_new,
                l.ordered, l.received, l.cancelled, l.buffer, l.allocated, l.promise_date "
    };
}
/// Whatever these conditions drop cannot qualify: closed orders and lines, days before yesterday, nothing left to sell.
macro_rules! live {
    () => {
        " po.status IN ('CREATED', 'APPROVED') AND l.status IN ('CREATED', 'APPROVED') AND l.promise_date >= $1
          AND l.ordered - l.received - l.cancelled - l.buffer - l.allocated > 0"
    };
}

async fn count_stores(tx: &mut Tx) -> Result<i64> {
    let (n,): (i64,) = within!(tx, c => sqlx::query_as("SELECT count(*) FROM store").fetch_one(c).await)?;
    Ok(n)
}

/// Lines that could qualify, with their products, ascending by product.
pub(crate) async fn live_lines(
    tx: &mut Tx,
    store: &Store,
    facilities: &Facilities,
    today: NaiveDate,
    reach: Reach,
) -> Result<Vec<(i64, Line)>> {
    let from = today.checked_sub_days(Days::new(1)).unwrap_or(today);
    let mut reader = Reader::new(store, facilities, count_stores(tx).await?);
    let sql = match reach {
        Reach::Everything => {
            concat!(columns!(), "FROM po_line l JOIN purchase_order po ON po.id = l.po_id WHERE", live!())
        }
        // CROSS JOIN keeps SQLite from reading all lines to find a few products.
        Reach::Scope => concat!(
            columns!(),
            "FROM scope s CROSS JOIN po_line l CROSS JOIN purchase_order po
             WHERE l.product_id = s.product_id AND po.id = l.po_id AND",
            live!()
        ),
    };
    let mut lines = within!(tx, c => async {
        let mut rows = sqlx::query_as::<_, Row>(sql).bind(from).fetch(c);
        let mut lines = Vec::new();
        while let Some(row) = rows.try_next().await? {
            lines.push(reader.line(row)?);
        }
        Ok::<_, StoreError>(lines)
    }
    .await)?;
    lines.sort_by_key(|(product, line)| (*product, line.id));
    Ok(lines)
}

/// Every line of some products, given as keys, ascending by product.
pub(crate) async fn lines_of(
    tx: &mut Tx,
    store: &Store,
    facilities: &Facilities,
    products: &[i64],
) -> Result<Vec<(i64, Line)>> {
    let mut reader = Reader::new(store, facilities, count_stores(tx).await?);
    let sql = text!(tx, "SELECT l.product_id, l.id, l.line_no, l.facility_id, po.code, po.store_id, po.status, l.status, l.closed, l.is_new,
        l.ordered, l.received, l.cancelled, l.buffer, l.allocated, l.promise_date
        FROM po_line l JOIN purchase_order po ON po.id = l.po_id WHERE l.product_id IN ", INTS, " ORDER BY l.product_id, l.id");
    let ids = serde_json::json!(products).to_string();
    let rows: Vec<Row> = within!(tx, c => sqlx::query_as(sql).bind(ids).fetch_all(c).await)?;
    rows.into_iter().map(|row| reader.line(row)).collect()
}
