//! The two lists: bring them up to date, read them, ask why, and keep products out of them.

mod brake;
mod browse;
mod export;
mod imagine;
mod words;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Instant;

use chrono::NaiveDate;
use presell_catalog::listings::{Listed, listings};
use presell_catalog::refresh::{Outcome, RefreshError};
use presell_catalog::rules::Class;
use presell_catalog::stores;
use presell_catalog::why::{Why, why};
use presell_jobs::Caller;
use presell_jobs::catalog::refresh_catalog;
use presell_scheduler::{Run, RunState};
use presell_shops::matrix::{InShop, in_shops};
use presell_shops::shop;
use presell_store::on;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use ts_rs::TS;

use crate::jobs::fields;
use crate::runs::execute;
use crate::{App, Error, Result};

pub use brake::{BrakeState, StoppedRun, brake_state};
pub use browse::{
    BrowseCatalog, BrowsedCatalog, InShops, ShopColumn, ShowComing, WorkOutReasons, browse_catalog, catalog_in_shops,
    coming, work_out_reasons,
};
pub use export::{CatalogExported, ExportCatalog, export_catalog};
pub use imagine::{WhatIf, what_if};
pub use words::{CheckWords, LeftOutWords, ReasonWords, TermWords, Words, catalog_words};

/// A refresh to make.
#[derive(Clone, Debug, Default, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct RefreshCatalog {
    /// Show what would change and change nothing.
    pub dry_run: bool,
    /// Look at every product, not only at those that something happened to.
    pub full: bool,
    /// Look only at these SKUs; empty: no such limit.
    pub skus: Vec<String>,
    /// Judge as if it were this day; only with `dry_run`.
    pub as_of: Option<NaiveDate>,
    /// Somebody has looked at the removals and agrees.
    pub confirm: bool,
    /// Percent of the lists that may be removed unasked; none: the store's setting.
    pub max_change_percent: Option<i64>,
    /// How many changes of each kind to return in full; all are counted.
    pub list_changes: usize,
}

/// What a refresh did, or would do.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Refreshed {
    /// Key of the run.
    pub run_id: i64,
    /// What changed.
    #[serde(flatten)]
    pub outcome: Outcome,
    /// How long it took, in milliseconds.
    pub duration_ms: u64,
}

/// Brings the two lists in line with stock, purchase orders and orders.
pub async fn refresh_catalog(app: &App, args: RefreshCatalog) -> Result<Refreshed> {
    let started = Instant::now();
    let mut parameters = Map::new();
    parameters.insert("dryRun".to_owned(), json!(args.dry_run));
    parameters.insert("full".to_owned(), json!(args.full));
    parameters.insert("confirm".to_owned(), json!(args.confirm));
    if !args.skus.is_empty() {
        parameters.insert("productId".to_owned(), json!(args.skus));
    }
    if let Some(percent) = args.max_change_percent {
        parameters.insert("maxChangePercent".to_owned(), json!(percent));
    }
    if let Some(day) = args.as_of {
        parameters.insert("asOf".to_owned(), json!(day));
    }
    if args.as_of.is_some() && !args.dry_run {
        return Err(RefreshError::AsOfWithoutDryRun.into());
    }
    let job = &refresh_catalog::DEFINITION;
    let parameters = fields::parameters(job, &parameters, Map::new()).map_err(Error::fields)?;
    let params = Value::Object(parameters).to_string();
    let caller = Arc::new(Caller::new(args.list_changes));
    let run = execute(app, job, params, args.dry_run, caller.clone(), app.interrupted()).await?;
    let duration_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    match caller.take() {
        Some(Err(error)) => Err(error.into()),
        Some(Ok(mut outcome)) if run.state == RunState::Finished => {
            // The run keeps a few for its history, also where none was asked for.
            let mut listed: HashMap<&str, usize> = HashMap::new();
            outcome.changes.retain(|change| {
                let so_far = listed.entry(change.change).or_default();
                *so_far += 1;
                *so_far <= args.list_changes
            });
            Ok(Refreshed { run_id: run.id, outcome, duration_ms })
        }
        _ => Err(Error::failed(unfinished(&run))),
    }
}

/// Why a run came to no end of its own.
fn unfinished(run: &Run) -> String {
    match (&run.error, run.state) {
        (Some(error), _) => error.clone(),
        (None, RunState::Cancelled) => "The refresh was stopped. Nothing was changed.".to_owned(),
        (None, state) => format!("The refresh came to no end ({state}). Nothing was changed; try again."),
    }
}

/// Which listed products to show.
#[derive(Clone, Debug, Default, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct ListCatalog {
    /// Only this list.
    pub category: Option<Class>,
    /// Words to find in SKU, title or purchase order.
    pub search: Option<String>,
}

/// The listed products by promise date, then SKU.
pub async fn list_catalog(app: &App, args: ListCatalog) -> Result<Vec<Listed>> {
    Ok(listings(&app.db, &app.store().await?, args.category, args.search.as_deref()).await?)
}

/// A product to explain.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Explain {
    /// Its SKU.
    pub sku: String,
}

/// Why a product is listed or not, and what the shops show of it.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Explained {
    /// What the rules say, with every check and every number.
    #[serde(flatten)]
    pub why: Why,
    /// The product in each shop of the store, by the shop's name.
    pub shops: Vec<InShop>,
}

/// Why a product is listed or not, with every check, every number and what happened before; and what the shops show.
pub async fn explain(app: &App, args: Explain) -> Result<Explained> {
    let (store, now) = (app.store().await?, app.now().await?);
    match why(&app.db, &store, args.sku.trim(), now).await? {
        Some(why) => {
            let shops = shop::list(&app.db, store.id).await?;
            let shops = in_shops(&app.db, &store, &shops, &why.sku, now).await?;
            Ok(Explained { why, shops })
        }
        None => Err(unknown_sku(app, args.sku.trim()).await?),
    }
}

/// Products to keep out of pre-selling, or to let in again.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ExcludeProducts {
    /// Their SKUs.
    pub skus: Vec<String>,
    /// Keep out, or let in again.
    pub excluded: bool,
}

/// What was asked for is done; the next refresh shows it in the lists.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Excluded {
    /// The products.
    pub skus: Vec<String>,
    /// Kept out, or let in again.
    pub excluded: bool,
}

/// Keeps products out of pre-selling, or lets them in again: all of them, or none if a SKU is not known.
pub async fn exclude_products(app: &App, args: ExcludeProducts) -> Result<Excluded> {
    let (store, now) = (app.store().await?, app.now().await?);
    let unknown = stores::exclude(&app.db, &store, &args.skus, args.excluded, &app.actor, now).await?;
    match unknown.first() {
        None => {
            app.facts_changed().await?;
            Ok(Excluded { skus: args.skus, excluded: args.excluded })
        }
        Some(sku) if unknown.len() == 1 => Err(unknown_sku(app, sku).await?),
        Some(_) => Err(Error::NotFound {
            message: format!("No products have these SKUs: {}. Nothing was changed.", unknown.join(", ")),
        }),
    }
}

/// Says that no product has a SKU, and names up to three that look like it.
async fn unknown_sku(app: &App, sku: &str) -> Result<Error> {
    let sql = "SELECT sku FROM product WHERE lower(sku) LIKE '%' || lower($1) || '%' ORDER BY length(sku), sku LIMIT 3";
    let similar: Vec<(String,)> = on!(&app.db, p => sqlx::query_as(sql).bind(sku).fetch_all(p).await)?;
    let similar: Vec<String> = similar.into_iter().map(|s| s.0).collect();
    let next = if similar.is_empty() || sku.is_empty() {
        "Check how it is written; SKUs come in with the files you import.".to_owned()
    } else {
        format!("Did you mean {}?", similar.join(" or "))
    };
    Ok(Error::NotFound { message: format!("No product has the SKU \"{sku}\". {next}") })
}
