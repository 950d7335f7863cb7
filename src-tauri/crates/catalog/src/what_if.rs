//! What the rules would say if something were different: the same facts with a few of them changed, the same `decide`,
//! nothing written.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use presell_store::Db;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::rules::{FacilityStock, Line, Status};
use crate::stores::{Store, StoresError};
use crate::why::{Answer, Known, Why, gather};

/// The purchase order of a line that does not exist.
pub const IMAGINED: &str = "NEW";

/// What to imagine. Everything else stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[ts(rename = "ImaginedChanges", optional_fields)]
pub struct Changes {
    /// The purchase order of the line to change; none: the line that counts, else the first one in turn. A product without
    /// a line gets an imagined one.
    pub purchase_order: Option<String>,
    /// The number of that line; needed with a purchase order.
    pub line: Option<i64>,
    /// The line promises this day.
    pub promise_date: Option<NaiveDate>,
    /// Pieces ordered on the line.
    pub quantity: Option<i64>,
    /// Pieces received of it.
    pub received: Option<i64>,
    /// Pieces of it kept back.
    pub buffer: Option<i64>,
    /// A new style, or a known product.
    pub new_style: Option<bool>,
    /// Pieces in the facilities of the web shop, in all.
    pub stock: Option<i64>,
    /// Taken out of pre-selling, or not.
    pub excluded: Option<bool>,
    /// It is this day.
    pub today: Option<NaiveDate>,
}

impl Changes {
    fn line_changes(&self) -> bool {
        self.promise_date.is_some()
            || self.quantity.is_some()
            || self.received.is_some()
            || self.buffer.is_some()
            || self.new_style.is_some()
    }
}

/// What would be, beside what is.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Imagined {
    /// As it is.
    pub now: Why,
    /// As it would be.
    pub then: Why,
    /// What differs.
    pub differences: Vec<Difference>,
}

/// One thing that would be different.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "ImaginedDifference")]
pub struct Difference {
    /// What.
    pub what: Aspect,
    /// As it is; none: nothing.
    pub now: Option<String>,
    /// As it would be; none: nothing.
    pub then: Option<String>,
}

/// What can differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "ImaginedAspect")]
pub enum Aspect {
    /// Listed, not listed, undetermined.
    Decision,
    /// The list.
    Category,
    /// The first reason.
    Reason,
    /// The day that customers are told.
    PromiseDate,
    /// The purchase order it comes from.
    PurchaseOrder,
    /// Pieces to publish.
    Cap,
    /// Pieces that the web shop sells from stock.
    Stock,
}

/// Why not.
#[derive(Debug, thiserror::Error)]
pub enum WhatIfError {
    /// No product has this SKU.
    #[error("No product has the SKU \"{0}\".")]
    UnknownSku(String),
    /// The product has no such line.
    #[error("This product is not on line {line} of {purchase_order}.")]
    UnknownLine {
        /// The purchase order.
        purchase_order: String,
        /// The line.
        line: i64,
    },
    /// The store or the database.
    #[error(transparent)]
    Stores(#[from] StoresError),
}

/// What the rules say of a product now, and with these changes.
pub async fn what_if(
    db: &Db,
    store: &Store,
    sku: &str,
    changes: &Changes,
    now: DateTime<Utc>,
) -> Result<Imagined, WhatIfError> {
    let mut tx = db.begin_read().await.map_err(StoresError::from)?;
    let known = gather(&mut tx, store, sku, now).await;
    tx.rollback().await.map_err(StoresError::from)?;
    let known = known?.ok_or_else(|| WhatIfError::UnknownSku(sku.to_owned()))?;
    let mut imagined = known.clone();
    imagine(&mut imagined, changes)?;
    let (now, then) = (known.answer(), imagined.answer());
    let differences = differences(&now, &then);
    Ok(Imagined { now, then, differences })
}

fn imagine(known: &mut Known, changes: &Changes) -> Result<(), WhatIfError> {
    if changes.line_changes() || changes.purchase_order.is_some() {
        let at = line_to_change(known, changes)?;
        let line = &mut known.facts.lines[at];
        line.promise_date = changes.promise_date.or(line.promise_date);
        line.ordered = changes.quantity.unwrap_or(line.ordered);
        line.received = changes.received.unwrap_or(line.received);
        line.buffer = changes.buffer.unwrap_or(line.buffer);
        line.is_new = changes.new_style.unwrap_or(line.is_new);
    }
    if let Some(pieces) = changes.stock {
        let all = FacilityStock { facility: "".into(), atp: Some(pieces), as_of: Some(known.now), left_out: None };
        known.facts.stock.facilities = vec![all];
    }
    known.facts.excluded = changes.excluded.unwrap_or(known.facts.excluded);
    known.today = changes.today.unwrap_or(known.today);
    Ok(())
}

/// The position of the line to change.
fn line_to_change(known: &mut Known, changes: &Changes) -> Result<usize, WhatIfError> {
    if let Some(purchase_order) = &changes.purchase_order {
        let line = changes.line.unwrap_or(1);
        let named = |l: &Line| *l.purchase_order == **purchase_order && l.line_no == line;
        let unknown = || WhatIfError::UnknownLine { purchase_order: purchase_order.clone(), line };
        return known.facts.lines.iter().position(named).ok_or_else(unknown);
    }
    let decision = known.decide();
    let active = decision.lines.iter().find(|line| line.qualifies).or(decision.lines.first());
    if let Some(verdict) = active {
        return Ok(verdict.index);
    }
    known.facts.lines.push(imagined_line(known));
    Ok(known.facts.lines.len() - 1)
}

/// A line for a product that has none: agreed with the supplier, for this store, nothing received or sold of it.
fn imagined_line(known: &Known) -> Line {
    Line {
        id: 0,
        purchase_order: Arc::from(IMAGINED),
        line_no: 1,
        facility: Arc::from(""),
        po_status: Status::Approved,
        line_status: Status::Approved,
        closed_by_system: false,
        in_scope: true,
        shared: false,
        is_new: false,
        ordered: 0,
        received: 0,
        cancelled: 0,
        buffer: 0,
        allocated: 0,
        promise_date: Some(known.today),
    }
}

fn differences(now: &Why, then: &Why) -> Vec<Difference> {
    let pair = |what, of: &dyn Fn(&Why) -> Option<String>| Difference { what, now: of(now), then: of(then) };
    let pieces = |n: Option<i64>| n.map(|n| n.to_string());
    let all = [
        pair(Aspect::Decision, &|why| Some(decision(why.decision).to_owned())),
        pair(Aspect::Category, &|why| why.category.map(|list| list.to_string())),
        pair(Aspect::Reason, &|why| why.reasons.first().map(|code| code.to_string())),
        pair(Aspect::PromiseDate, &|why| why.promise_date.map(|date| date.to_string())),
        pair(Aspect::PurchaseOrder, &|why| why.purchase_order.clone()),
        pair(Aspect::Cap, &|why| pieces(why.cap)),
        pair(Aspect::Stock, &|why| pieces(why.stock.online_atp)),
    ];
    all.into_iter().filter(|d| d.now != d.then).collect()
}

fn decision(answer: Answer) -> &'static str {
    match answer {
        Answer::Listed => "LISTED",
        Answer::NotListed => "NOT_LISTED",
        Answer::Undetermined => "UNDETERMINED",
    }
}
