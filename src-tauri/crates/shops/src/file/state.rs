//! What the shop shows: one row a SKU. A row that left the lists stays and says so, since most imports of shops leave alone
//! what a file does not name.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, NaiveDate, Utc};
use presell_catalog::rules::Class;
use serde::{Deserialize, Serialize};

use crate::model::{Listing, Mark, Tags};
use crate::plan::{Op, Step};
use crate::settings::ShopSettings;
use crate::shopify::{NO_CAP, UNKNOWN_CAP};

/// One SKU, as it stands in the file. What somebody else wrote there is kept as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Row {
    /// The product above it; without one it is its own.
    #[serde(default)]
    pub(super) parent: String,
    /// `PRE_ORDER` or `BACKORDER`; none: it is not listed.
    #[serde(default)]
    pub(super) class: Option<String>,
    /// The day customers are told.
    #[serde(default)]
    pub(super) promise_date: Option<String>,
    /// Pieces that may still be sold.
    #[serde(default)]
    pub(super) quantity: Option<i64>,
    /// Whether the shop goes on selling it at stock zero.
    #[serde(default)]
    pub(super) sells_without_stock: bool,
    /// Tags of its product.
    #[serde(default)]
    pub(super) tags: BTreeSet<String>,
}

impl Row {
    /// What the row says as our mark.
    pub(super) fn mark(&self, settings: &ShopSettings) -> Mark {
        let Some(class) = &self.class else { return Mark::Inactive };
        let day = self.promise_date.as_deref().and_then(|day| day.parse::<NaiveDate>().ok());
        let cap = match settings.quantity_key.is_empty() {
            true => NO_CAP,
            false => self.quantity.unwrap_or(UNKNOWN_CAP),
        };
        match (class.parse::<Class>(), day) {
            (Ok(class), Some(promise_date)) => Mark::Active(Listing { class, promise_date, cap }),
            _ => Mark::Foreign(self.digest()),
        }
    }

    /// What somebody who replaces the mark has to have seen.
    pub(super) fn digest(&self) -> String {
        let quantity = self.quantity.map(|quantity| quantity.to_string());
        let parts = [self.class.as_deref(), self.promise_date.as_deref(), quantity.as_deref()];
        parts.map(Option::unwrap_or_default).join(" ")
    }

    fn says_something(&self) -> bool {
        self.class.is_some() || self.sells_without_stock || !self.tags.is_empty()
    }

    fn tags(&self, settings: &ShopSettings) -> Tags {
        let has = |tag: &str| self.tags.contains(tag);
        Tags { pre_order: has(&settings.pre_order_tag), backorder: has(&settings.backorder_tag) }
    }

    fn set(&mut self, listing: Option<Listing>, settings: &ShopSettings) {
        let counted = !settings.quantity_key.is_empty();
        self.class = listing.map(|l| l.class.as_str().to_owned());
        self.promise_date = listing.map(|l| l.promise_date.to_string());
        self.quantity = listing.filter(|_| counted).map(|l| l.cap);
    }
}

/// Everything the shop should show.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct State {
    /// The change that led here; none: nothing was written yet.
    pub(super) change: Option<String>,
    /// By SKU.
    pub(super) rows: BTreeMap<String, Row>,
}

/// As it is written.
#[derive(Serialize, Deserialize)]
struct Written {
    format: u32,
    #[serde(default)]
    change: Option<String>,
    #[serde(default)]
    at: Option<String>,
    listings: Vec<Listed>,
}

#[derive(Serialize, Deserialize)]
struct Listed {
    sku: String,
    #[serde(flatten)]
    row: Row,
}

/// The form of the files; raised if a reader of today could not read them any more.
pub(super) const FORMAT: u32 = 1;

impl State {
    /// Reads the file.
    pub(super) fn parse(bytes: &[u8]) -> Result<State, String> {
        let written: Written = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
        if written.format > FORMAT {
            return Err(format!("its format {} is of a newer Presell", written.format));
        }
        let rows = written.listings.into_iter().map(|listed| (listed.sku, listed.row)).collect();
        Ok(State { change: written.change, rows })
    }

    /// The file.
    pub(super) fn json(&self, at: DateTime<Utc>) -> Vec<u8> {
        let listings = self.rows.iter().map(|(sku, row)| Listed { sku: sku.clone(), row: row.clone() }).collect();
        let written =
            Written { format: FORMAT, change: self.change.clone(), at: Some(super::change::moment(at)), listings };
        serde_json::to_vec_pretty(&written).unwrap_or_default()
    }

    /// Tags by product: one is on if one of its rows has it.
    pub(super) fn tags(&self, settings: &ShopSettings) -> HashMap<&str, Tags> {
        let mut tags: HashMap<&str, Tags> = HashMap::new();
        for (sku, row) in &self.rows {
            let (own, all) = (row.tags(settings), tags.entry(parent_of(sku, row)).or_default());
            *all = Tags { pre_order: all.pre_order || own.pre_order, backorder: all.backorder || own.backorder };
        }
        tags
    }

    /// What is shown once these operations are done, all of them.
    pub(super) fn with(&self, ops: &[Op], settings: &ShopSettings) -> State {
        let mut after = self.clone();
        let mut below: HashMap<String, Vec<String>> = HashMap::new();
        for (sku, row) in &self.rows {
            below.entry(parent_of(sku, row).to_owned()).or_default().push(sku.clone());
        }
        for op in ops {
            match (op.step, &op.variant) {
                (Step::TagOn(class) | Step::TagOff(class), _) => {
                    let tag = settings.tag(class);
                    for sku in below.get(&op.parent).into_iter().flatten() {
                        let Some(row) = after.rows.get_mut(sku) else { continue };
                        match op.step {
                            Step::TagOn(_) => _ = row.tags.insert(tag.to_owned()),
                            _ => _ = row.tags.remove(tag),
                        }
                    }
                }
                (_, None) => {}
                (step, Some(sku)) => {
                    let lists = matches!(step, Step::Mark | Step::Remark | Step::Sell);
                    // What is taken off was there; of a SKU that nobody put there, nothing is said.
                    if !lists && !after.rows.contains_key(sku) {
                        continue;
                    }
                    let siblings = below.entry(op.parent.clone()).or_default();
                    let tags = siblings.first().and_then(|sibling| after.rows.get(sibling)).map(|row| row.tags.clone());
                    let row = after.rows.entry(sku.clone()).or_insert_with(|| {
                        siblings.push(sku.clone());
                        Row { parent: op.parent.clone(), tags: tags.unwrap_or_default(), ..Row::default() }
                    });
                    match step {
                        Step::Stop => row.sells_without_stock = false,
                        Step::Sell => row.sells_without_stock = true,
                        _ => row.set(op.listing, settings),
                    }
                }
            }
        }
        // A row that came and says nothing changes nothing.
        after.rows.retain(|sku, row| self.rows.contains_key(sku) || row.says_something());
        after
    }
}

fn parent_of<'a>(sku: &'a str, row: &'a Row) -> &'a str {
    if row.parent.is_empty() { sku } else { &row.parent }
}
