//! The page Catalog: every product, filtered and counted; what is coming; and the reasons that the filter needs.

use std::time::Duration;

use presell_catalog::browse::{self, CatalogPage, List, Query, Sort};
use presell_catalog::coming::{self, Coming};
use presell_catalog::rules::UnknownCode;
use presell_catalog::standing::{self, ReasonsProgress};
use presell_catalog::stores::Store;
use presell_shops::matrix::StateCount;
use presell_shops::{across, shop};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{App, Error, Field, Nothing, Result};

/// Which products to show.
#[derive(Clone, Debug, Default, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[ts(optional_fields = nullable)]
pub struct BrowseCatalog {
    /// All, one list, or those in neither.
    pub list: List,
    /// Only those that this keeps out, e.g. `DATE_PASSED`.
    pub reason: Option<String>,
    /// Only those that are in this state in at least one shop, e.g. `failed`.
    pub in_shops: Option<String>,
    /// Words to find in SKU or title, or at the beginning of a purchase order.
    pub search: String,
    /// In which order.
    pub sort: Sort,
    /// The other way round.
    pub descending: bool,
    /// How many rows, at most 10,000; none: 50.
    pub limit: Option<i64>,
    /// How many to leave out before.
    pub offset: i64,
}

/// A page of the catalog, with what the shops make of it.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "CatalogView")]
pub struct BrowsedCatalog {
    /// The page.
    #[serde(flatten)]
    pub page: CatalogPage,
    /// The shops of the store by name; none: none is connected, and there is nothing to say of them.
    pub shops: Vec<ShopColumn>,
}

/// How far the products of a page are in one shop.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ShopColumn {
    /// The shop.
    pub name: String,
    /// The state of each row, in their order: `listed`, `notListed`, `pending`, `failed`, `drifted`, `notLinked`,
    /// `ambiguous` or `unknown`.
    pub states: Vec<String>,
}

/// One page of the catalog, with the counts of lists and reasons, and how far its products are in the shops.
pub async fn browse_catalog(app: &App, args: BrowseCatalog) -> Result<BrowsedCatalog> {
    let (store, now) = (app.store().await?, app.now().await?);
    let page = browse::browse(&app.db, &store, &query(app, &store, args).await?).await?;
    let shops = shop::list(&app.db, store.id).await?;
    let skus: Vec<&str> = page.rows.iter().map(|row| &*row.sku).collect();
    let states = across::states(&app.db, &store, &shops, &skus, now).await?;
    let column = |(shop, states): (shop::Shop, Vec<String>)| ShopColumn { name: shop.name, states };
    Ok(BrowsedCatalog { shops: shops.into_iter().zip(states).map(column).collect(), page })
}

/// Products by their state in the shops.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "CatalogInShops")]
pub struct InShops {
    /// Products that are in a state in at least one shop, those states first that ask for somebody first.
    pub states: Vec<StateCount>,
}

/// How many products are in each state in at least one shop, those first that ask for somebody first.
pub async fn catalog_in_shops(app: &App, _: Nothing) -> Result<InShops> {
    let store = app.store().await?;
    let shops = shop::list(&app.db, store.id).await?;
    Ok(InShops { states: across::counts(&app.db, &store, &shops, app.now().await?).await? })
}

/// The query that a request asks.
pub(super) async fn query(app: &App, store: &Store, args: BrowseCatalog) -> Result<Query> {
    let unknown =
        |error: UnknownCode| Error::fields(vec![Field { name: "reason".to_owned(), message: error.to_string() }]);
    let only = match args.in_shops.as_deref() {
        None => None,
        Some(state) => {
            let shops = shop::list(&app.db, store.id).await?;
            Some(across::products_in(&app.db, store, &shops, state, app.now().await?).await?)
        }
    };
    Ok(Query {
        only,
        list: args.list,
        reason: args.reason.as_deref().map(str::parse).transpose().map_err(unknown)?,
        search: args.search,
        sort: args.sort,
        descending: args.descending,
        limit: args.limit.unwrap_or(50),
        offset: args.offset,
    })
}

/// Reasons to work out.
#[derive(Clone, Copy, Debug, Default, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct WorkOutReasons {
    /// Where the last call got to; 0: from the beginning.
    pub after: i64,
}

/// How long one call works; a page that waits for it stays alive.
const BUDGET: Duration = Duration::from_millis(400);

/// Works out why products are not listed, as many as it can in less than half a second. To be called again from where
/// it got to, until nothing is due.
pub async fn work_out_reasons(app: &App, args: WorkOutReasons) -> Result<ReasonsProgress> {
    let (store, now) = (app.store().await?, app.now().await?);
    Ok(standing::work_out(&app.db, &store, args.after, BUDGET, now).await?)
}

/// What is coming.
#[derive(Clone, Copy, Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ShowComing {
    /// For how many weeks, this one included; at most 104.
    pub weeks: u64,
}

/// Pieces on open purchase orders by week, beside what is sold of them already.
pub async fn coming(app: &App, args: ShowComing) -> Result<Coming> {
    Ok(coming::coming(&app.db, &app.store().await?, args.weeks, app.now().await?).await?)
}
