//! Work that a shop does by itself, kept before it is waited for: after a crash nothing is read while it still writes.

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use presell_store::{Db, Result, StoreError, on, text};

use crate::adapter::{Adapter, Ledger, ShopError};
use crate::plan::Step;
use crate::shop::Lease;
use crate::sync::SyncError;

/// The bulk operations of one shop.
pub(crate) struct Kept<'a> {
    pub(crate) db: &'a Db,
    pub(crate) shop: i64,
    pub(crate) lease: &'a Lease,
}

fn lost(error: StoreError) -> ShopError {
    ShopError::Away(format!("What the shop does by itself could not be noted: {error}"))
}

impl Ledger for Kept<'_> {
    fn may_write(&self) -> bool {
        self.lease.lasts()
    }

    fn started<'a>(
        &'a self,
        remote_id: &'a str,
        step: Step,
        items: usize,
    ) -> BoxFuture<'a, std::result::Result<(), ShopError>> {
        async move {
            let sql = text!(self.db, "INSERT INTO shop_bulk (shop_id, remote_id, step, items, state, started_at)
                VALUES ($1, $2, $3, $4, 'running', ", NOW, ")");
            let items = i64::try_from(items).unwrap_or(i64::MAX);
            on!(self.db, p => sqlx::query(sql).bind(self.shop).bind(remote_id).bind(step.id()).bind(items).execute(p).await
                .map(|_| ()))
            .map_err(lost)
        }
        .boxed()
    }

    fn ended<'a>(
        &'a self,
        remote_id: &'a str,
        state: &'a str,
        message: Option<&'a str>,
    ) -> BoxFuture<'a, std::result::Result<(), ShopError>> {
        end(self.db, self.shop, remote_id, state, message).map(|ended| ended.map_err(lost)).boxed()
    }
}

async fn end(db: &Db, shop: i64, remote_id: &str, state: &str, message: Option<&str>) -> Result<()> {
    let sql = text!(
        db,
        "UPDATE shop_bulk SET state = $3, message = $4, ended_at = ",
        NOW,
        "
        WHERE shop_id = $1 AND remote_id = $2 AND state = 'running'"
    );
    on!(db, p => sqlx::query(sql).bind(shop).bind(remote_id).bind(state).bind(message).execute(p).await.map(|_| ()))
}

/// Waits for what an earlier process left the shop at work with. Its items are read back afterwards.
pub(crate) async fn settle(db: &Db, shop: i64, adapter: &dyn Adapter) -> std::result::Result<(), SyncError> {
    let sql = "SELECT remote_id FROM shop_bulk WHERE shop_id = $1 AND state = 'running' ORDER BY id";
    let running: Vec<(String,)> = on!(db, p => sqlx::query_as(sql).bind(shop).fetch_all(p).await)?;
    for (remote_id,) in running {
        adapter.settle(&remote_id).await?;
        let why = "Presell ended while the shop was at work; what it did was read back.";
        end(db, shop, &remote_id, "partial", Some(why)).await?;
    }
    Ok(())
}
