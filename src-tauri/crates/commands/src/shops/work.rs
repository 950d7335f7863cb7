//! What is asked of shops themselves.

use std::sync::Arc;

use presell_jobs::find as find_job;
use presell_jobs::shops::doors;
use presell_scheduler::RunState;
use presell_shops::adapter::{Adapter, Answers, ShopError};
use presell_shops::drift::DriftReport;
use presell_shops::link::{LinkError, Linked, Which, link};
use presell_shops::shop::{Lease, Shop, note_answers, note_trouble};
use presell_shops::sync::{Place, Report};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use ts_rs::TS;

use super::{NamedShop, ShopView, find, shop_of};
use crate::runs::execute;
use crate::{App, Error, Result};

/// What a test of a shop came to.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ShopTested {
    /// What it said.
    pub answers: Answers,
    /// The shop now.
    pub shop: ShopView,
}

/// Asks a shop who it is and whether the access suffices. It writes nothing there.
pub async fn test_shop(app: &App, args: NamedShop) -> Result<ShopTested> {
    let shop = find(app, &args.name).await?;
    let answers = match open(app, &shop).await?.test().await {
        Ok(answers) => answers,
        Err(error) => return Err(troubled(app, &shop, error).await?),
    };
    note_answers(&app.db, &shop, &answers).await?;
    app.changed().await;
    Ok(ShopTested { answers, shop: shop_of(app, find(app, &args.name).await?).await? })
}

async fn open(app: &App, shop: &Shop) -> Result<Arc<dyn Adapter>> {
    match doors::open(&app.db, shop).await {
        Ok(adapter) => Ok(adapter),
        Err(error) => Err(troubled(app, shop, error).await?),
    }
}

/// Keeps what is wrong with a shop, and says it.
async fn troubled(app: &App, shop: &Shop, error: ShopError) -> Result<Error> {
    note_trouble(&app.db, shop, &error).await?;
    app.changed().await;
    Ok(Error::Refused { message: error.to_string() })
}

/// Looks all products of the lists up in the shop anew.
pub async fn link_shop(app: &App, args: NamedShop) -> Result<Linked> {
    let shop = find(app, &args.name).await?;
    let adapter = open(app, &shop).await?;
    let at_work = "A sync is at work on this shop. Try again when it has ended.";
    let Some(lease) = Lease::take(&app.db, shop.id, 0).await? else {
        return Err(Error::Refused { message: at_work.to_owned() });
    };
    let (store, token, now) = (app.store().await?, Default::default(), app.now().await?);
    let place = Place { db: &app.db, store: &store, shop: &shop, adapter: &*adapter, token: &token };
    let linked = link(place, &lease, Which::Again, now).await;
    lease.give_back(&app.db).await?;
    app.changed().await;
    match linked {
        Ok(linked) => Ok(linked),
        Err(LinkError::Shop(error)) => Err(troubled(app, &shop, error).await?),
        Err(LinkError::Store(error)) => Err(error.into()),
    }
}

/// How a shop is to be synced.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SyncShop {
    /// The shop.
    pub name: String,
    /// Nothing is sent.
    #[serde(default)]
    pub dry_run: bool,
    /// You have looked at what would be taken off and agree to it.
    #[serde(default)]
    pub confirm: bool,
    /// What failed for good is tried again.
    #[serde(default)]
    pub retry: bool,
}

/// What a sync came to.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ShopSynced {
    /// The run.
    pub run_id: i64,
    /// What it came to.
    #[serde(flatten)]
    pub report: Report,
}

/// Brings a shop in line with the lists, here and now.
pub async fn sync_shop(app: &App, args: SyncShop) -> Result<ShopSynced> {
    let params = json!({ "shop": args.name, "everything": true, "confirm": args.confirm, "includeAll": args.retry,
        "dryRun": args.dry_run });
    let (run_id, result) = worked(app, &args.name, "JOB_PREORDER_CAT_SYC", params, args.dry_run).await?;
    let report = serde_json::from_value(result["shops"][0].clone())
        .map_err(|error| Error::failed(format!("What run {run_id} came to cannot be read: {error}.")))?;
    app.changed().await;
    Ok(ShopSynced { run_id, report })
}

/// Reads back what a shop shows and compares it with what was written there. It writes nothing there.
pub async fn check_drift(app: &App, args: NamedShop) -> Result<DriftReport> {
    let (run, result) = worked(app, &args.name, "PS_DRIFT_CHECK", json!({ "shop": args.name }), false).await?;
    app.changed().await;
    // A shop that did not answer has nothing to say; that is not the same as nothing to complain about.
    serde_json::from_value(result["shops"][0]["drift"].clone()).map_err(|_| Error::Refused {
        message: format!(
            "The shop could not be read back. The log of run {run} says why; test the shop, then try again."
        ),
    })
}

/// Runs a job of shops here, and returns its number and what it reported.
async fn worked(app: &App, shop: &str, job: &str, params: Value, beside: bool) -> Result<(i64, Value)> {
    find(app, shop).await?;
    let Some(job) = find_job(job) else { return Err(Error::failed(format!("There is no job {job}."))) };
    let run = execute(app, job, params.to_string(), beside, Arc::default(), app.interrupted()).await?;
    match run.state {
        RunState::Finished | RunState::Partial => {
            let result = run.result.as_deref().and_then(|result| serde_json::from_str(result).ok());
            Ok((run.id, result.unwrap_or_default()))
        }
        _ => {
            let message = run.error.unwrap_or_else(|| "The sync was stopped.".to_owned());
            // The brake is a question; whoever asked says yes with `confirm`.
            Err(match run.reason.as_deref() {
                Some("BRAKE") => Error::Questions { message, questions: Vec::new() },
                _ => Error::Refused { message },
            })
        }
    }
}
