//! Why a product is listed or not: the same `decide` as the refresh, with every check, every term, and the history.

use chrono::{DateTime, NaiveDate, Utc};
use presell_store::{Db, StoreError, Tx, instant, within};
use serde::Serialize;
use ts_rs::TS;

use crate::facts;
use crate::rules::{
    self, Change, Class, Code, Decision, FacilityStock, LeftOut, LineVerdict, Member, Needs, ProductFacts, Rule, Term,
    Value, Verdict, counted, decide,
};
use crate::settings::Settings;
use crate::stores::{self, Store, StoresError};

/// The whole answer.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Why {
    /// The product.
    pub sku: String,
    /// Its name; empty if no file gave one.
    pub title: String,
    /// What the rules say now.
    pub decision: Answer,
    /// The list it belongs to; none unless it should be listed.
    pub category: Option<Class>,
    /// The date to promise; none unless it should be listed.
    pub promise_date: Option<NaiveDate>,
    /// The purchase order that brings it; none unless it should be listed.
    pub purchase_order: Option<String>,
    /// Pieces to publish; none unless it should be listed.
    pub cap: Option<i64>,
    /// Why it should not be listed, most important first.
    pub reasons: Vec<Code>,
    /// Where it stands in the catalog now; none if it is in neither list.
    pub listed_now: Option<Place>,
    /// What the next refresh will do: `ADD`, `MOVE`, `UPDATE`, `REMOVE` or `KEEP`.
    pub next_change: &'static str,
    /// The stock the web shop can sell.
    pub stock: StockWhy,
    /// Its purchase order lines, in the order in which they compete.
    pub lines: Vec<LineWhy>,
    /// What happened to its listing, newest first.
    pub history: Vec<Past>,
}

/// What the rules say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Answer {
    /// It should be listed.
    Listed,
    /// It should not.
    NotListed,
    /// Its stock is unknown, so nothing is changed.
    Undetermined,
}

/// A place in one of the lists.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Place {
    /// The list.
    pub category: Class,
    /// The date customers are told.
    pub promise_date: NaiveDate,
    /// Pieces published.
    pub cap: i64,
}

/// Online stock with its terms.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct StockWhy {
    /// At least one facility has a usable record.
    pub known: bool,
    /// Pieces the web shop can sell; none if unknown.
    pub online_atp: Option<i64>,
    /// With more pieces than this it sells from stock, and is not listed.
    pub enough: i64,
    /// How the number came about.
    pub terms: Vec<Term>,
    /// Each facility, with what it brings in or why it brings nothing.
    pub facilities: Vec<FacilityWhy>,
}

/// One facility's part.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FacilityWhy {
    /// The facility.
    pub facility: String,
    /// Pieces on its record; none if it has no record.
    pub atp: Option<i64>,
    /// When the record was true.
    pub as_of: Option<DateTime<Utc>>,
    /// Why it does not count, if it does not.
    pub left_out: Option<LeftOut>,
}

/// One purchase order line.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LineWhy {
    /// The purchase order.
    pub purchase_order: String,
    /// The line of it.
    pub line: i64,
    /// Where its goods go.
    pub facility: String,
    /// New style rather than a known product.
    pub is_new: bool,
    /// The date it promises.
    pub promise_date: Option<NaiveDate>,
    /// Whether it can carry a promise.
    pub qualifies: bool,
    /// It gives the product its list and date.
    pub active: bool,
    /// Pieces still to pre-sell.
    pub po_atp: i64,
    /// Pieces promised beyond what will come.
    pub oversold: i64,
    /// How the number came about.
    pub terms: Vec<Term>,
    /// Every check, passed or not.
    pub checks: Vec<CheckWhy>,
}

/// One check of a line.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CheckWhy {
    /// The question.
    pub check: Rule,
    /// The reason it gives when it fails.
    pub code: Code,
    /// Whether the line passed.
    pub passed: bool,
    /// What was found.
    pub value: Value,
    /// What it takes.
    pub needs: Needs,
}

/// One past change of the listing.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Past {
    /// When.
    pub at: DateTime<Utc>,
    /// `ADD`, `MOVE`, `UPDATE` or `REMOVE`.
    pub change: String,
    /// The list after it.
    pub category: Option<Class>,
    /// The date after it.
    pub promise_date: Option<NaiveDate>,
    /// The purchase order it came from.
    pub purchase_order: Option<String>,
    /// The line of it.
    pub line: Option<i64>,
    /// Pieces published after it.
    pub cap: Option<i64>,
    /// Why, for a removal.
    pub reasons: Vec<Code>,
    /// The run that made it.
    pub run_id: i64,
}

/// Why one product is listed or not, or none if no product has this SKU. `now` comes from the database's clock.
pub async fn why(db: &Db, store: &Store, sku: &str, now: DateTime<Utc>) -> Result<Option<Why>, StoresError> {
    let mut tx = db.begin_read().await?;
    let answer = read(&mut tx, store, sku, now).await;
    tx.rollback().await?;
    answer
}

async fn read(tx: &mut Tx, store: &Store, sku: &str, now: DateTime<Utc>) -> Result<Option<Why>, StoresError> {
    Ok(gather(tx, store, sku, now).await?.map(|known| known.answer()))
}

/// Everything that is known of one product, before the rules are asked.
#[derive(Clone)]
pub(crate) struct Known {
    pub(crate) sku: String,
    pub(crate) title: String,
    pub(crate) facts: ProductFacts,
    pub(crate) member: Option<Member>,
    pub(crate) settings: Settings,
    pub(crate) today: NaiveDate,
    pub(crate) now: DateTime<Utc>,
    history: Vec<Past>,
}

pub(crate) async fn gather(
    tx: &mut Tx,
    store: &Store,
    sku: &str,
    now: DateTime<Utc>,
) -> Result<Option<Known>, StoresError> {
    let sql = "SELECT id, sku, title FROM product WHERE sku = $1";
    let found: Option<(i64, String, String)> = within!(tx, c => sqlx::query_as(sql).bind(sku).fetch_optional(c).await)?;
    let Some((product, sku, title)) = found else { return Ok(None) };
    let settings = stores::settings(tx, store).await?;
    let facilities = facts::facilities(tx, store, now).await?;
    let lines = facts::lines_of(tx, store, &facilities, &[product]).await?;
    let (excluded, stock) = facts::stock_of(tx, store, &facilities, product).await?;
    let member = member(tx, store, product).await?;
    let lines = lines.into_iter().map(|(_, line)| line).collect();
    let facts = ProductFacts { listed: member.is_some(), excluded, lines, stock };
    let history = history(tx, store, product).await?;
    Ok(Some(Known { sku, title, facts, member, settings, today: store.today(now), now, history }))
}

impl Known {
    pub(crate) fn decide(&self) -> Decision {
        decide(&self.facts, &self.settings, self.today, self.now)
    }

    pub(crate) fn answer(self) -> Why {
        let decision = self.decide();
        let Known { sku, title, facts, member, settings, now, history, .. } = self;
        let listing = decision.listing();
        let active = listing.and_then(|l| facts.lines.iter().find(|line| line.id == l.line));
        Why {
            sku,
            title,
            decision: match decision.verdict {
                Verdict::Listed(_) => Answer::Listed,
                Verdict::NotListed => Answer::NotListed,
                Verdict::Undetermined(_) => Answer::Undetermined,
            },
            category: listing.map(|l| l.class),
            promise_date: listing.map(|l| l.promise_date),
            purchase_order: active.map(|line| line.purchase_order.to_string()),
            cap: listing.map(|l| l.cap),
            reasons: decision.reasons_for(member.as_ref()),
            listed_now: member.map(|m| Place { category: m.class, promise_date: m.promise_date, cap: m.cap }),
            next_change: match rules::plan(member.as_ref(), &decision).change {
                Change::Add(_) => "ADD",
                Change::Update { .. } => "UPDATE",
                Change::Move { .. } => "MOVE",
                Change::Remove(_) => "REMOVE",
                Change::Keep => "KEEP",
            },
            stock: StockWhy {
                known: decision.stock.atp().is_some(),
                online_atp: decision.stock.atp(),
                enough: settings.enough(facts.listed),
                terms: decision.stock.terms().to_vec(),
                facilities: facts.stock.facilities.iter().map(|f| facility(f, &settings, now)).collect(),
            },
            lines: decision.lines.iter().map(|v| line(&facts, v, listing.is_some_and(|l| l.line == v.line))).collect(),
            history,
        }
    }
}

fn facility(stock: &FacilityStock, settings: &Settings, now: DateTime<Utc>) -> FacilityWhy {
    let left_out = counted(stock, settings, now).err();
    FacilityWhy { facility: stock.facility.to_string(), atp: stock.atp, as_of: stock.as_of, left_out }
}

fn line(facts: &ProductFacts, verdict: &LineVerdict, active: bool) -> LineWhy {
    let line = &facts.lines[verdict.index];
    let checks = verdict.checks.iter();
    LineWhy {
        purchase_order: line.purchase_order.to_string(),
        line: line.line_no,
        facility: line.facility.to_string(),
        is_new: line.is_new,
        promise_date: line.promise_date,
        qualifies: verdict.qualifies,
        active,
        po_atp: verdict.atp.atp,
        oversold: verdict.atp.oversold,
        terms: verdict.atp.terms.to_vec(),
        checks: checks
            .map(|c| CheckWhy { check: c.rule, code: c.code, passed: c.passed, value: c.value, needs: c.needs })
            .collect(),
    }
}

async fn member(tx: &mut Tx, store: &Store, product: i64) -> Result<Option<Member>, StoresError> {
    let sql = "SELECT category, line_id, promise_date, cap FROM member WHERE store_id = $1 AND product_id = $2";
    let row: Option<(String, i64, NaiveDate, i64)> =
        within!(tx, c => sqlx::query_as(sql).bind(store.id).bind(product).fetch_optional(c).await)?;
    row.map(|(class, line, promise_date, cap)| {
        let class = class.parse().map_err(decode)?;
        Ok(Member { class, line, promise_date, cap })
    })
    .transpose()
}

async fn history(tx: &mut Tx, store: &Store, product: i64) -> Result<Vec<Past>, StoresError> {
    type Row = (i64, String, Option<String>, Option<NaiveDate>, Option<String>, Option<i64>, Option<i64>, String, i64);
    let sql = "SELECT at, change, category, promise_date, po_code, line_no, cap, reasons, run_id FROM decision
               WHERE product_id = $1 AND store_id = $2 ORDER BY id DESC";
    let rows: Vec<Row> = within!(tx, c => sqlx::query_as(sql).bind(product).bind(store.id).fetch_all(c).await)?;
    rows.into_iter()
        .map(|(at, change, category, promise_date, purchase_order, line, cap, reasons, run_id)| {
            Ok(Past {
                at: instant(at),
                change,
                category: category.map(|c| c.parse()).transpose().map_err(decode)?,
                promise_date,
                purchase_order,
                line,
                cap,
                reasons: serde_json::from_str(&reasons).map_err(decode)?,
                run_id,
            })
        })
        .collect()
}

fn decode(error: impl std::error::Error + Send + Sync + 'static) -> StoreError {
    StoreError::Sql(sqlx::Error::Decode(Box::new(error)))
}
