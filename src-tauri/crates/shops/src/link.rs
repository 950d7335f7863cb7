//! Finding our products in a shop, by SKU, exactly. A SKU that the shop does not have, or has several times, is a state
//! that is shown, never a guess.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use presell_catalog::stores::Store;
use presell_store::{Cell, Db, Result, StoreError, Tx, on, text, within};
use serde::Serialize;
use ts_rs::TS;

use crate::adapter::ShopError;
use crate::model::Seen;
use crate::outbox::{self, Shown, Tagged};
use crate::shop::{Lease, Shop};
use crate::sync::Place;

/// What linking came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "ShopLinked")]
pub struct Linked {
    /// Products looked for.
    pub looked_for: u64,
    /// Found once.
    pub linked: u64,
    /// Not in the shop.
    pub missing: u64,
    /// In the shop several times: somebody has to say which.
    pub ambiguous: u64,
}

/// Why linking stopped.
#[derive(Debug, thiserror::Error)]
pub enum LinkError {
    /// The shop did not answer.
    #[error(transparent)]
    Shop(#[from] ShopError),
    /// The database did not do it.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// SKUs asked for at once.
const PAGE: usize = 2_000;

/// Which products are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// Those on a list, or once written, that are not linked yet.
    Needed,
    /// All of the above again, linked or not.
    Again,
}

/// Looks products up in the shop and keeps what it found, with what they show now.
pub async fn link(
    place: Place<'_>,
    lease: &Lease,
    which: Which,
    now: DateTime<Utc>,
) -> std::result::Result<Linked, LinkError> {
    let Place { db, store, shop, adapter, token } = place;
    let wanted = wanted(db, store, shop, which).await?;
    let mut linked = Linked::default();
    for page in wanted.chunks(PAGE) {
        if token.is_cancelled() {
            return Err(ShopError::Stopped.into());
        }
        let skus: Vec<String> = page.iter().map(|(_, sku)| sku.clone()).collect();
        let mut found: HashMap<String, Vec<Seen>> = HashMap::new();
        for seen in adapter.find(&skus).await? {
            found.entry(seen.sku.clone()).or_default().push(seen);
        }
        let mut tx = db.begin().await?;
        lease.hold(&mut tx).await?;
        keep(&mut tx, shop.id, page, &found, now, &mut linked).await?;
        tx.commit().await?;
    }
    if which == Which::Again {
        let sql = "UPDATE shop SET linked_at = $2 WHERE id = $1";
        on!(db, p => sqlx::query(sql).bind(shop.id).bind(now.timestamp_millis()).execute(p).await.map(|_| ()))?;
    }
    Ok(linked)
}

async fn wanted(db: &Db, store: &Store, shop: &Shop, which: Which) -> Result<Vec<(i64, String)>> {
    let again = i64::from(which == Which::Again);
    // Linked ones are looked up again only on demand; those that were missing at every sync: the shop may have them now.
    let sql = "SELECT p.id, p.sku FROM product p
         LEFT JOIN member m ON m.product_id = p.id AND m.store_id = $1 AND ($4 = 0 OR EXISTS (
             SELECT 1 FROM sub_catalog c WHERE c.shop_id = $2 AND c.product_id = m.product_id))
         LEFT JOIN shop_variant v ON v.product_id = p.id AND v.shop_id = $2
         WHERE (m.product_id IS NOT NULL OR v.written) AND ($3 = 1 OR v.product_id IS NULL OR v.link <> 'linked')
         ORDER BY p.id";
    on!(db, p => sqlx::query_as(sql).bind(store.id).bind(shop.id).bind(again)
        .bind(i64::from(shop.settings.has_sub_catalog())).fetch_all(p).await)
}

async fn keep(
    tx: &mut Tx,
    shop: i64,
    page: &[(i64, String)],
    found: &HashMap<String, Vec<Seen>>,
    now: DateTime<Utc>,
    linked: &mut Linked,
) -> Result<()> {
    let ids = serde_json::json!(page.iter().map(|(id, _)| id).collect::<Vec<_>>()).to_string();
    let sql = text!(tx, "SELECT product_id FROM shop_variant WHERE shop_id = $2 AND product_id IN ", INTS);
    let known: Vec<(i64,)> = within!(&mut *tx, c => sqlx::query_as(sql).bind(&ids).bind(shop).fetch_all(c).await)?;
    let known: std::collections::HashSet<i64> = known.into_iter().map(|(id,)| id).collect();
    tx.staging("shop_link", "product_id BIGINT, link TEXT, variant_id TEXT, parent_id TEXT, candidates BIGINT").await?;
    let (mut new, mut links) = (Vec::new(), Vec::new());
    let (mut shown, mut tagged) = (Vec::new(), HashMap::new());
    for (product, sku) in page {
        linked.looked_for += 1;
        let candidates = found.get(sku).map_or(&[][..], Vec::as_slice);
        let (word, seen) = match candidates {
            [] => ("missing", None),
            [one] => ("linked", Some(one)),
            _ => ("ambiguous", None),
        };
        match word {
            "linked" => linked.linked += 1,
            "missing" => linked.missing += 1,
            _ => linked.ambiguous += 1,
        }
        if !known.contains(product) {
            new.extend([Cell::Int(shop), (*product).into(), "missing".into()]);
        }
        let count = i64::try_from(candidates.len()).unwrap_or(i64::MAX);
        links.extend([
            Cell::Int(*product),
            word.into(),
            seen.map(|s| &*s.variant).into(),
            seen.map(|s| &*s.parent).into(),
            count.into(),
        ]);
        if let Some(seen) = seen {
            shown.push(Shown { product: *product, seen, confirmed: None });
            tagged.insert(&*seen.parent, seen);
        }
    }
    tx.insert_many("shop_variant", &["shop_id", "product_id", "link"], &new).await?;
    let columns = &["product_id", "link", "variant_id", "parent_id", "candidates"];
    tx.insert_many("shop_link", columns, &links).await?;
    // What is not found any more keeps its ids: the window shows where it was.
    let sql = "UPDATE shop_variant SET link = CASE WHEN l.link = 'missing' AND shop_variant.written THEN 'gone' ELSE l.link END,
            variant_id = COALESCE(l.variant_id, shop_variant.variant_id), parent_id = COALESCE(l.parent_id, shop_variant.parent_id),
            candidates = l.candidates
         FROM shop_link l WHERE shop_variant.shop_id = $1 AND shop_variant.product_id = l.product_id";
    within!(&mut *tx, c => sqlx::query(sql).bind(shop).execute(c).await.map(|_| ()))?;
    outbox::show(tx, shop, now, &shown).await?;
    let tagged: Vec<Tagged<'_>> = tagged.values().map(|seen| Tagged::seen(seen)).collect();
    outbox::tag(tx, shop, now, &tagged).await
}
