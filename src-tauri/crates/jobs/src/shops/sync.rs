//! What all jobs of shops do: one plan for everything, of which each job that is switched on allows its part. Two of them
//! can therefore never race, and a move is done as a whole.

use std::sync::Arc;

use futures_util::future::join_all;
use presell_scheduler::runs::Level;
use presell_scheduler::schedules::{self, Key};
use presell_scheduler::{Counts, Done, Failure, ScheduleState, reason};
use presell_shops::adapter::{Adapter, ShopError};
use presell_shops::plan::Allowed;
use presell_shops::settings::Drift;
use presell_shops::shop::{self, Shop, note_trouble};
use presell_shops::sync::{Clock as ShopClock, Place, Report, Request, SyncError, sync};
use presell_store::{Db, StoreError, on, text};
use serde::Serialize;
use serde_json::json;

use super::doors;
use super::{
    add_backorder_product_tags, add_preorder_product_tags, remove_backorder_product_tags, remove_preorder_product_tags,
    sync_variants,
};
use crate::{Clock, Task};

/// How a job's sync differs from the plain one.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct What {
    /// It may write everything, whatever is switched on.
    pub(super) everything: bool,
    /// What failed for good is tried again.
    pub(super) retry: bool,
    /// How other people's changes are taken; none: as each shop is set.
    pub(super) drift: Option<Drift>,
}

/// What jobs allow: those that are switched on, and the one that runs.
async fn allowed(task: &Task) -> Result<Allowed, StoreError> {
    let mut allowed = Allowed::NONE;
    for (id, part) in PARTS {
        let key = Key { job_id: (*id).to_owned(), store_id: task.store.id, shop_id: String::new() };
        let on = schedules::find(&task.work.db, &key).await?.is_some_and(|s| s.state == ScheduleState::Enabled);
        if on || task.work.run.job_id == *id {
            part(&mut allowed);
        }
    }
    Ok(allowed)
}

/// Adds what a job allows.
type Part = fn(&mut Allowed);

/// The jobs, and what each of them allows.
pub(crate) const PARTS: &[(&str, Part)] = &[
    (sync_variants::DEFINITION.id, |a| a.variants = true),
    (add_preorder_product_tags::DEFINITION.id, |a| a.tags_on[0] = true),
    (remove_preorder_product_tags::DEFINITION.id, |a| a.tags_off[0] = true),
    (add_backorder_product_tags::DEFINITION.id, |a| a.tags_on[1] = true),
    (remove_backorder_product_tags::DEFINITION.id, |a| a.tags_off[1] = true),
];

struct Now<'a>(Clock, &'a Db);

impl ShopClock for Now<'_> {
    fn now(&self) -> futures_util::future::BoxFuture<'_, Result<chrono::DateTime<chrono::Utc>, StoreError>> {
        Box::pin(self.0.now(self.1))
    }
}

/// Syncs the shops of the run's store, side by side; of a run that names a shop, that one.
pub(super) async fn run(task: Task, what: What) -> Result<Done, Failure> {
    let shops = shops(&task).await?;
    if shops.is_empty() {
        task.work.log(Level::Info, "No shop is connected to this store, so there is nothing to sync.");
        return Ok(Done::default());
    }
    let request = Request {
        allowed: if what.everything || task.values.flag("everything") { Allowed::ALL } else { allowed(&task).await? },
        products: products(&task).await?,
        limit: task.values.number("limit").map(i64::unsigned_abs),
        confirmed: task.values.flag("confirm"),
        retry_failed: what.retry || task.values.flag("includeAll"),
        drift: what.drift,
        dry_run: task.values.flag("dryRun"),
        run: task.work.run.id,
    };
    let outcomes = join_all(shops.iter().map(|shop| one(&task, shop, &request))).await;
    summed_up(&task, shops.iter().zip(outcomes).collect())
}

/// The shops of the run's store; of a run for one shop, that one.
pub(super) async fn shops(task: &Task) -> Result<Vec<Shop>, Failure> {
    let mut shops = shop::list(&task.work.db, task.store.id).await?;
    let text = |name: &str| task.values.text(name);
    let named = text("shop").or(text("catalogId")).or(Some(&*task.work.run.shop_id)).filter(|name| !name.is_empty());
    if let Some(name) = named {
        shops.retain(|shop| shop.name == name);
        if shops.is_empty() {
            return Err(Failure::permanent(reason::BAD_PARAMETERS, format!("This store has no shop \"{name}\".")));
        }
    }
    Ok(shops)
}

/// The adapter of a shop; a shop that cannot be opened is known to be so afterwards.
pub(super) async fn open(task: &Task, shop: &Shop) -> Result<Arc<dyn Adapter>, SyncError> {
    match doors::open(&task.work.db, shop).await {
        Ok(adapter) => Ok(adapter),
        Err(error) => {
            note_trouble(&task.work.db, shop, &error).await?;
            Err(error.into())
        }
    }
}

async fn one(task: &Task, shop: &Shop, request: &Request) -> Result<Report, SyncError> {
    let adapter = open(task, shop).await?;
    let work = &task.work;
    let place = Place { db: &work.db, store: &task.store, shop, adapter: &*adapter, token: &work.token };
    sync(place, request, &Now(task.clock, &work.db), &|done, of| work.progress(done, of)).await
}

/// Our ids of the products that the run is limited to.
pub(super) async fn products(task: &Task) -> Result<Option<Vec<i64>>, Failure> {
    let skus = task.values.texts("productId");
    if skus.is_empty() {
        return Ok(None);
    }
    let sql = text!(task.work.db, "SELECT id FROM product WHERE sku IN ", TEXTS);
    let named = json!(skus).to_string();
    let ids: Vec<(i64,)> = on!(&task.work.db, p => sqlx::query_as(sql).bind(&named).fetch_all(p).await)?;
    if ids.len() < skus.len() {
        let message = "A product that was named is not known. Nothing was sent.";
        return Err(Failure::permanent(reason::BAD_PARAMETERS, message));
    }
    Ok(Some(ids.into_iter().map(|(id,)| id).collect()))
}

/// The sum over all shops. One that fails as a whole makes the run partial, unless all do.
fn summed_up(task: &Task, outcomes: Vec<(&Shop, Result<Report, SyncError>)>) -> Result<Done, Failure> {
    let (mut counts, mut shops, mut failures) = (Counts::default(), Vec::new(), Vec::new());
    let all = outcomes.len();
    for (shop, outcome) in outcomes {
        match outcome {
            Ok(report) => {
                let skipped = report.unknown + report.waiting + report.refused_before + report.not_linked;
                counts = counts.plus(Counts {
                    examined: report.confirmed + report.unchanged + report.failed + skipped,
                    changed: report.confirmed,
                    unchanged: report.unchanged,
                    failed: report.failed,
                    skipped,
                });
                if report.stale {
                    let text =
                        format!("{}: the lists are too old to act on; only passed dates are taken off.", shop.name);
                    task.work.log(Level::Warn, text);
                }
                shops.push(Synced { shop: shop.name.clone(), report });
            }
            Err(error) => {
                task.work.log(Level::Error, format!("{}: {error}", shop.name));
                counts.examined += 1;
                counts.failed += 1;
                failures.push(error);
            }
        }
    }
    if failures.len() == all
        && let Some(error) = failures.into_iter().next()
    {
        return Err(failure(error));
    }
    Ok(Done { counts, result: Some(json!({ "shops": shops })) })
}

/// What a run keeps of one shop.
#[derive(Serialize)]
struct Synced {
    shop: String,
    #[serde(flatten)]
    report: Report,
}

pub(super) fn failure(error: SyncError) -> Failure {
    let message = error.to_string();
    match error {
        SyncError::Store(error) => Failure::from(&error),
        SyncError::Brake(_) => Failure::permanent("BRAKE", message),
        SyncError::AtWork => Failure::transient("AT_WORK", message),
        SyncError::Shop(ShopError::Away(_)) => Failure::transient("SHOP_AWAY", message),
        SyncError::Shop(ShopError::Stopped) => Failure::from(&StoreError::Replaced),
        SyncError::Shop(ShopError::Disconnected(_)) => Failure::permanent("DISCONNECTED", message),
        SyncError::Shop(ShopError::Blocked(_)) => Failure::permanent("BLOCKED", message),
        SyncError::Shop(ShopError::Answer(_)) => Failure::permanent("SHOP", message),
    }
}
