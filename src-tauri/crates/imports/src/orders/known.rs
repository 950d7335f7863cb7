//! Order items as the database knows them before an import.

use chrono::NaiveDate;
use presell_store::{Result, StoreError, Tx, text, within};
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

/// State of an order item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum ItemStatus {
    Open,
    /// Its pieces have left the house.
    Completed,
    Cancelled,
    Rejected,
}

impl ItemStatus {
    /// The name as stored.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            ItemStatus::Open => "OPEN",
            ItemStatus::Completed => "COMPLETED",
            ItemStatus::Cancelled => "CANCELLED",
            ItemStatus::Rejected => "REJECTED",
        }
    }

    /// The state a word in a file means, in any case, with or without `ORDER_` or `ITEM_`.
    pub(crate) fn read(word: &str) -> Option<ItemStatus> {
        let upper = word.trim().to_ascii_uppercase();
        let bare = upper.strip_prefix("ORDER_").or_else(|| upper.strip_prefix("ITEM_")).unwrap_or(&upper);
        Some(match bare {
            "OPEN" | "CREATED" | "APPROVED" => ItemStatus::Open,
            "COMPLETED" | "FULFILLED" | "SHIPPED" => ItemStatus::Completed,
            "CANCELLED" | "CANCELED" => ItemStatus::Cancelled,
            "REJECTED" => ItemStatus::Rejected,
            _ => return None,
        })
    }

    /// Whether its pieces still count: cancelled and rejected items free theirs at once.
    pub(crate) fn claims(self) -> bool {
        matches!(self, ItemStatus::Open | ItemStatus::Completed)
    }
}

/// Pieces of a purchase order line promised to an item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct KnownAllocation {
    pub(crate) id: i64,
    pub(crate) line: i64,
    pub(crate) quantity: i64,
    pub(crate) created_by: i64,
}

/// A known item. Kept as JSON with an import that changes it, so that undo can put it back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct KnownItem {
    pub(crate) id: i64,
    pub(crate) order: String,
    pub(crate) seq: i64,
    pub(crate) product: i64,
    pub(crate) quantity: i64,
    pub(crate) ordered_at: i64,
    pub(crate) status: ItemStatus,
    pub(crate) queue: String,
    pub(crate) promised: Option<NaiveDate>,
    pub(crate) waiting: bool,
    pub(crate) touched_by: i64,
    pub(crate) allocations: Vec<KnownAllocation>,
}

impl KnownItem {
    /// Whether it stands in a queue of pre-sold items.
    pub(crate) fn is_presold(&self) -> bool {
        self.queue != "_NA_"
    }
}

/// The known items of some orders, by order, ascending by item number.
pub(crate) async fn known(tx: &mut Tx, orders: &[&str]) -> Result<FxHashMap<String, Vec<KnownItem>>> {
    type Row = (i64, String, i64, i64, i64, i64, String, String, Option<NaiveDate>, bool, i64);
    let sql = text!(
        tx,
        "SELECT id, order_code, item_seq, product_id, quantity, ordered_at, status, queue, promised,
        waiting_for_po, touched_by FROM order_item WHERE order_code IN ",
        TEXTS,
        " ORDER BY order_code, item_seq"
    );
    let list = serde_json::json!(orders).to_string();
    let rows: Vec<Row> = within!(tx, c => sqlx::query_as(sql).bind(list).fetch_all(c).await)?;
    let ids: Vec<i64> = rows.iter().map(|row| row.0).collect();
    let mut allocations = allocations(tx, &ids).await?;
    let mut items: FxHashMap<String, Vec<KnownItem>> = FxHashMap::default();
    for (id, order, seq, product, quantity, ordered_at, status, queue, promised, waiting, touched_by) in rows {
        let status = ItemStatus::read(&status)
            .ok_or_else(|| StoreError::Sql(sqlx::Error::Decode(format!("unknown item status {status}").into())))?;
        let allocations = allocations.remove(&id).unwrap_or_default();
        items.entry(order.clone()).or_default().push(KnownItem {
            id,
            order,
            seq,
            product,
            quantity,
            ordered_at,
            status,
            queue,
            promised,
            waiting,
            touched_by,
            allocations,
        });
    }
    Ok(items)
}

async fn allocations(tx: &mut Tx, items: &[i64]) -> Result<FxHashMap<i64, Vec<KnownAllocation>>> {
    let mut found: FxHashMap<i64, Vec<KnownAllocation>> = FxHashMap::default();
    if items.is_empty() {
        return Ok(found);
    }
    let sql = text!(
        tx,
        "SELECT item_id, id, line_id, quantity, created_by FROM allocation WHERE item_id IN ",
        INTS,
        " ORDER BY id"
    );
    let list = serde_json::json!(items).to_string();
    let rows: Vec<(i64, i64, i64, i64, i64)> = within!(tx, c => sqlx::query_as(sql).bind(list).fetch_all(c).await)?;
    for (item, id, line, quantity, created_by) in rows {
        found.entry(item).or_default().push(KnownAllocation { id, line, quantity, created_by });
    }
    Ok(found)
}
