//! How far a product is in a shop. It is said here and nowhere else: lists, pages and counts ask this statement.

use chrono::{DateTime, Duration, NaiveDate, Utc};
use presell_catalog::stores::Store;

use crate::shop::Shop;

/// The states, those first that ask for somebody first.
pub(crate) const STATES: [&str; 8] =
    ["failed", "drifted", "ambiguous", "notLinked", "unknown", "pending", "listed", "notListed"];

/// What was not seen for so long is not known any more: shops are read back every day, and one day may fail.
const TRUST: Duration = Duration::hours(48);

/// What the states of a store's products in one shop depend on besides the products.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Terms {
    pub(crate) store: i64,
    pub(crate) shop: i64,
    /// Pieces that the shop does not get.
    pub(crate) buffer: i64,
    /// The shop's day: what was promised for an earlier one is no more wanted, whatever the lists still say.
    pub(crate) today: NaiveDate,
    /// Whether the quantity is written: 1 or 0.
    pub(crate) counted: i64,
    /// What was seen before this is not known any more.
    pub(crate) oldest: i64,
    /// Whether the shop shows a part of the catalog only: 1 or 0.
    pub(crate) partial: i64,
}

/// How many values [`with_terms`] binds for each shop.
const VALUES: usize = 7;

impl Terms {
    pub(crate) fn of(store: &Store, shop: &Shop, now: DateTime<Utc>) -> Terms {
        Terms {
            store: store.id,
            shop: shop.id,
            buffer: shop.settings.buffer,
            today: shop.today(store, now),
            counted: i64::from(!shop.settings.quantity_key.is_empty()),
            oldest: (now - TRUST).timestamp_millis(),
            partial: i64::from(shop.settings.has_sub_catalog()),
        }
    }
}

/// Binds the terms of shops in the order in which [`from`] names them.
macro_rules! with_terms {
    ($query:expr, $terms:expr) => {
        $terms.iter().fold($query, |query, t: &$crate::state::Terms| {
            query.bind(t.store).bind(t.shop).bind(t.buffer).bind(t.today).bind(t.counted).bind(t.oldest).bind(t.partial)
        })
    };
}
pub(crate) use with_terms;

/// Products `p` in so many shops `t`, with member `m`, variant `v` and open item `i`; values are bound from `$first` on.
pub(crate) fn from(first: usize, shops: usize) -> String {
    let one = |n: usize| {
        let at = first + n * VALUES;
        let [store, shop, buffer, today, counted, oldest, partial] = std::array::from_fn(|value| at + value);
        format!(
            "SELECT ${store} AS store_id, ${shop} AS shop_id, ${buffer} AS buffer, ${today} AS today, ${counted} AS counted, \
             ${oldest} AS oldest, ${partial} AS partial"
        )
    };
    let terms: Vec<String> = (0..shops).map(one).collect();
    format!(
        "FROM product p CROSS JOIN ({}) t
         LEFT JOIN member m ON m.store_id = t.store_id AND m.product_id = p.id AND m.promise_date >= t.today
             AND (t.partial = 0 OR EXISTS (SELECT 1 FROM sub_catalog c WHERE c.shop_id = t.shop_id AND c.product_id = p.id))
         LEFT JOIN shop_variant v ON v.shop_id = t.shop_id AND v.product_id = p.id
         LEFT JOIN shop_item i ON i.shop_id = t.shop_id AND i.product_id = p.id
             AND i.state IN ('pending', 'sent', 'unknown', 'failed')",
        terms.join(" UNION ALL ")
    )
}

/// A product that is on a list or was ever written: the others are in no shop's way.
pub(crate) const CONCERNED: &str = "(m.product_id IS NOT NULL OR v.written)";

/// A variant `v` that shows something else than was written.
pub(crate) const DRIFTED: &str = "(v.listed_class IS NOT NULL AND (NOT v.seen_continues OR v.seen_mark <> 'active'
        OR v.seen_class <> v.listed_class OR v.seen_date <> v.listed_date OR v.seen_cap <> v.listed_cap)
    OR v.listed_class IS NULL AND v.written AND v.seen_mark = 'active')";

/// The state, of the rows of [`from`]. What nobody looked at, or not for long, is never said to be listed.
pub(crate) fn state() -> String {
    format!(
        "CASE WHEN m.product_id IS NULL AND NOT COALESCE(v.written, FALSE) THEN 'notListed'
              WHEN v.product_id IS NULL THEN 'unknown'
              WHEN v.link = 'ambiguous' THEN 'ambiguous'
              WHEN v.link <> 'linked' THEN 'notLinked'
              WHEN i.state = 'failed' THEN 'failed'
              WHEN i.id IS NOT NULL THEN 'pending'
              WHEN (m.product_id IS NULL OR m.cap <= t.buffer) AND v.listed_class IS NOT NULL THEN 'pending'
              WHEN m.cap > t.buffer AND (v.listed_class IS NULL OR v.listed_class <> m.category
                  OR v.listed_date <> m.promise_date OR (t.counted = 1 AND v.listed_cap <> m.cap - t.buffer)) THEN 'pending'
              WHEN {DRIFTED} THEN 'drifted'
              WHEN v.seen_at IS NULL OR v.seen_at < t.oldest THEN 'unknown'
              WHEN v.listed_class IS NOT NULL THEN 'listed' ELSE 'notListed' END"
    )
}
