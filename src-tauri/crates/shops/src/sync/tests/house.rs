//! A store with lists that a test writes, and shops that show them.

use std::sync::atomic::{AtomicI32, Ordering};

use chrono::{DateTime, Duration, NaiveDate, TimeZone, Utc};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use presell_catalog::rules::Class;
use presell_catalog::stores::{self, Store};
use presell_store::{Db, StoreError, on};
use tokio_util::sync::CancellationToken;

use crate::adapter::Adapter;
use crate::model::Listing;
use crate::plan::Allowed;
use crate::settings::ShopSettings;
use crate::shop::{self, NewShop, Platform, Shop};
use crate::sync::{Clock, Place, Report, Request, SyncError, sync};

/// Each look at this clock is a while later, so that nothing is waited for in real time.
struct Minutes {
    start: DateTime<Utc>,
    looks: AtomicI32,
}

impl From<DateTime<Utc>> for Minutes {
    fn from(start: DateTime<Utc>) -> Minutes {
        Minutes { start, looks: AtomicI32::new(0) }
    }
}

impl Clock for Minutes {
    fn now(&self) -> BoxFuture<'_, Result<DateTime<Utc>, StoreError>> {
        let look = self.looks.fetch_add(1, Ordering::Relaxed);
        async move { Ok(self.start + Duration::seconds(30) * look) }.boxed()
    }

    fn wait(&self, _: std::time::Duration) -> BoxFuture<'_, ()> {
        std::future::ready(()).boxed()
    }
}

pub(super) struct House {
    pub(super) db: Db,
    pub(super) store: Store,
}

pub(super) fn noon() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2027, 1, 4, 12, 0, 0).single().expect("a moment")
}

pub(super) fn day(days: i64) -> NaiveDate {
    noon().date_naive() + Duration::days(days)
}

pub(super) fn pre_order(days: i64) -> Listing {
    Listing { class: Class::PreOrder, promise_date: day(days), cap: 10 }
}

pub(super) fn backorder(days: i64) -> Listing {
    Listing { class: Class::Backorder, ..pre_order(days) }
}

pub(super) fn request() -> Request {
    Request {
        allowed: Allowed::ALL,
        products: None,
        limit: None,
        confirmed: false,
        retry_failed: false,
        drift: None,
        dry_run: false,
        run: 1,
    }
}

impl House {
    pub(super) async fn new(db: Db) -> House {
        let store = stores::find_or_create(&db, "default", chrono_tz::UTC, noon()).await.expect("a store");
        let sql = "INSERT INTO refresh_mark (store_id, at, today, everything) VALUES ($1, $2, $3, TRUE)";
        on!(&db, p => sqlx::query(sql).bind(store.id).bind(noon().timestamp_millis()).bind(day(0)).execute(p).await.map(|_| ()))
            .expect("a refresh was done");
        House { db, store }
    }

    pub(super) async fn shop(&self, name: &str, settings: ShopSettings) -> Shop {
        let new = NewShop {
            store_id: self.store.id,
            name: name.to_owned(),
            platform: Platform::Demo,
            address: format!("{name}.example"),
            base_url: None,
            client_id: None,
            secret: "none".to_owned(),
            settings,
        };
        shop::add(&self.db, &new, "test", noon()).await.expect("a shop is added")
    }

    /// Puts a product on a list, moves it there, or takes it off.
    pub(super) async fn list(&self, sku: &str, listing: Option<Listing>) {
        let sql = "INSERT INTO product (sku) VALUES ($1) ON CONFLICT (sku) DO NOTHING";
        on!(&self.db, p => sqlx::query(sql).bind(sku).execute(p).await.map(|_| ())).expect("a product");
        let sql = "DELETE FROM member WHERE product_id = (SELECT id FROM product WHERE sku = $1)";
        on!(&self.db, p => sqlx::query(sql).bind(sku).execute(p).await.map(|_| ())).expect("off the list");
        if let Some(l) = listing {
            let sql = "INSERT INTO member (store_id, product_id, category, line_id, promise_date, cap, since)
                SELECT $1, id, $3, 1, $4, $5, 0 FROM product WHERE sku = $2";
            on!(&self.db, p => sqlx::query(sql).bind(self.store.id).bind(sku).bind(l.class.as_str()).bind(l.promise_date)
                .bind(l.cap).execute(p).await.map(|_| ()))
            .expect("on the list");
        }
    }

    pub(super) async fn sync(&self, shop: &Shop, at: &dyn Adapter) -> Report {
        self.try_sync(shop, at, &request(), noon()).await.expect("the sync runs to its end")
    }

    pub(super) async fn try_sync(
        &self,
        shop: &Shop,
        at: &dyn Adapter,
        request: &Request,
        now: DateTime<Utc>,
    ) -> Result<Report, SyncError> {
        let token = CancellationToken::new();
        let place = Place { db: &self.db, store: &self.store, shop, adapter: at, token: &token };
        sync(place, request, &Minutes::from(now), &|_, _| {}).await
    }

    /// States of the open and ended items of a product, oldest first.
    pub(super) async fn items(&self, sku: &str) -> Vec<(String, Option<String>)> {
        let sql = "SELECT i.state, i.code FROM shop_item i JOIN product p ON p.id = i.product_id WHERE p.sku = $1 ORDER BY i.id";
        on!(&self.db, p => sqlx::query_as(sql).bind(sku).fetch_all(p).await).expect("items")
    }
}

/// The class a variant is listed in, by its mark.
pub(super) fn class_of(seen: &crate::model::Seen) -> Option<Class> {
    seen.mark.listing().map(|listing| listing.class)
}

impl House {
    /// What the lists want now.
    pub(super) async fn wanted(&self) -> std::collections::HashMap<String, Listing> {
        let sql = "SELECT p.sku, m.category, m.promise_date, m.cap FROM member m JOIN product p ON p.id = m.product_id";
        let rows: Vec<(String, String, NaiveDate, i64)> =
            on!(&self.db, p => sqlx::query_as(sql).fetch_all(p).await).expect("the lists");
        let listing =
            |class: &str, promise_date, cap| Listing { class: class.parse().expect("a class"), promise_date, cap };
        rows.into_iter().map(|(sku, class, date, cap)| (sku, listing(&class, date, cap))).collect()
    }
}
