//! Purchase order lines as the rules see them.

use std::str::FromStr;
use std::sync::Arc;

use chrono::{Days, NaiveDate};
use futures_util::TryStreamExt;
use presell_store::{Result, StoreError, Tx, within};

use super::{Facilities, Reach};
use crate::rules::{Line, Status};
use crate::stores::Store;

/// Product, everything else as one text (see [`columns!`]), promise date.
type Row = (i64, String, Option<NaiveDate>);

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

    fn line(&mut self, (product, packed, promise_date): Row) -> Result<(i64, Line)> {
        let mut parts = packed.splitn(14, ' ');
        let mut word = || parts.next().unwrap_or_default();
        let (po_status, line_status) = (status_of(word())?, status_of(word())?);
        let mut number = || word().parse::<i64>().map_err(|e| StoreError::Sql(sqlx::Error::Decode(e.into())));
        let (id, line_no, facility, po_store) = (number()?, number()?, number()?, number()?);
        let (closed, is_new) = (number()? != 0, number()? != 0);
        let (ordered, received, cancelled, buffer, allocated) = (number()?, number()?, number()?, number()?, number()?);
        let code = word();
        if *self.code != *code {
            self.code = code.into();
        }
        let facility = self.facilities.get(facility);
        let line = Line {
            id,
            purchase_order: self.code.clone(),
            line_no,
            facility: facility.map_or_else(|| Arc::from(""), |f| f.code.clone()),
            po_status,
            line_status,
            closed_by_system: closed,
            in_scope: (po_store == 0 || po_store == self.store.id) && facility.is_some_and(|f| f.inbound),
            shared: self.shared && po_store == 0,
            is_new,
            ordered,
            received,
            cancelled,
            buffer,
            allocated,
            promise_date,
        };
        Ok((product, line))
    }
}

fn status_of(text: &str) -> Result<Status> {
    Status::from_str(text).map_err(|e| StoreError::Sql(sqlx::Error::Decode(e.into())))
}

/// What a [`Row`] reads. Each value that sqlx reads from SQLite crosses a thread in an allocation of its own; with sixteen
/// columns instead of one text, a million lines took twice as long.
macro_rules! columns {
    () => {
        "SELECT l.product_id, po.status || ' ' || l.status || ' ' || l.id || ' ' || l.line_no || ' ' || l.facility_id
             || ' ' || COALESCE(po.store_id, 0) || CASE WHEN l.closed THEN ' 1 ' ELSE ' 0 ' END
             || CASE WHEN l.is_new THEN '1 ' ELSE '0 ' END || l.ordered || ' ' || l.received || ' ' || l.cancelled
             || ' ' || l.buffer || ' ' || l.allocated || ' ' || po.code, l.promise_date "
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
    let sql = if tx.is_postgres() {
        concat!(
            columns!(),
            "FROM po_line l JOIN purchase_order po ON po.id = l.po_id WHERE l.product_id IN ",
            presell_store::part!(p INTS),
            " ORDER BY l.product_id, l.id"
        )
    } else {
        concat!(
            columns!(),
            "FROM po_line l JOIN purchase_order po ON po.id = l.po_id WHERE l.product_id IN ",
            presell_store::part!(s INTS),
            " ORDER BY l.product_id, l.id"
        )
    };
    let ids = serde_json::json!(products).to_string();
    let rows: Vec<Row> = within!(tx, c => sqlx::query_as(sql).bind(ids).fetch_all(c).await)?;
    rows.into_iter().map(|row| reader.line(row)).collect()
}
