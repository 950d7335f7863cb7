//! The outbox: what is to be written to a shop, and what became of it. An item is pending, sent, perhaps unknown, and then
//! confirmed or failed; one that is not wanted any more before it was sent is dropped. A variant has one open item at most.

use chrono::{DateTime, Utc};
use presell_store::{Cell, Db, Result, Tx, on, text, within};

use crate::model::{Listing, Mark, Seen, Tags};
use crate::plan::Action;

/// An item to be written down.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wanted {
    pub(crate) product: i64,
    pub(crate) action: Action,
    pub(crate) listing: Option<Listing>,
}

/// Writes new items down as pending.
pub(crate) async fn add(tx: &mut Tx, shop: i64, run: i64, now: DateTime<Utc>, wanted: &[Wanted]) -> Result<()> {
    const COLUMNS: &[&str] =
        &["shop_id", "product_id", "action", "class", "promise_date", "cap", "state", "run_id", "created_at"];
    let cells: Vec<Cell<'_>> = wanted
        .iter()
        .flat_map(|item| {
            [
                Cell::Int(shop),
                item.product.into(),
                item.action.as_str().into(),
                item.listing.map(|l| l.class.as_str()).into(),
                item.listing.map(|l| l.promise_date).into(),
                item.listing.map(|l| l.cap).into(),
                "pending".into(),
                run.into(),
                now.timestamp_millis().into(),
            ]
        })
        .collect();
    tx.insert_many("shop_item", COLUMNS, &cells).await
}

/// Gives open items a newer wish: it is tried at once, as if it were new. What may be half done stays known as such.
pub(crate) async fn change(tx: &mut Tx, wanted: &[(i64, Wanted)]) -> Result<()> {
    tx.staging("shop_wish", "item BIGINT, action TEXT, class TEXT, promise_date DATE, cap BIGINT").await?;
    let cells: Vec<Cell<'_>> = wanted
        .iter()
        .flat_map(|(item, wish)| {
            [
                Cell::Int(*item),
                wish.action.as_str().into(),
                wish.listing.map(|l| l.class.as_str()).into(),
                wish.listing.map(|l| l.promise_date).into(),
                wish.listing.map(|l| l.cap).into(),
            ]
        })
        .collect();
    tx.insert_many("shop_wish", &["item", "action", "class", "promise_date", "cap"], &cells).await?;
    tx.run(
        "UPDATE shop_item SET action = w.action, class = w.class, promise_date = w.promise_date, cap = w.cap, retry_at = NULL,
             state = CASE WHEN shop_item.state = 'failed' THEN 'pending' ELSE shop_item.state END, code = NULL, message = NULL
         FROM shop_wish w WHERE shop_item.id = w.item",
    )
    .await
    .map(|_| ())
}

/// Ends open items that have nothing left to do: confirmed, if something was sent, else dropped.
pub(crate) async fn close(tx: &mut Tx, now: DateTime<Utc>, items: &[i64]) -> Result<()> {
    let sql = text!(
        tx,
        "UPDATE shop_item SET state = CASE WHEN attempts > 0 THEN 'confirmed' ELSE 'dropped' END, code = NULL,
        message = NULL, retry_at = NULL, ended_at = $2 WHERE id IN ",
        INTS
    );
    let ids = serde_json::json!(items).to_string();
    within!(tx, c => sqlx::query(sql).bind(ids).bind(now.timestamp_millis()).execute(c).await.map(|_| ()))
}

/// Notes that items are about to be sent, before they are: after a crash they are known to be perhaps half done. Their
/// variants are ours from here on, and what they were before is remembered.
pub(crate) async fn send(tx: &mut Tx, shop: i64, run: i64, now: DateTime<Utc>, products: &[i64]) -> Result<()> {
    let ids = serde_json::json!(products).to_string();
    let sql = text!(
        tx,
        "UPDATE shop_item SET state = 'sent', attempts = attempts + 1, sent_at = $2, run_id = $3, retry_at = NULL
        WHERE shop_id = $4 AND state IN ('pending', 'unknown', 'failed') AND product_id IN ",
        INTS
    );
    within!(&mut *tx, c => sqlx::query(sql).bind(&ids).bind(now.timestamp_millis()).bind(run).bind(shop).execute(c).await
        .map(|_| ()))?;
    let sql = text!(tx, "UPDATE shop_variant SET original_continues = CASE WHEN written THEN original_continues ELSE seen_continues END,
        written = TRUE WHERE shop_id = $2 AND product_id IN ", INTS);
    within!(tx, c => sqlx::query(sql).bind(&ids).bind(shop).execute(c).await.map(|_| ()))
}

/// What was sent by a process that is gone is unknown.
pub(crate) async fn recover(db: &Db, shop: i64) -> Result<u64> {
    let sql = "UPDATE shop_item SET state = 'unknown' WHERE shop_id = $1 AND state = 'sent'";
    on!(db, p => sqlx::query(sql).bind(shop).execute(p).await.map(|done| done.rows_affected()))
}

/// What became of an item.
#[derive(Clone, Debug)]
pub(crate) struct Ended {
    pub(crate) item: i64,
    pub(crate) state: &'static str,
    pub(crate) retry_at: Option<i64>,
    pub(crate) code: Option<String>,
    pub(crate) message: Option<String>,
}

impl Ended {
    /// It is known again what it did: what is left of it is to be sent.
    pub(crate) fn read_back(item: i64) -> Ended {
        Ended { item, state: "pending", retry_at: None, code: None, message: None }
    }

    /// It failed for good.
    pub(crate) fn failed(item: i64, reason: &crate::adapter::Reason) -> Ended {
        let (code, message) = (Some(reason.code.clone()), Some(reason.message.clone()));
        Ended { item, state: "failed", retry_at: None, code, message }
    }
}

/// Records what became of items.
pub(crate) async fn end(tx: &mut Tx, now: DateTime<Utc>, ended: &[Ended]) -> Result<()> {
    tx.staging("shop_ended", "item BIGINT, state TEXT, retry_at BIGINT, code TEXT, message TEXT, ended_at BIGINT")
        .await?;
    let at = |state: &str| (state == "confirmed" || state == "failed").then(|| now.timestamp_millis());
    let cells: Vec<Cell<'_>> = ended
        .iter()
        .flat_map(|e| {
            [
                Cell::Int(e.item),
                e.state.into(),
                e.retry_at.into(),
                e.code.as_deref().into(),
                e.message.as_deref().into(),
                at(e.state).into(),
            ]
        })
        .collect();
    tx.insert_many("shop_ended", &["item", "state", "retry_at", "code", "message", "ended_at"], &cells).await?;
    tx.run(
        "UPDATE shop_item SET state = e.state, retry_at = e.retry_at, code = e.code, message = e.message, ended_at = e.ended_at
         FROM shop_ended e WHERE shop_item.id = e.item",
    )
    .await
    .map(|_| ())
}

/// A variant as it is known now; with what was confirmed, if all that was wanted of it was.
#[derive(Clone, Debug)]
pub(crate) struct Shown<'a> {
    pub(crate) product: i64,
    pub(crate) seen: &'a Seen,
    pub(crate) confirmed: Option<Option<Listing>>,
}

/// Records what variants show, and what of it is confirmed to be ours.
pub(crate) async fn show(tx: &mut Tx, shop: i64, now: DateTime<Utc>, shown: &[Shown<'_>]) -> Result<()> {
    tx.staging(
        "shop_shown",
        "product_id BIGINT, confirmed BOOLEAN, class TEXT, promise_date DATE, cap BIGINT, continues BOOLEAN, mark TEXT,
         seen_class TEXT, seen_date DATE, seen_cap BIGINT, digest TEXT, quantity BIGINT",
    )
    .await?;
    const COLUMNS: &[&str] = &[
        "product_id",
        "confirmed",
        "class",
        "promise_date",
        "cap",
        "continues",
        "mark",
        "seen_class",
        "seen_date",
        "seen_cap",
        "digest",
        "quantity",
    ];
    let cells: Vec<Cell<'_>> = shown
        .iter()
        .flat_map(|s| {
            let (ours, marked) = (s.confirmed.flatten(), s.seen.mark.listing());
            [
                Cell::Int(s.product),
                s.confirmed.is_some().into(),
                ours.map(|l| l.class.as_str()).into(),
                ours.map(|l| l.promise_date).into(),
                ours.map(|l| l.cap).into(),
                s.seen.continues.into(),
                mark_word(&s.seen.mark).into(),
                marked.map(|l| l.class.as_str()).into(),
                marked.map(|l| l.promise_date).into(),
                marked.map(|l| l.cap).into(),
                s.seen.digest.as_deref().into(),
                s.seen.quantity.into(),
            ]
        })
        .collect();
    tx.insert_many("shop_shown", COLUMNS, &cells).await?;
    let sql = "UPDATE shop_variant SET seen_continues = s.continues, seen_mark = s.mark, seen_class = s.seen_class,
            seen_date = s.seen_date, seen_cap = s.seen_cap, seen_digest = s.digest, seen_quantity = s.quantity, seen_at = $2,
            listed_class = CASE WHEN s.confirmed THEN s.class ELSE listed_class END,
            listed_date = CASE WHEN s.confirmed THEN s.promise_date ELSE listed_date END,
            listed_cap = CASE WHEN s.confirmed THEN s.cap ELSE listed_cap END,
            confirmed_at = CASE WHEN s.confirmed THEN $2 ELSE confirmed_at END
         FROM shop_shown s WHERE shop_variant.shop_id = $1 AND shop_variant.product_id = s.product_id";
    within!(tx, c => sqlx::query(sql).bind(shop).bind(now.timestamp_millis()).execute(c).await.map(|_| ()))
}

fn mark_word(mark: &Mark) -> &'static str {
    match mark {
        Mark::None => "none",
        Mark::Active(_) => "active",
        Mark::Inactive => "inactive",
        Mark::Foreign(_) => "foreign",
    }
}

/// The tags of a product in the shop.
#[derive(Clone, Debug)]
pub(crate) struct Tagged<'a> {
    pub(crate) parent: &'a str,
    pub(crate) title: &'a str,
    /// Written by us; none: as it was known.
    pub(crate) tags: Option<Tags>,
    pub(crate) seen: Tags,
}

impl<'a> Tagged<'a> {
    /// As it was read in the shop.
    pub(crate) fn seen(seen: &'a Seen) -> Tagged<'a> {
        Tagged { parent: &seen.parent, title: &seen.title, tags: None, seen: seen.tags }
    }
}

/// Records which tags products carry, and which of them are ours.
pub(crate) async fn tag(tx: &mut Tx, shop: i64, now: DateTime<Utc>, tagged: &[Tagged<'_>]) -> Result<()> {
    tx.staging(
        "shop_tagged",
        "parent_id TEXT, title TEXT, ours BOOLEAN, pre_order BOOLEAN, backorder BOOLEAN, seen_pre BOOLEAN, seen_back BOOLEAN",
    )
    .await?;
    let cells: Vec<Cell<'_>> = tagged
        .iter()
        .flat_map(|t| {
            let ours = t.tags.unwrap_or_default();
            [
                Cell::Text(t.parent),
                t.title.into(),
                t.tags.is_some().into(),
                ours.pre_order.into(),
                ours.backorder.into(),
                t.seen.pre_order.into(),
                t.seen.backorder.into(),
            ]
        })
        .collect();
    const COLUMNS: &[&str] = &["parent_id", "title", "ours", "pre_order", "backorder", "seen_pre", "seen_back"];
    tx.insert_many("shop_tagged", COLUMNS, &cells).await?;
    let sql = "INSERT INTO shop_parent (shop_id, parent_id, title, pre_order, backorder, seen_pre_order, seen_backorder, seen_at)
         SELECT $1, parent_id, title, pre_order, backorder, seen_pre, seen_back, $2 FROM shop_tagged WHERE true
         ON CONFLICT (shop_id, parent_id) DO NOTHING";
    within!(&mut *tx, c => sqlx::query(sql).bind(shop).bind(now.timestamp_millis()).execute(c).await.map(|_| ()))?;
    let sql = "UPDATE shop_parent SET title = t.title, seen_pre_order = t.seen_pre, seen_backorder = t.seen_back, seen_at = $2,
             pre_order = CASE WHEN t.ours THEN t.pre_order ELSE shop_parent.pre_order END,
             backorder = CASE WHEN t.ours THEN t.backorder ELSE shop_parent.backorder END
         FROM shop_tagged t WHERE shop_parent.shop_id = $1 AND shop_parent.parent_id = t.parent_id";
    within!(tx, c => sqlx::query(sql).bind(shop).bind(now.timestamp_millis()).execute(c).await.map(|_| ()))
}

/// The open items of products: id and attempts.
pub(crate) async fn open_items(
    tx: &mut Tx,
    shop: i64,
    products: &[i64],
) -> Result<std::collections::HashMap<i64, (i64, i64)>> {
    let sql = text!(
        tx,
        "SELECT product_id, id, attempts FROM shop_item
        WHERE shop_id = $2 AND state IN ('pending', 'sent', 'unknown', 'failed') AND product_id IN ",
        INTS
    );
    let ids = serde_json::json!(products).to_string();
    let rows: Vec<(i64, i64, i64)> = within!(tx, c => sqlx::query_as(sql).bind(ids).bind(shop).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(product, id, attempts)| (product, (id, attempts))).collect())
}

/// Variants that the shop does not have any more.
pub(crate) async fn lose(tx: &mut Tx, shop: i64, products: &[i64]) -> Result<()> {
    let sql = text!(tx, "UPDATE shop_variant SET link = 'gone' WHERE shop_id = $2 AND product_id IN ", INTS);
    let ids = serde_json::json!(products).to_string();
    within!(tx, c => sqlx::query(sql).bind(ids).bind(shop).execute(c).await.map(|_| ()))
}
