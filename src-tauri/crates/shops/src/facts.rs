//! Everything a plan needs, read set-wise: what is wanted of each linked variant, what was confirmed, what was seen.

mod row;

use std::future::ready;

use chrono::{DateTime, NaiveDate, Utc};
use futures_util::TryStreamExt;
use presell_catalog::stores::Store;
use presell_store::{Db, Result, on, text};

use crate::model::{Listing, Want};
use crate::plan::Family;
use crate::shop::Shop;
use crate::shopify::NO_CAP;
use row::Row;

/// A family with what the outbox holds of its variants, in the same order.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    pub(crate) family: Family,
    /// Mostly none.
    pub(crate) open: Vec<Option<Box<Open>>>,
}

/// The open item of a variant.
#[derive(Clone, Debug)]
pub(crate) struct Open {
    pub(crate) id: i64,
    pub(crate) state: String,
    pub(crate) attempts: i64,
    pub(crate) retry_at: Option<i64>,
    /// What it wanted.
    pub(crate) wanted: Option<Listing>,
}

/// The lists are too old to act on: then only passed dates are taken off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Freshness {
    Fresh,
    /// Since then nothing was decided; none: never.
    Stale(Option<DateTime<Utc>>),
}

/// Whether the store's lists are young enough for this shop.
pub(crate) async fn freshness(db: &Db, shop: &Shop, now: DateTime<Utc>) -> Result<Freshness> {
    let at = decided_at(db, shop).await?;
    let oldest = now - chrono::Duration::hours(shop.settings.max_catalog_age_hours);
    Ok(if at.is_some_and(|at| at >= oldest) { Freshness::Fresh } else { Freshness::Stale(at) })
}

/// When the lists of a shop's store were last decided; none: never.
pub async fn decided_at(db: &Db, shop: &Shop) -> Result<Option<DateTime<Utc>>> {
    let sql = "SELECT MAX(at) FROM refresh_mark WHERE store_id = $1";
    let (at,): (Option<i64>,) = on!(db, p => sqlx::query_as(sql).bind(shop.store_id).fetch_one(p).await)?;
    Ok(at.map(presell_store::instant))
}

/// The families of a shop in which anything is wanted, ours, marked or tagged; those of some of our products only, if named.
pub(crate) async fn families(
    db: &Db,
    store: &Store,
    shop: &Shop,
    fresh: Freshness,
    only: Option<&[i64]>,
    now: DateTime<Utc>,
) -> Result<Vec<Known>> {
    let named = serde_json::json!(only.unwrap_or_default()).to_string();
    let sql = text!(
        db,
        "SELECT v.product_id, p.sku, v.variant_id, v.parent_id, f.title, v.written,
             v.listed_class || ' ' || v.listed_date || ' ' || v.listed_cap AS listed, v.original_continues, v.seen_continues,
             v.seen_mark, v.seen_class || ' ' || v.seen_date || ' ' || v.seen_cap AS seen, v.seen_quantity, v.seen_digest,
             f.pre_order, f.backorder, f.seen_pre_order, f.seen_backorder,
             m.category || ' ' || m.promise_date || ' ' || m.cap AS member, i.id AS item_id, i.state AS item_state, i.attempts,
             i.retry_at, i.class || ' ' || i.promise_date || ' ' || i.cap AS item
         FROM shop_variant v JOIN product p ON p.id = v.product_id
         JOIN shop_parent f ON f.shop_id = v.shop_id AND f.parent_id = v.parent_id
         LEFT JOIN member m ON m.store_id = $2 AND m.product_id = v.product_id AND ($5 = 0 OR EXISTS (
             SELECT 1 FROM sub_catalog c WHERE c.shop_id = $3 AND c.product_id = m.product_id))
         LEFT JOIN shop_item i ON i.shop_id = v.shop_id AND i.product_id = v.product_id
             AND i.state IN ('pending', 'sent', 'unknown', 'failed')
         WHERE v.shop_id = $3 AND v.link = 'linked' AND (m.product_id IS NOT NULL OR v.written OR v.seen_mark = 'active'
             OR f.seen_pre_order OR f.seen_backorder)
             AND ($4 = 0 OR v.parent_id IN (SELECT parent_id FROM shop_variant WHERE shop_id = $3 AND product_id IN ",
        INTS,
        "))
         ORDER BY v.parent_id, v.product_id"
    );
    let today = shop.today(store, now);
    // As they come: of a large shop all rows at once would be as much again as all families.
    let wanted = |member, listed| want(member, listed, shop, fresh, today);
    let gather = |families, row: Row| ready(row.added_to(families, wanted));
    on!(db, p => sqlx::query_as(sql).bind(&named).bind(store.id).bind(shop.id).bind(i64::from(only.is_some()))
        .bind(i64::from(shop.settings.has_sub_catalog())).fetch(p).try_fold(Vec::new(), gather).await)
}

/// What is wanted of a variant in this shop: the store's lists, less the shop's buffer. A date that has passed is never
/// promised, however old the lists are; beyond that nothing is done on old ones.
fn want(member: Option<Listing>, listed: Option<Listing>, shop: &Shop, fresh: Freshness, today: NaiveDate) -> Want {
    if fresh != Freshness::Fresh {
        let passed = listed.is_some_and(|listing| listing.promise_date < today);
        return if passed { Want::NotListed } else { Want::Held };
    }
    match member {
        Some(member) if member.promise_date >= today && member.cap > shop.settings.buffer => {
            // A quantity that is not written is not compared either.
            let cap = if shop.settings.quantity_key.is_empty() { NO_CAP } else { member.cap - shop.settings.buffer };
            Want::Listed(Listing { cap, ..member })
        }
        _ => Want::NotListed,
    }
}
