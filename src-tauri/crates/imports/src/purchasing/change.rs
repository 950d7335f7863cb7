//! A line or an order changed by hand: the checks of an import, then one transaction with its audit row.

use chrono::{DateTime, NaiveDate, Utc};
use presell_catalog::claims;
use presell_catalog::rules::Status;
use presell_catalog::stores::Store;
use presell_store::{Db, Result as StoreResult, Tx, within};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Asking, HandError, subject};
use crate::fields::{date, quantity};
use crate::journal::mark_dirty;
use crate::problem::{Check, Problem};
use crate::purchase_orders::known::{Head, KnownLine, known};
use crate::purchase_orders::{differences, set_lines};

/// What becomes of a line. What is none stays.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct LineChange {
    /// Supplier's date.
    pub arrival_date: Option<NaiveDate>,
    /// Days of safety.
    pub buffer_days: Option<i64>,
    /// Pieces ordered.
    pub quantity: Option<i64>,
    /// Pieces kept back.
    pub buffer: Option<i64>,
    /// A new style.
    pub is_new: Option<bool>,
    /// Status.
    pub status: Option<Status>,
}

/// What becomes of an order.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OrderChange {
    /// Status.
    pub status: Status,
}

/// What a change did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct HandChange {
    /// Its key, to take it back; none if nothing was different.
    pub id: Option<i64>,
    /// Field, old value, new value.
    pub fields: Vec<(&'static str, String, String)>,
}

/// The state of a line as the audit keeps it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Kept {
    pub(super) line: KnownLine,
    /// The receipt that brought the line here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) receipt: Option<i64>,
}

/// Changes one line. `version` is what the line said when somebody looked. `now` comes from the database's clock.
///
/// # Errors
/// See [`HandError`]; nothing is changed then.
pub async fn change_line(
    db: &Db,
    store: &Store,
    (code, number): (&str, i64),
    change: &LineChange,
    version: Option<&str>,
    asking: &Asking,
    now: DateTime<Utc>,
) -> Result<HandChange, HandError> {
    let mut tx = db.begin_in_turn().await?;
    let (head, before) = find(&mut tx, code, number).await?;
    if version.is_some_and(|version| version != seen(&before)) {
        return Err(HandError::Conflict(code.to_owned(), number));
    }
    let after = KnownLine {
        arrival: change.arrival_date.or(before.arrival),
        buffer_days: change.buffer_days.unwrap_or(before.buffer_days),
        ordered: change.quantity.unwrap_or(before.ordered),
        buffer: change.buffer.unwrap_or(before.buffer),
        is_new: change.is_new.unwrap_or(before.is_new),
        status: change.status.unwrap_or(before.status),
        touched_by: 0,
        ..before.clone()
    };
    let fields = differences(&before, &after);
    if fields.is_empty() {
        return Ok(HandChange { id: None, fields });
    }
    refuse_impossible(change)?;
    let questions = questions(&head, &before, &after, change, store.today(now));
    if !asking.confirm && !questions.is_empty() {
        return Err(HandError::Asks(questions));
    }
    let after = Kept { line: after, receipt: None };
    let id = write(&mut tx, code, "po_line.change", &Kept { line: before, receipt: None }, &after, asking, now).await?;
    tx.commit().await?;
    Ok(HandChange { id: Some(id), fields })
}

/// An order's head and one of its lines.
pub(super) async fn find(tx: &mut Tx, code: &str, number: i64) -> Result<(Head, KnownLine), HandError> {
    let order = known(tx, &[code]).await?.remove(code).ok_or_else(|| HandError::NoOrder(code.to_owned()))?;
    let line = order.lines.into_iter().find(|line| line.line_no == number);
    Ok((order.head, line.ok_or_else(|| HandError::NoLine(code.to_owned(), number))?))
}

/// Writes the line and the audit row, settles what customers claim of it, and marks its product.
pub(super) async fn write(
    tx: &mut Tx,
    code: &str,
    action: &str,
    before: &Kept,
    after: &Kept,
    asking: &Asking,
    now: DateTime<Utc>,
) -> StoreResult<i64> {
    set_lines(tx, std::slice::from_ref(&after.line)).await?;
    claims::settle(tx, &[after.line.id]).await?;
    mark_dirty(tx, &[after.line.product]).await?;
    audit(tx, code, action, before, after, asking, now).await
}

pub(super) async fn audit(
    tx: &mut Tx,
    code: &str,
    action: &str,
    before: &impl Serialize,
    after: &impl Serialize,
    asking: &Asking,
    now: DateTime<Utc>,
) -> StoreResult<i64> {
    let sql =
        "INSERT INTO audit (at, actor, action, subject, before, after) VALUES ($1, $2, $3, $4, $5, $6) RETURNING id";
    // Plain numbers and texts, which JSON can always say.
    let json = |value: serde_json::Result<String>| value.unwrap_or_default();
    let (before, after) = (json(serde_json::to_string(before)), json(serde_json::to_string(after)));
    let (id,): (i64,) = within!(tx, c => sqlx::query_as(sql).bind(now.timestamp_millis()).bind(&asking.actor).bind(action)
        .bind(subject(code)).bind(before).bind(after).fetch_one(c).await)?;
    Ok(id)
}

/// A line's version, as the list shows it.
fn seen(line: &KnownLine) -> String {
    let flag = if line.is_new { "Y" } else { "N" };
    let date = line.arrival.map_or_else(|| "-".to_owned(), |date| date.to_string());
    format!(
        "{} {flag} {} {} {} {} {} {date}",
        line.status, line.ordered, line.received, line.cancelled, line.buffer, line.buffer_days
    )
}

fn refuse_impossible(change: &LineChange) -> Result<(), HandError> {
    let mut fields = Vec::new();
    if change.quantity.is_some_and(|pieces| !(0..=quantity::MAX).contains(&pieces)) {
        fields.push(("quantity", "The quantity is a whole number of pieces from 0 to 1,000,000.".to_owned()));
    }
    if change.buffer.is_some_and(|pieces| !(0..=quantity::MAX).contains(&pieces)) {
        fields.push(("buffer", "The order buffer is the pieces to keep back, from 0 to 1,000,000.".to_owned()));
    }
    if change.buffer_days.is_some_and(|days| !(0..=366).contains(&days)) {
        fields.push(("bufferDays", "The buffer days are a whole number from 0 to 366.".to_owned()));
    }
    if change.arrival_date.is_some_and(|date| !date::is_believed(date)) {
        fields.push(("arrivalDate", "The arrival date lies between 1990 and 2100.".to_owned()));
    }
    if fields.is_empty() { Ok(()) } else { Err(HandError::Fields(fields)) }
}

/// V4, V5, V10, V13: what a person is asked about a line before it changes.
fn questions(
    head: &Head,
    before: &KnownLine,
    after: &KnownLine,
    change: &LineChange,
    today: NaiveDate,
) -> Vec<Problem> {
    let mut questions = Vec::new();
    let open = after.status.is_open() && head.status.is_open();
    if let Some(doubt) = change.arrival_date.filter(|_| open).and_then(|date| date::doubt(date, today)) {
        questions.push(Problem::asks(Check::V4, doubt.to_string()).in_column("arrivalDate"));
    }
    if after.ordered == 0 && before.ordered != 0 {
        let message = "The quantity becomes 0, so the line brings nothing. Confirm, or correct it.";
        questions.push(Problem::asks(Check::V5, message).in_column("quantity"));
    }
    let promised = after.received + after.allocated;
    if after.ordered < before.ordered && after.ordered - after.cancelled < promised {
        let message = format!(
            "{} pieces are fewer than the {} received and {} promised to customers. Confirm to take the lower quantity; the rest is shown as oversold.",
            after.ordered, after.received, after.allocated
        );
        questions.push(Problem::asks(Check::V10, message).in_column("quantity"));
    }
    if after.buffer >= after.ordered && after.ordered > 0 && after.buffer != before.buffer {
        let message =
            "The order buffer is as large as the quantity, so nothing can be pre-sold. Confirm, or correct it.";
        questions.push(Problem::asks(Check::V13, message).in_column("buffer"));
    }
    if before.status.is_open() && !after.status.is_open() && after.allocated > 0 {
        let message = format!(
            "{} pieces of this line are promised to customers who still wait. Confirm to close it all the same.",
            after.allocated
        );
        questions.push(Problem::asks(Check::V10, message).in_column("status"));
    }
    if !before.status.is_open() || !head.status.is_open() {
        let status = if before.status.is_open() { head.status } else { before.status };
        let message = format!("The line is closed ({status}). Confirm to change it all the same.");
        questions.push(Problem::asks(Check::V10, message));
    }
    questions
}

/// Changes the status of a whole order. `now` comes from the database's clock.
///
/// # Errors
/// See [`HandError`]; nothing is changed then.
pub async fn change_order(
    db: &Db,
    code: &str,
    change: OrderChange,
    asking: &Asking,
    now: DateTime<Utc>,
) -> Result<HandChange, HandError> {
    let mut tx = db.begin_in_turn().await?;
    let order = known(&mut tx, &[code]).await?.remove(code).ok_or_else(|| HandError::NoOrder(code.to_owned()))?;
    let (before, lines) = (order.head, order.lines);
    if before.status == change.status {
        return Ok(HandChange { id: None, fields: Vec::new() });
    }
    let waiting: i64 = lines.iter().map(|line| line.allocated).sum();
    let mut questions = Vec::new();
    if before.status.is_open() && !change.status.is_open() && waiting > 0 {
        let message = format!(
            "{waiting} pieces of this purchase order are promised to customers who still wait. Confirm to close it all the same."
        );
        questions.push(Problem::asks(Check::V10, message).in_column("status"));
    }
    if !before.status.is_open() {
        let message = format!("The purchase order is closed ({}). Confirm to change it all the same.", before.status);
        questions.push(Problem::asks(Check::V10, message).in_column("status"));
    }
    if !asking.confirm && !questions.is_empty() {
        return Err(HandError::Asks(questions));
    }
    let after = Head { status: change.status, touched_by: 0, ..before.clone() };
    let fields = vec![("status", before.status.to_string(), after.status.to_string())];
    put_head(&mut tx, &after).await?;
    let id = audit(&mut tx, code, "purchase_order.change", &before, &after, asking, now).await?;
    tx.commit().await?;
    Ok(HandChange { id: Some(id), fields })
}

/// Brings an order's own row to the state given, and marks the products of its lines.
pub(super) async fn put_head(tx: &mut Tx, head: &Head) -> StoreResult<()> {
    let sql = "UPDATE purchase_order SET status = $1, store_id = $2, touched_by = $3 WHERE id = $4";
    within!(tx, c => sqlx::query(sql).bind(head.status.as_str()).bind(head.store).bind(head.touched_by).bind(head.id)
        .execute(c).await.map(|_| ()))?;
    let sql = "SELECT DISTINCT product_id FROM po_line WHERE po_id = $1";
    let products: Vec<(i64,)> = within!(tx, c => sqlx::query_as(sql).bind(head.id).fetch_all(c).await)?;
    mark_dirty(tx, &products.into_iter().map(|(product,)| product).collect::<Vec<_>>()).await
}
