//! Takes a change by hand back, while the line or order is still as that change left it.

use chrono::{DateTime, Utc};
use presell_store::{Db, StoreError, Tx, within};
use serde::de::DeserializeOwned;

use super::change::{Kept, audit, find, put_head, write};
use super::{Asking, HandChange, HandError};
use crate::purchase_orders::differences;
use crate::purchase_orders::known::{Head, KnownLine, known};

/// Takes back the change with this key. What is taken back can be taken back in turn.
///
/// # Errors
/// [`HandError::NoChange`], and [`HandError::Touched`] where something has changed the same since.
pub async fn take_back(db: &Db, change: i64, asking: &Asking, now: DateTime<Utc>) -> Result<HandChange, HandError> {
    let mut tx = db.begin_in_turn().await?;
    let sql = "SELECT action, subject, before, after FROM audit WHERE id = $1";
    let row: Option<(String, String, Option<String>, Option<String>)> =
        within!(&mut tx, c => sqlx::query_as(sql).bind(change).fetch_optional(c).await)?;
    let Some((action, subject, Some(before), Some(after))) = row else { return Err(HandError::NoChange(change)) };
    let Some(code) = subject.strip_prefix("purchase order ") else { return Err(HandError::NoChange(change)) };
    let done = match action.as_str() {
        "po_line.change" | "po_line.receive" | "po_line.take_back" => {
            line(&mut tx, code, read(&before)?, read(&after)?, asking, now).await?
        }
        "purchase_order.change" | "purchase_order.take_back" => {
            order(&mut tx, code, read(&before)?, &read(&after)?, asking, now).await?
        }
        _ => return Err(HandError::NoChange(change)),
    };
    tx.commit().await?;
    Ok(done)
}

async fn line(
    tx: &mut Tx,
    code: &str,
    before: Kept,
    after: Kept,
    asking: &Asking,
    now: DateTime<Utc>,
) -> Result<HandChange, HandError> {
    let number = after.line.line_no;
    let (_, current) = find(tx, code, number).await?;
    // What customers claim may have moved; it is settled again.
    let same = current.id == after.line.id && current.touched_by == after.line.touched_by;
    if !same || !differences(&current, &after.line).is_empty() {
        return Err(HandError::Touched(format!("line {number} of purchase order {code}")));
    }
    let mut back = Kept { line: KnownLine { allocated: current.allocated, ..before.line }, receipt: None };
    if let Some(receipt) = after.receipt {
        let sql = "DELETE FROM receipt WHERE id = $1 AND line_id = $2";
        within!(tx, c => sqlx::query(sql).bind(receipt).bind(current.id).execute(c).await.map(|_| ()))?;
    }
    if before.receipt.is_some() {
        // A receipt that was taken back comes in again.
        let sql = "INSERT INTO receipt (line_id, facility_id, quantity, received_at, created_by) VALUES ($1, $2, $3, $4, 0) RETURNING id";
        let pieces = back.line.received - current.received;
        let (id,): (i64,) = within!(tx, c => sqlx::query_as(sql).bind(current.id).bind(current.facility).bind(pieces)
            .bind(now.timestamp_millis()).fetch_one(c).await)?;
        back.receipt = Some(id);
    }
    let fields = differences(&current, &back.line);
    let id = write(tx, code, "po_line.take_back", &Kept { line: current, ..after }, &back, asking, now).await?;
    Ok(HandChange { id: Some(id), fields })
}

async fn order(
    tx: &mut Tx,
    code: &str,
    before: Head,
    after: &Head,
    asking: &Asking,
    now: DateTime<Utc>,
) -> Result<HandChange, HandError> {
    let order = known(tx, &[code]).await?.remove(code).ok_or_else(|| HandError::NoOrder(code.to_owned()))?;
    if &order.head != after {
        return Err(HandError::Touched(format!("purchase order {code}")));
    }
    put_head(tx, &before).await?;
    let fields = vec![("status", after.status.to_string(), before.status.to_string())];
    let id = audit(tx, code, "purchase_order.take_back", after, &before, asking, now).await?;
    Ok(HandChange { id: Some(id), fields })
}

fn read<T: DeserializeOwned>(json: &str) -> Result<T, HandError> {
    serde_json::from_str(json).map_err(|error| StoreError::Sql(sqlx::Error::Decode(Box::new(error))).into())
}
