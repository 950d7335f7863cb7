//! Goods that somebody saw arrive: a receipt, as a receipts file makes it.

use chrono::{DateTime, Utc};
use presell_store::{Db, within};

use super::change::{Kept, find, write};
use super::{Asking, HandChange, HandError};
use crate::fields::quantity;
use crate::problem::{Check, Problem};
use crate::purchase_orders::known::KnownLine;

/// What arrived for one line.
#[derive(Clone, Copy, Debug)]
pub struct Receipt<'a> {
    /// The order.
    pub order: &'a str,
    /// Its line.
    pub line: i64,
    /// Pieces.
    pub quantity: i64,
}

/// Posts a receipt. `now` comes from the database's clock.
///
/// # Errors
/// See [`HandError`]; nothing is changed then.
pub async fn receive(
    db: &Db,
    receipt: Receipt<'_>,
    asking: &Asking,
    now: DateTime<Utc>,
) -> Result<HandChange, HandError> {
    if !(1..=quantity::MAX).contains(&receipt.quantity) {
        let message = "The pieces received are a whole number from 1 to 1,000,000.".to_owned();
        return Err(HandError::Fields(vec![("quantity", message)]));
    }
    let mut tx = db.begin_in_turn().await?;
    let (_, before) = find(&mut tx, receipt.order, receipt.line).await?;
    let missing = (before.ordered - before.cancelled - before.received).max(0);
    if receipt.quantity > missing && !asking.confirm {
        let message = format!(
            "{} pieces are {} more than this line still misses. Confirm if they really came.",
            receipt.quantity,
            receipt.quantity - missing
        );
        return Err(HandError::Asks(vec![Problem::asks(Check::V17, message).in_column("quantity")]));
    }
    let sql = "INSERT INTO receipt (line_id, facility_id, quantity, received_at, created_by) VALUES ($1, $2, $3, $4, 0) RETURNING id";
    let (id,): (i64,) = within!(&mut tx, c => sqlx::query_as(sql).bind(before.id).bind(before.facility)
        .bind(receipt.quantity).bind(now.timestamp_millis()).fetch_one(c).await)?;
    let after = KnownLine { received: before.received + receipt.quantity, touched_by: 0, ..before.clone() };
    let fields = vec![("received", before.received.to_string(), after.received.to_string())];
    let (before, after) = (Kept { line: before, receipt: None }, Kept { line: after, receipt: Some(id) });
    let id = write(&mut tx, receipt.order, "po_line.receive", &before, &after, asking, now).await?;
    tx.commit().await?;
    Ok(HandChange { id: Some(id), fields })
}
