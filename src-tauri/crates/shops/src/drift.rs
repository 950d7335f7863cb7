//! Whether a shop still shows what was written there: everything of ours is read back and compared, as base, ours and theirs.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use presell_store::{Db, on};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::facts::{self, Known};
use crate::model::{Listing, Mark, Seen};
use crate::outbox::{self, Shown, Tagged};
use crate::plan::{Allowed, Rules, Variant, plan};
use crate::settings::Drift;
use crate::shop::{Lease, note_trouble};
use crate::sync::{Place, SyncError};

/// One variant that shows something else than was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "ShopDrifted")]
pub struct Drifted {
    /// The product.
    pub sku: String,
    /// What was last written and confirmed; none: not listed.
    pub base: Option<Listing>,
    /// What is wanted; none: not listed.
    pub ours: Option<Listing>,
    /// What its mark says in the shop; none: not listed.
    pub theirs: Option<Listing>,
    /// Whether the shop sells it without stock.
    pub sells: bool,
    /// What differs, in words.
    pub what: Vec<String>,
}

/// What a look at a shop found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DriftReport {
    /// Variants read back.
    pub looked_at: u64,
    /// Those that differ.
    pub drifted: Vec<Drifted>,
    /// Variants of the shop that carry our mark or tag and are none of ours, by SKU.
    pub strays: Vec<String>,
    /// Variants that the shop does not have any more, by SKU.
    pub gone: Vec<String>,
}

/// Reads back everything of ours in the shop, keeps what it shows, and tells what differs. It writes nothing there.
pub async fn look(place: Place<'_>, run: i64, now: DateTime<Utc>) -> Result<DriftReport, SyncError> {
    let lease = Lease::take(place.db, place.shop.id, run).await?.ok_or(SyncError::AtWork)?;
    let looked = under_lease(place, &lease, now).await;
    // A lease that is not given back runs out by itself.
    let _ = lease.give_back(place.db).await;
    if let Err(SyncError::Shop(error)) = &looked {
        note_trouble(place.db, place.shop, error).await?;
    }
    looked
}

async fn under_lease(place: Place<'_>, lease: &Lease, now: DateTime<Utc>) -> Result<DriftReport, SyncError> {
    let Place { db, store, shop, adapter, .. } = place;
    let fresh = facts::freshness(db, shop, now).await?;
    let known = facts::families(db, store, shop, fresh, None, now).await?;
    let variants = || known.iter().flat_map(|k| &k.family.variants);
    let ids: Vec<String> = variants().map(|variant| variant.seen.variant.clone()).collect();
    let mut found: HashMap<String, Seen> = HashMap::new();
    for page in ids.chunks(1_000) {
        found.extend(adapter.see(page).await?.into_iter().map(|seen| (seen.variant.clone(), seen)));
        lease.renew(db).await?;
    }
    let mut report = DriftReport { looked_at: ids.len() as u64, ..DriftReport::default() };
    let (mut shown, mut tagged, mut gone) = (Vec::new(), HashMap::new(), Vec::new());
    for variant in variants() {
        match found.get(&variant.seen.variant) {
            Some(seen) => {
                shown.push(Shown { product: variant.product, seen, confirmed: None });
                tagged.insert(&*seen.parent, seen);
            }
            None => {
                gone.push(variant.product);
                report.gone.push(variant.seen.sku.clone());
            }
        }
    }
    let tagged: Vec<Tagged<'_>> = tagged.values().map(|seen| Tagged::seen(seen)).collect();
    let mut tx = db.begin().await?;
    lease.hold(&mut tx).await?;
    outbox::show(&mut tx, shop.id, now, &shown).await?;
    outbox::tag(&mut tx, shop.id, now, &tagged).await?;
    outbox::lose(&mut tx, shop.id, &gone).await?;
    tx.commit().await?;
    report.drifted = facts::families(db, store, shop, fresh, None, now).await?.iter().flat_map(drifted).collect();
    let ours: HashSet<String> = linked(db, shop.id).await?;
    let marked = adapter.marked().await?;
    report.strays = marked
        .into_iter()
        .filter(|s| !ours.contains(&s.variant) && s.mark.listing().is_some())
        .map(|s| s.sku)
        .collect();
    let sql = "UPDATE shop SET drift_at = $2 WHERE id = $1";
    on!(db, p => sqlx::query(sql).bind(shop.id).bind(now.timestamp_millis()).execute(p).await.map(|_| ()))?;
    Ok(report)
}

async fn linked(db: &Db, shop: i64) -> presell_store::Result<HashSet<String>> {
    let sql = "SELECT variant_id FROM shop_variant WHERE shop_id = $1 AND variant_id IS NOT NULL";
    let rows: Vec<(String,)> = on!(db, p => sqlx::query_as(sql).bind(shop).fetch_all(p).await)?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// What only a repair would write is what somebody else changed.
fn drifted(known: &Known) -> Vec<Drifted> {
    let rules = |drift| Rules { allowed: Allowed::ALL, drift, restore_policy: false };
    let (all, own) = (plan(&known.family, rules(Drift::Repair)), plan(&known.family, rules(Drift::Ask)));
    let theirs: Vec<_> =
        all.iter().filter(|op| !own.iter().any(|o| o.step == op.step && o.variant == op.variant)).collect();
    let of = |variant: &Variant| theirs.iter().any(|op| op.products.contains(&variant.product));
    known.family.variants.iter().filter(|variant| of(variant)).map(|variant| one(variant, known)).collect()
}

fn one(variant: &Variant, known: &Known) -> Drifted {
    let (base, ours, theirs) = (variant.ours.listed, variant.want.listing(), variant.seen.mark.listing());
    let mut what = Vec::new();
    if base.is_some() && !variant.seen.continues {
        what.push("it does not sell without stock any more".to_owned());
    }
    if base.is_none() && variant.seen.continues {
        what.push("it sells without stock though it is not listed".to_owned());
    }
    if theirs != base {
        what.push(match &variant.seen.mark {
            Mark::Active(_) if base.is_none() => "its mark says that it is listed".to_owned(),
            Mark::Active(_) => "its mark has another date, class or quantity".to_owned(),
            Mark::None | Mark::Inactive => "its mark is gone".to_owned(),
            Mark::Foreign(_) => "its mark was replaced by something else".to_owned(),
        });
    }
    if known.family.tags != known.family.seen_tags {
        what.push("the tags of its product were changed".to_owned());
    }
    Drifted { sku: variant.seen.sku.clone(), base, ours, theirs, sells: variant.seen.continues, what }
}
