//! The refresh: brings the two lists in line with the facts. Facts are read set-wise, one pure `decide` judges each
//! product, `plan` compares with the member, and one transaction writes members, decisions and what is no longer dirty.

mod imagine;
mod judge;
mod scope;
mod write;

use chrono::{DateTime, NaiveDate, NaiveTime, TimeZone, Utc};
use presell_store::{Db, StoreError, Tx};
use serde::Serialize;
use ts_rs::TS;

use crate::facts;
use crate::rules::{self, Class, Code};
use crate::settings::Settings;
use crate::stores::{self, Store, StoresError};

pub use imagine::imagine;
use judge::Work;
pub use scope::Scope;

/// How often a refresh that met another writer starts again before it gives up.
pub const ATTEMPTS: u32 = 8;

/// What to refresh and how.
#[derive(Clone, Debug)]
pub struct Request {
    /// Which products to look at.
    pub scope: Scope,
    /// Make the plan and change nothing.
    pub dry_run: bool,
    /// Judge as if it were this day; only with `dry_run`.
    pub as_of: Option<NaiveDate>,
    /// Percent of the members that may go unasked; none: the store's setting.
    pub max_change_percent: Option<i64>,
    /// Somebody has looked and agreed: the brake stays off.
    pub confirmed: bool,
    /// The run this refresh belongs to; written into each decision.
    pub run_id: i64,
    /// How many changes of each kind to return in full; all are counted and written.
    pub list_changes: usize,
}

/// What a refresh did, or would do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Outcome {
    /// Products looked at: added + moved + updated + removed + unchanged + undetermined.
    pub examined: u64,
    /// Newly listed.
    pub added: u64,
    /// Gone from one list to the other.
    pub moved: u64,
    /// Listed with a new date, line or quantity.
    pub updated: u64,
    /// No longer listed.
    pub removed: u64,
    /// As before.
    pub unchanged: u64,
    /// Left as they are because their stock is unknown.
    pub undetermined: u64,
    /// The changes, in the order of products, as many of each kind as were asked for.
    pub changes: Vec<Changed>,
}

/// One product whose listing changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Changed {
    /// The product.
    pub sku: String,
    /// `ADD`, `MOVE`, `UPDATE` or `REMOVE`.
    pub change: &'static str,
    /// The list it is in now; none when removed.
    pub category: Option<Class>,
    /// The date customers are told now.
    pub promise_date: Option<NaiveDate>,
    /// The purchase order that brings it.
    pub purchase_order: Option<String>,
    /// Why it was removed; empty otherwise.
    pub reasons: Vec<Code>,
}

/// Why a refresh did not happen. In every case nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum RefreshError {
    /// Too many products would go at once.
    #[error(
        "This refresh would take {removals} of {members} products off the lists, more than {percent} %. Nothing was changed. \
         Look at the changes with --dry-run; if they are right, add --confirm."
    )]
    Brake {
        /// Products that would be removed.
        removals: u64,
        /// Products listed now.
        members: u64,
        /// What may go unasked.
        percent: i64,
    },
    /// SKUs that no product has.
    #[error("No product has the SKU {0}.")]
    UnknownSku(String),
    /// A day can only be tried, not made.
    #[error("Another day can only be tried out: add --dry-run.")]
    AsOfWithoutDryRun,
    /// The store or its settings.
    #[error(transparent)]
    Stores(#[from] StoresError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Refreshes the catalog of a store in a transaction of its own. `now` comes from the database's clock.
///
/// A refresh that meets another one on PostgreSQL starts again with fresh facts; nothing is done twice, since the first
/// attempt left no trace.
pub async fn refresh(db: &Db, store: &Store, request: &Request, now: DateTime<Utc>) -> Result<Outcome, RefreshError> {
    db.count_grown_tables().await?;
    let mut attempt = 1;
    loop {
        match once(db, store, request, now).await {
            Err(RefreshError::Store(StoreError::Conflict)) if attempt < ATTEMPTS => attempt += 1,
            outcome => return outcome,
        }
    }
}

async fn once(db: &Db, store: &Store, request: &Request, now: DateTime<Utc>) -> Result<Outcome, RefreshError> {
    let mut tx = db.begin_snapshot().await?;
    let outcome = refresh_in(&mut tx, store, request, now).await?;
    if request.dry_run {
        tx.rollback().await?;
    } else {
        tx.commit().await?;
    }
    Ok(outcome)
}

/// Refreshes the catalog of a store inside the caller's snapshot. On success the caller commits, or after a dry run rolls
/// back; on any error it must roll back. [`StoreError::Conflict`] means: begin again with a fresh snapshot.
pub async fn refresh_in(
    tx: &mut Tx,
    store: &Store,
    request: &Request,
    now: DateTime<Utc>,
) -> Result<Outcome, RefreshError> {
    if request.as_of.is_some() && !request.dry_run {
        return Err(RefreshError::AsOfWithoutDryRun);
    }
    let settings = stores::settings(tx, store).await?;
    let (today, now) = match request.as_of {
        Some(day) => (day, noon(store, day, now)),
        None => (store.today(now), now),
    };
    let scope = scope::resolve(tx, store, &settings, request, today, now).await?;
    let mut work = Work {
        store,
        settings: &settings,
        instead: None,
        facilities: facts::facilities(tx, store, now).await?,
        request,
        today,
        now,
        reach: scope.reach,
        outcome: Outcome { examined: scope.examined, ..Outcome::default() },
    };
    work.judge(tx).await?;
    let outcome = work.outcome;
    if request.dry_run {
        return Ok(outcome);
    }
    if !request.confirmed {
        stop_if_too_many_go(tx, store, &settings, request, &outcome).await?;
    }
    scope::clean(tx, store, &scope, today, now).await?;
    Ok(outcome)
}

/// The brake. The caller's roll-back takes back what was written already.
async fn stop_if_too_many_go(
    tx: &mut Tx,
    store: &Store,
    settings: &Settings,
    request: &Request,
    outcome: &Outcome,
) -> Result<(), RefreshError> {
    let removals = outcome.removed;
    // Counting a large list takes longer than refreshing a few products, and so few removals never need it.
    if removals <= rules::BRAKE_FREE_REMOVALS {
        return Ok(());
    }
    let members = facts::count_members(tx, store).await? + removals - outcome.added;
    let percent = request.max_change_percent.unwrap_or(settings.max_change_percent);
    match rules::brake(members, removals, percent) {
        true => Err(RefreshError::Brake { removals, members, percent }),
        false => Ok(()),
    }
}

/// Noon of a day in the store's zone; exists on every day in every zone that matters here.
fn noon(store: &Store, day: NaiveDate, now: DateTime<Utc>) -> DateTime<Utc> {
    let noon = day.and_time(NaiveTime::from_hms_opt(12, 0, 0).unwrap_or_default());
    store.zone.from_local_datetime(&noon).earliest().map_or(now, |t| t.with_timezone(&Utc))
}
