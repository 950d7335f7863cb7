//! Brings a shop in line with the lists, in rounds: plan, write the wishes down, send the most urgent, record what became
//! of them, plan again. Nothing differs: nothing is sent, nothing is asked.

mod brake;
mod choose;
mod round;
#[cfg(test)]
mod tests;

pub use brake::Brake;

use std::collections::HashSet;
use std::time::Duration;

use chrono::{DateTime, Utc};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use presell_catalog::stores::Store;
use presell_store::{Db, StoreError};
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;
use ts_rs::TS;

use crate::adapter::{Adapter, ShopError};
use crate::facts::{self, Freshness};
use crate::link::{self, LinkError, Which};
use crate::plan::{Allowed, Rules};
use crate::settings::Drift;
use crate::shop::{Lease, Shop, note_trouble};
use crate::{bulk, outbox, sub_catalog};

/// What a sync is asked to do.
#[derive(Clone, Debug)]
pub struct Request {
    /// What it may write.
    pub allowed: Allowed,
    /// Only these products and what belongs to them; none: all.
    pub products: Option<Vec<i64>>,
    /// At most so many variants.
    pub limit: Option<u64>,
    /// Somebody has seen how much would be taken off and agrees.
    pub confirmed: bool,
    /// What failed for good is tried again as well.
    pub retry_failed: bool,
    /// How other people's changes are taken; none: as the shop is set.
    pub drift: Option<Drift>,
    /// Nothing is sent.
    pub dry_run: bool,
    /// The run it belongs to.
    pub run: i64,
}

/// What a sync came to: planned = confirmed + failed + unknown + waiting.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
#[ts(rename = "ShopReport")]
pub struct Report {
    /// Variants that were to be changed.
    pub planned: u64,
    /// Variants sent, each attempt counted.
    pub sent: u64,
    /// Variants that now show what is wanted.
    pub confirmed: u64,
    /// Variants that the shop refused.
    pub failed: u64,
    /// Variants of which nobody knows yet.
    pub unknown: u64,
    /// Variants left for later: a limit, a stop, or a shop that wants to be asked again later.
    pub waiting: u64,
    /// Variants that show what is wanted already.
    pub unchanged: u64,
    /// Variants that the shop refused in an earlier sync: they are not sent again as they are.
    pub refused_before: u64,
    /// Products of the lists that the shop does not have, or has several times.
    pub not_linked: u64,
    /// The lists were too old to act on.
    pub stale: bool,
    /// What failed, with its reason; the first hundred.
    pub problems: Vec<Problem>,
}

/// One variant that failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "ShopProblem")]
pub struct Problem {
    /// The product.
    pub sku: String,
    /// What was to be done.
    pub action: String,
    /// The shop's code, or one of ours.
    pub code: String,
    /// What happened.
    pub message: String,
}

/// Why a sync ended early. What was confirmed until then stays so.
#[derive(Debug, thiserror::Error)]
pub enum SyncError {
    /// Another sync works on this shop.
    #[error("Another sync is at work on this shop. It also sends what has changed since it began.")]
    AtWork,
    /// It would take too much off.
    #[error(transparent)]
    Brake(#[from] Brake),
    /// The shop does not answer as a whole.
    #[error(transparent)]
    Shop(#[from] ShopError),
    /// The database did not do it.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<LinkError> for SyncError {
    fn from(error: LinkError) -> SyncError {
        match error {
            LinkError::Shop(error) => SyncError::Shop(error),
            LinkError::Store(error) => SyncError::Store(error),
        }
    }
}

/// Where a sync takes place.
#[derive(Clone, Copy)]
pub struct Place<'a> {
    /// The database.
    pub db: &'a Db,
    /// The store.
    pub store: &'a Store,
    /// The shop.
    pub shop: &'a Shop,
    /// Its adapter.
    pub adapter: &'a dyn Adapter,
    /// Stops it between two requests.
    pub token: &'a CancellationToken,
}

/// Where `now` comes from.
pub trait Clock: Send + Sync {
    /// Now, in UTC.
    fn now(&self) -> BoxFuture<'_, Result<DateTime<Utc>, StoreError>>;

    /// Waits until that much later.
    fn wait(&self, time: Duration) -> BoxFuture<'_, ()> {
        tokio::time::sleep(time).boxed()
    }
}

/// The database's clock, the only one that the core trusts.
impl Clock for Db {
    fn now(&self) -> BoxFuture<'_, Result<DateTime<Utc>, StoreError>> {
        Db::now(self).boxed()
    }
}

/// How often a variant is tried before it counts as failed.
const ATTEMPTS: i64 = 6;
/// The longest a sync waits for a shop that wants to be asked again later.
const PATIENCE: Duration = Duration::from_secs(60);

/// Syncs a shop. `progress` hears how many variants are done of how many.
pub async fn sync(
    place: Place<'_>,
    request: &Request,
    clock: &dyn Clock,
    progress: &(dyn Fn(u64, u64) + Send + Sync),
) -> Result<Report, SyncError> {
    let lease = Lease::take(place.db, place.shop.id, request.run).await?.ok_or(SyncError::AtWork)?;
    let outcome = under_lease(place, request, &lease, clock, progress).await;
    // A lease that is not given back runs out by itself.
    let _ = lease.give_back(place.db).await;
    match &outcome {
        Ok(_) if !request.dry_run => round::note_synced(place, clock.now().await?).await?,
        Err(SyncError::Shop(error)) => note_trouble(place.db, place.shop, error).await?,
        _ => {}
    }
    outcome
}

async fn under_lease(
    place: Place<'_>,
    request: &Request,
    lease: &Lease,
    clock: &dyn Clock,
    progress: &(dyn Fn(u64, u64) + Send + Sync),
) -> Result<Report, SyncError> {
    let Place { db, store, shop, adapter, token } = place;
    let rules = Rules {
        allowed: request.allowed,
        drift: request.drift.unwrap_or(shop.settings.drift),
        restore_policy: shop.settings.restore_policy,
    };
    if !request.dry_run {
        bulk::settle(db, shop.id, adapter).await?;
        outbox::recover(db, shop.id).await?;
    }
    sub_catalog::associate(db, shop, request.products.as_deref(), false, clock.now().await?).await?;
    let linked = if request.dry_run {
        link::Linked::default()
    } else {
        link::link(place, lease, Which::Needed, clock.now().await?).await?
    };
    let mut report = Report { not_linked: linked.missing + linked.ambiguous, ..Report::default() };
    let mut sent = HashSet::new();
    let mut first = true;
    loop {
        let moment = clock.now().await?;
        let fresh = facts::freshness(db, shop, moment).await?;
        report.stale = fresh != Freshness::Fresh;
        let mut known = facts::families(db, store, shop, fresh, request.products.as_deref(), moment).await?;
        let everything = first && adapter.capabilities().whole;
        if !request.dry_run && round::see_unknown(place, lease, &known, everything, moment, &mut report).await? {
            known = facts::families(db, store, shop, fresh, request.products.as_deref(), moment).await?;
        }
        let planned = choose::planned(&known, rules, request.retry_failed, &sent);
        if first {
            report.unchanged = planned.unchanged;
            report.refused_before = planned.variants.iter().filter(|todo| todo.given_up).count() as u64;
            report.planned = planned.variants.len() as u64 - report.refused_before;
            brake::check(&known, &planned, shop, request.confirmed)?;
        }
        if request.dry_run {
            report.waiting = report.planned;
            return Ok(report);
        }
        round::write_down(place, lease, request.run, moment, &known, &planned, &mut report).await?;
        first = false;
        let left = request.limit.map(|limit| limit.saturating_sub(report.confirmed + report.failed));
        let ready = choose::ready(&known, planned, adapter.capabilities(), moment, left);
        progress(report.confirmed + report.failed, report.planned.max(report.confirmed + report.failed));
        if token.is_cancelled() {
            return Err(ShopError::Stopped.into());
        }
        if ready.variants.is_empty() {
            let Some(wait) = ready.next.filter(|wait| *wait <= PATIENCE && left != Some(0)) else {
                report.waiting = ready.later;
                return Ok(report);
            };
            lease.renew(db).await?;
            tokio::select! {
                () = clock.wait(wait) => {}
                () = token.cancelled() => return Err(ShopError::Stopped.into()),
            }
            continue;
        }
        round::send(place, lease, request.run, clock, &mut known, &ready, &mut report).await?;
        sent.extend(ready.variants.iter().map(|v| v.product));
    }
}
