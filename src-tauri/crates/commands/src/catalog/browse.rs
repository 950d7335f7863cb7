//! The page Catalog: every product, filtered and counted; what is coming; and the reasons that the filter needs.

use std::time::Duration;

use presell_catalog::browse::{self, CatalogPage, List, Query, Sort};
use presell_catalog::coming::{self, Coming};
use presell_catalog::rules::UnknownCode;
use presell_catalog::standing::{self, ReasonsProgress};
use serde::Deserialize;
use ts_rs::TS;

use crate::{App, Error, Field, Result};

/// Which products to show.
#[derive(Clone, Debug, Default, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[ts(optional_fields = nullable)]
pub struct BrowseCatalog {
    /// All, one list, or those in neither.
    pub list: List,
    /// Only those that this keeps out, e.g. `DATE_PASSED`.
    pub reason: Option<String>,
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

/// One page of the catalog, with the counts of lists and reasons.
pub async fn browse_catalog(app: &App, args: BrowseCatalog) -> Result<CatalogPage> {
    Ok(browse::browse(&app.db, &app.store().await?, &query(args)?).await?)
}

/// The query that a request asks.
pub(super) fn query(args: BrowseCatalog) -> Result<Query> {
    let unknown =
        |error: UnknownCode| Error::fields(vec![Field { name: "reason".to_owned(), message: error.to_string() }]);
    Ok(Query {
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
