//! The catalog as a page shows it: every product with its list or the reason why it is in none, filtered, searched, sorted
//! and counted by the database.

mod count;
mod filter;
mod rows;

use presell_store::{Db, Tx};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::rules::Code;
use crate::standing;
use crate::stores::{Store, StoresError};

pub use count::{Counts, ReasonCount, Waiting};
pub use rows::Row;

/// Most rows of one page.
const MOST: i64 = 10_000;

/// Which products.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "CatalogList")]
pub enum List {
    /// All of them.
    #[default]
    All,
    /// New styles that can be ordered ahead.
    PreOrder,
    /// Known products on their way back.
    Backorder,
    /// Those in neither list.
    NotListed,
}

/// In which order. What is equal comes in the order in which products came to be known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "CatalogSort")]
pub enum Sort {
    /// By SKU.
    #[default]
    Sku,
    /// By the date customers are told, the next one first.
    PromiseDate,
    /// By pieces left to sell, the fewest first.
    Left,
    /// By the time they came into their list, the latest first.
    Since,
}

/// What to show.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// Which products.
    pub list: List,
    /// Only those whose first reason this is.
    pub reason: Option<Code>,
    /// Only those with one of these keys, as somebody found them who knows more of products than the catalog does.
    pub only: Option<Vec<i64>>,
    /// Words that must all be found: in SKU or title, or at the beginning of a purchase order that brings the product.
    pub search: String,
    /// In which order.
    pub sort: Sort,
    /// The other way round.
    pub descending: bool,
    /// How many rows, at most 10,000.
    pub limit: i64,
    /// How many to leave out before.
    pub offset: i64,
}

/// A page of the catalog.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CatalogPage {
    /// Products that match.
    pub total: i64,
    /// Products of the store by list, whatever the query.
    pub counts: Counts,
    /// How many products each reason keeps out, the most frequent first.
    pub reasons: Vec<ReasonCount>,
    /// Products whose reasons are not worked out yet, or have to be anew.
    pub due: i64,
    /// What the lists do not show yet.
    pub waiting: Waiting,
    /// The zone of the store's days, for times.
    pub zone: String,
    /// The rows.
    pub rows: Vec<Row>,
}

/// One page of the catalog.
pub async fn browse(db: &Db, store: &Store, query: &Query) -> Result<CatalogPage, StoresError> {
    let mut tx = db.begin_read().await?;
    let page = read(&mut tx, store, query).await;
    tx.rollback().await?;
    page
}

async fn read(tx: &mut Tx, store: &Store, query: &Query) -> Result<CatalogPage, StoresError> {
    let round = standing::round(tx, store).await?;
    let counts = count::counts(tx, store).await?;
    let (reasons, current) = count::reasons(tx, store, round).await?;
    let filter = filter::Filter::of(tx, query).await?;
    let total = match filter.known_total(&counts, &reasons) {
        Some(total) => total,
        None => filter.count(tx, store).await?,
    };
    let ids = filter.page(tx, store, query.limit.clamp(0, MOST), query.offset.max(0)).await?;
    let rows = rows::rows(tx, store, round, &ids).await?;
    let waiting = count::waiting(tx, store).await?;
    Ok(CatalogPage {
        total,
        due: (counts.products - current).max(0),
        counts,
        reasons,
        waiting,
        zone: store.zone.name().to_owned(),
        rows,
    })
}
