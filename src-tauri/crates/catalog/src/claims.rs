//! What customer orders claim of purchase order lines: which lines may take new claims, and each line's `allocated`, kept
//! equal to what its allocations and receipts say. Lines that nothing more can come from are closed here.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use presell_store::{Result, Tx, instant, text, within};

use crate::facts;
use crate::rules::{Claim, FreeLine, ProductFacts, Stock, Turn, allocated, decide};
use crate::settings::Settings;
use crate::stores::Store;

/// The lines of some products, given as keys, that may take new allocations of a store, in the order in which they are
/// filled. Products without such a line are missing. `now` comes from the database's clock.
pub async fn free_lines(
    tx: &mut Tx,
    store: &Store,
    settings: &Settings,
    products: &[i64],
    now: DateTime<Utc>,
) -> Result<HashMap<i64, Vec<FreeLine>>> {
    let facilities = facts::facilities(tx, store, now).await?;
    let mut free = HashMap::new();
    for chunk in products.chunks(5_000) {
        let lines = facts::lines_of(tx, store, &facilities, chunk).await?;
        for lines in lines.chunk_by(|a, b| a.0 == b.0) {
            // Which lines take allocations does not depend on stock, so none is read.
            let stock = Stock { facilities: Vec::new(), threshold: 0, queued: 0, parked: 0, brokering_allowed: true };
            let lines_of_product = lines.iter().map(|(_, line)| line.clone()).collect();
            let facts = ProductFacts { listed: false, excluded: false, lines: lines_of_product, stock };
            let found: Vec<FreeLine> = decide(&facts, settings, store.today(now), now).free_lines().collect();
            if !found.is_empty() {
                free.insert(lines[0].0, found);
            }
        }
    }
    Ok(free)
}

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
    let ids = serde_json::json!(lines).to_string();
    for (line, before, after) in recomputed(tx, &ids).await? {
        if after != before {
            let sql = "UPDATE po_line SET allocated = $1 WHERE id = $2";
            within!(tx, c => sqlx::query(sql).bind(after).bind(line).execute(c).await.map(|_| ()))?;
        }
    }
    let sql = text!(
        tx,
        "UPDATE po_line SET closed = (received + cancelled >= ordered AND ordered > 0) WHERE id IN ",
        INTS,
        " AND closed <> (received + cancelled >= ordered AND ordered > 0)"
    );
    within!(tx, c => sqlx::query(sql).bind(ids).execute(c).await.map(|_| ()))
}

/// The lines in `ids`, a JSON array of keys, with `allocated` as it is stored and as it should be.
async fn recomputed(tx: &mut Tx, ids: &str) -> Result<Vec<(i64, i64, i64)>> {
    type Row = (i64, i64, String, i64, i64, bool);
    let sql = text!(tx, "SELECT id, received, allocated FROM po_line WHERE id IN ", INTS, " ORDER BY id");
    let received: Vec<(i64, i64, i64)> = within!(tx, c => sqlx::query_as(sql).bind(ids).fetch_all(c).await)?;
    let sql = text!(
        tx,
        "SELECT a.line_id, i.ordered_at, i.order_code, i.item_seq, a.quantity, i.status = 'COMPLETED'
        FROM allocation a JOIN order_item i ON i.id = a.item_id
        WHERE a.line_id IN ",
        INTS,
        " AND i.status IN ('OPEN', 'COMPLETED') ORDER BY a.line_id"
    );
    let rows: Vec<Row> = within!(tx, c => sqlx::query_as(sql).bind(ids).fetch_all(c).await)?;
    let mut rows = rows.into_iter().peekable();
    let mut lines = Vec::with_capacity(received.len());
    for (line, received, before) in received {
        let mut claims = Vec::new();
        while let Some((_, at, order, seq, quantity, completed)) = rows.next_if(|row| row.0 == line) {
            let turn = Turn { ordered_at: instant(at), order: Arc::from(order), seq };
            claims.push(Claim { turn, quantity, completed });
        }
        lines.push((line, before, allocated(received, &claims)));
    }
    Ok(lines)
}

/// A line whose stored `allocated` is not what its orders and receipts say. There is none unless something went wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drift {
    /// The purchase order.
    pub purchase_order: String,
    /// The line of it.
    pub line: i64,
    /// Pieces as stored.
    pub stored: i64,
    /// Pieces as they should be.
    pub recomputed: i64,
}

/// Every line whose `allocated` has drifted from its orders and receipts. Changes nothing.
pub async fn drift(tx: &mut Tx) -> Result<Vec<Drift>> {
    let sql = "SELECT id FROM po_line WHERE allocated <> 0 UNION SELECT line_id FROM allocation ORDER BY 1";
    let lines: Vec<(i64,)> = within!(tx, c => sqlx::query_as(sql).fetch_all(c).await)?;
    let lines: Vec<i64> = lines.into_iter().map(|l| l.0).collect();
    let mut drift = Vec::new();
    for chunk in lines.chunks(5_000) {
        for (line, stored, after) in recomputed(tx, &serde_json::json!(chunk).to_string()).await? {
            if stored != after {
                let sql = "SELECT po.code, l.line_no FROM po_line l JOIN purchase_order po ON po.id = l.po_id WHERE l.id = $1";
                let (purchase_order, line): (String, i64) =
                    within!(tx, c => sqlx::query_as(sql).bind(line).fetch_one(c).await)?;
                drift.push(Drift { purchase_order, line, stored, recomputed: after });
            }
        }
    }
    Ok(drift)
}
