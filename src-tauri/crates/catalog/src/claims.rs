//! Keeps each line's `allocated` equal to what its allocations and receipts say, and closes lines that nothing more can
//! come from.

use std::sync::Arc;

use presell_store::{Result, Tx, instant, text, within};

use crate::rules::{Claim, Turn, allocated};

/// Recomputes `allocated` and the automatic close of some lines, given as keys, in the caller's transaction.
///
/// A line closes by itself when received + cancelled reach the ordered quantity, and opens again when a correction takes
/// that back; a line closed by a person stays as it is.
pub async fn settle(tx: &mut Tx, lines: &[i64]) -> Result<()> {
    for chunk in lines.chunks(5_000) {
        settle_chunk(tx, chunk).await?;
    }
    Ok(())
}

async fn settle_chunk(tx: &mut Tx, lines: &[i64]) -> Result<()> {
    type Row = (i64, i64, String, i64, i64, bool);
    let ids = serde_json::json!(lines).to_string();
    let sql = text!(tx, "SELECT id, received, allocated FROM po_line WHERE id IN ", INTS, " ORDER BY id");
    let received: Vec<(i64, i64, i64)> = within!(tx, c => sqlx::query_as(sql).bind(&ids).fetch_all(c).await)?;
    let sql = text!(tx, "SELECT a.line_id, i.ordered_at, i.order_code, i.item_seq, a.quantity, i.status = 'COMPLETED'
        FROM allocation a JOIN order_item i ON i.id = a.item_id
        WHERE a.line_id IN ", INTS, " AND i.status IN ('OPEN', 'COMPLETED') ORDER BY a.line_id");
    let rows: Vec<Row> = within!(tx, c => sqlx::query_as(sql).bind(&ids).fetch_all(c).await)?;
    let mut rows = rows.into_iter().peekable();
    for (line, received, before) in received {
        let mut claims = Vec::new();
        while let Some((_, at, order, seq, quantity, completed)) = rows.next_if(|row| row.0 == line) {
            let turn = Turn { ordered_at: instant(at), order: Arc::from(order), seq };
            claims.push(Claim { turn, quantity, completed });
        }
        let after = allocated(received, &claims);
        if after != before {
            let sql = "UPDATE po_line SET allocated = $1 WHERE id = $2";
            within!(tx, c => sqlx::query(sql).bind(after).bind(line).execute(c).await.map(|_| ()))?;
        }
    }
    let sql = text!(tx, "UPDATE po_line SET closed = (received + cancelled >= ordered AND ordered > 0) WHERE id IN ", INTS,
        " AND closed <> (received + cancelled >= ordered AND ordered > 0)");
    within!(tx, c => sqlx::query(sql).bind(ids).execute(c).await.map(|_| ()))
}
