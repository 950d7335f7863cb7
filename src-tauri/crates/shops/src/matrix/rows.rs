//! What is said of one product in one shop.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use presell_catalog::stores::Store;
use presell_store::{At, Db, Result, on};
use serde::Serialize;
use sqlx::FromRow;
use ts_rs::TS;

use crate::facts;
use crate::model::{Listing, Mark, Tags};
use crate::plan::{Allowed, Rules, plan};
use crate::shop::{Platform, Shop, ShopState};
use crate::sight::{Doubt, Look, Offer, Sight, sight};
use crate::state::{self, Terms, with_terms};

/// One product in one shop.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "ShopRow")]
pub struct Row {
    /// The product.
    pub sku: String,
    /// Its name.
    pub title: String,
    /// `listed`, `notListed`, `pending`, `failed`, `drifted`, `notLinked`, `ambiguous` or `unknown`.
    pub state: String,
    /// What it should show; none: not listed.
    pub expected: Option<Listing>,
    /// What was last written and confirmed.
    pub confirmed: Option<Listing>,
    /// What its mark was last seen to say.
    pub observed: Option<Listing>,
    /// Whether the shop goes on selling it without stock; none: never seen.
    pub sells: Option<bool>,
    /// Pieces that the shop counts.
    pub quantity: Option<i64>,
    /// What is under way or failed: `list`, `delist`, `move`, `update`, `tags`.
    pub action: Option<String>,
    /// Why it failed or waits.
    pub reason: Option<String>,
    /// When it was last seen.
    pub seen_at: Option<At>,
    /// What customers see, by what was last seen.
    pub customer: Sight,
    /// What they will see after the next sync; none: the same, or nobody knows.
    pub after: Option<Sight>,
}

/// One product in a shop of the store.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct InShop {
    /// The shop.
    pub shop: String,
    /// What kind it is.
    pub platform: Platform,
    /// How Presell and the shop get on.
    pub shop_state: ShopState,
    /// The product there.
    #[serde(flatten)]
    pub row: Row,
}

#[derive(Debug, FromRow)]
pub(super) struct Found {
    id: i64,
    sku: String,
    title: String,
    shop_id: i64,
    state: String,
    link: Option<String>,
    category: Option<String>,
    promise_date: Option<NaiveDate>,
    cap: Option<i64>,
    sellable: Option<bool>,
    listed_class: Option<String>,
    listed_date: Option<NaiveDate>,
    listed_cap: Option<i64>,
    seen_mark: Option<String>,
    seen_class: Option<String>,
    seen_date: Option<NaiveDate>,
    seen_cap: Option<i64>,
    seen_continues: Option<bool>,
    seen_quantity: Option<i64>,
    seen_pre_order: Option<bool>,
    seen_backorder: Option<bool>,
    item_state: Option<String>,
    action: Option<String>,
    message: Option<String>,
    seen_at: Option<i64>,
    oldest: i64,
}

/// The tags above a variant, beside the rows of [`state::from`].
pub(super) const TAGS: &str = "LEFT JOIN shop_parent f ON f.shop_id = v.shop_id AND f.parent_id = v.parent_id";

/// What [`Found`] reads.
pub(super) fn columns() -> String {
    format!(
        "SELECT p.id, p.sku, p.title, t.shop_id, {} AS state, v.link, m.category, m.promise_date,
             CASE WHEN t.counted = 1 THEN m.cap - t.buffer ELSE 0 END AS cap, m.cap > t.buffer AS sellable,
             v.listed_class, v.listed_date, v.listed_cap, v.seen_mark, v.seen_class, v.seen_date, v.seen_cap, v.seen_continues,
             v.seen_quantity, f.seen_pre_order, f.seen_backorder, i.state AS item_state, i.action, i.message, v.seen_at, t.oldest",
        state::state()
    )
}

/// A product in each of these shops, in their order; none at all if no product has this SKU.
pub async fn in_shops(db: &Db, store: &Store, shops: &[Shop], sku: &str, now: DateTime<Utc>) -> Result<Vec<InShop>> {
    if shops.is_empty() {
        return Ok(Vec::new());
    }
    let terms: Vec<Terms> = shops.iter().map(|shop| Terms::of(store, shop, now)).collect();
    let sql = format!("{} {} {TAGS} WHERE p.sku = $1", columns(), state::from(2, shops.len()));
    let found: Vec<Found> =
        on!(db, p => with_terms!(sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(sku), terms).fetch_all(p).await)?;
    let mut found: HashMap<i64, Found> = found.into_iter().map(|found| (found.shop_id, found)).collect();
    let mut all = Vec::new();
    for shop in shops {
        let own = found.remove(&shop.id).into_iter().collect();
        let rows = rows(db, store, shop, own, now).await?;
        all.extend(rows.into_iter().map(|row| InShop {
            shop: shop.name.clone(),
            platform: shop.platform,
            shop_state: shop.state,
            row,
        }));
    }
    Ok(all)
}

pub(super) async fn rows(
    db: &Db,
    store: &Store,
    shop: &Shop,
    found: Vec<Found>,
    now: DateTime<Utc>,
) -> Result<Vec<Row>> {
    let today = shop.today(store, now);
    let changing = |found: &&Found| matches!(found.state.as_str(), "pending" | "drifted");
    let changing: Vec<i64> = found.iter().filter(changing).map(|found| found.id).collect();
    let mut after = after(db, store, shop, &changing, now).await?;
    let row = |found: Found| {
        let seen = look(&found).map(|look| at_zero(look, shop));
        let customer = sight(seen.as_ref().map_err(|doubt| *doubt), today);
        // What the sync begins with is not known either.
        let after = after.remove(&found.id).map(|look| sight(Ok(&at_zero(look, shop)), today));
        let after = after.filter(|after| customer.offer != Offer::Unknown && shows(after) != shows(&customer));
        row(found, customer, after)
    };
    Ok(found.into_iter().map(row).collect())
}

/// Files tell nothing of a shop's stock: what customers see where it is used up is what they are about.
fn at_zero(look: Look, shop: &Shop) -> Look {
    match shop.platform {
        Platform::File => Look { quantity: Some(0), ..look },
        Platform::Shopify | Platform::Demo => look,
    }
}

/// What of it a customer can tell apart.
fn shows(sight: &Sight) -> (Offer, Option<NaiveDate>, Option<i64>) {
    (sight.offer, sight.promise_date, sight.left)
}

/// What these products show once a sync has done all it plans: the very plan, applied to what was seen.
async fn after(
    db: &Db,
    store: &Store,
    shop: &Shop,
    products: &[i64],
    now: DateTime<Utc>,
) -> Result<HashMap<i64, Look>> {
    let mut looks = HashMap::new();
    if products.is_empty() {
        return Ok(looks);
    }
    let fresh = facts::freshness(db, shop, now).await?;
    let rules =
        Rules { allowed: Allowed::ALL, drift: shop.settings.drift, restore_policy: shop.settings.restore_policy };
    for mut known in facts::families(db, store, shop, fresh, Some(products), now).await? {
        for op in plan(&known.family, rules) {
            known.family.apply(&op, None);
        }
        looks.extend(known.family.variants.iter().map(|variant| (variant.product, Look::from(&variant.seen))));
    }
    Ok(looks)
}

/// What was last seen, or why that says nothing.
fn look(found: &Found) -> std::result::Result<Look, Doubt> {
    match found.link.as_deref() {
        None => return Err(Doubt::NeverSeen),
        Some("ambiguous") => return Err(Doubt::Several),
        Some("linked") => {}
        Some(_) => return Err(Doubt::NotThere),
    }
    let (Some(continues), Some(mark), Some(at)) = (found.seen_continues, found.seen_mark.as_deref(), found.seen_at)
    else {
        return Err(Doubt::NeverSeen);
    };
    if at < found.oldest {
        return Err(Doubt::Old);
    }
    if matches!(found.item_state.as_deref(), Some("sent" | "unknown")) {
        return Err(Doubt::Sent);
    }
    let mark = match mark {
        "active" => listing(found.seen_class.as_deref(), found.seen_date, found.seen_cap)
            .map_or(Mark::Foreign(String::new()), Mark::Active),
        "inactive" => Mark::Inactive,
        "none" => Mark::None,
        _ => Mark::Foreign(String::new()),
    };
    let tags = found.seen_pre_order.zip(found.seen_backorder);
    let tags = tags.map(|(pre_order, backorder)| Tags { pre_order, backorder });
    Ok(Look { continues, mark, tags, quantity: found.seen_quantity })
}

fn listing(class: Option<&str>, date: Option<NaiveDate>, cap: Option<i64>) -> Option<Listing> {
    Some(Listing { class: class?.parse().ok()?, promise_date: date?, cap: cap? })
}

fn row(found: Found, customer: Sight, after: Option<Sight>) -> Row {
    let class = |class: &Option<String>, date, cap| listing(class.as_deref(), date, cap);
    let expected = class(&found.category, found.promise_date, found.cap).filter(|_| found.sellable == Some(true));
    let words = match (found.state.as_str(), &found.link) {
        ("notLinked", _) => Some("No variant with this SKU was found in the shop."),
        ("ambiguous", _) => Some("The shop has several variants with this SKU. Give them different ones there."),
        ("unknown", None) => Some("It was not looked up in the shop yet."),
        ("unknown", _) => Some("Nobody has looked at it for more than two days. Read the shop back."),
        _ => None,
    };
    Row {
        confirmed: class(&found.listed_class, found.listed_date, found.listed_cap),
        observed: class(&found.seen_class, found.seen_date, found.seen_cap),
        sku: found.sku,
        title: found.title,
        state: found.state,
        expected,
        sells: found.seen_continues,
        quantity: found.seen_quantity,
        action: found.action,
        reason: found.message.or_else(|| words.map(str::to_owned)),
        seen_at: found.seen_at.map(At::from),
        customer,
        after,
    }
}
