//! The refresh: brings the two lists in line with the facts. Facts are read set-wise, one pure `decide` judges each
//! product, `plan` compares with the member, and one transaction writes members, decisions and what is no longer dirty.

mod scope;
mod write;

use chrono::{DateTime, NaiveDate, NaiveTime, TimeZone, Utc};
use presell_store::{Db, StoreError, Tx};
use serde::Serialize;

use crate::facts::{self, Facilities, Reach};
use crate::rules::{self, Change, Class, Code, Decision, Line, Member, ProductFacts, decide, plan};
use crate::settings::Settings;
use crate::stores::{self, Store, StoresError};

pub use scope::Scope;

/// Products judged between two writes: enough to read set-wise, few enough to keep memory flat.
const BLOCK: usize = 20_000;
/// How often a refresh that met another writer starts again before it gives up.
const ATTEMPTS: u32 = 8;

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
    /// How many changes to return in full; all are counted and written.
    pub list_changes: usize,
}

/// What a refresh did, or would do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
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
    /// The changes, in the order of products, as many as were asked for.
    pub changes: Vec<Changed>,
}

/// One product whose listing changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
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

/// Refreshes the catalog of a store. `now` comes from the database's clock.
///
/// A refresh that meets another one on PostgreSQL starts again with fresh facts; nothing is done twice, since the first
/// attempt left no trace.
pub async fn refresh(db: &Db, store: &Store, request: &Request, now: DateTime<Utc>) -> Result<Outcome, RefreshError> {
    if request.as_of.is_some() && !request.dry_run {
        return Err(RefreshError::AsOfWithoutDryRun);
    }
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
    let settings = stores::settings(&mut tx, store).await?;
    let (today, now) = match request.as_of {
        Some(day) => (day, noon(store, day, now)),
        None => (store.today(now), now),
    };
    let scope = scope::resolve(&mut tx, store, &settings, request, today, now).await?;
    let mut work = Work {
        store,
        settings: &settings,
        facilities: facts::facilities(&mut tx, store, now).await?,
        request,
        today,
        now,
        reach: scope.reach,
        outcome: Outcome { examined: scope.examined, ..Outcome::default() },
    };
    work.judge(&mut tx).await?;
    let outcome = work.outcome;
    if request.dry_run {
        tx.rollback().await?;
        return Ok(outcome);
    }
    if !request.confirmed {
        stop_if_too_many_go(&mut tx, store, &settings, request, &outcome).await?;
    }
    scope::clean(&mut tx, store, &scope, today, now).await?;
    tx.commit().await?;
    Ok(outcome)
}

/// The brake. Dropping the transaction takes back what was written already.
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

/// A product to judge: its lines that could qualify, and its place in the catalog.
struct Candidate {
    product: i64,
    lines: Vec<Line>,
    member: Option<Member>,
}

/// A change to write, with the decision it came from.
struct Planned {
    product: i64,
    change: Change,
    decision: Decision,
    active: Option<Line>,
    reasons: Vec<Code>,
}

struct Work<'a> {
    store: &'a Store,
    settings: &'a Settings,
    facilities: Facilities,
    request: &'a Request,
    today: NaiveDate,
    now: DateTime<Utc>,
    reach: Reach,
    outcome: Outcome,
}

impl Work<'_> {
    async fn judge(&mut self, tx: &mut Tx) -> Result<(), RefreshError> {
        let lines = facts::live_lines(tx, self.store, &self.facilities, self.today, self.reach).await?;
        let members = facts::members(tx, self.store, self.reach).await?;
        let mut candidates = candidates(lines, members).peekable();
        while candidates.peek().is_some() {
            let block: Vec<Candidate> = candidates.by_ref().take(BLOCK).collect();
            self.judge_block(tx, block).await?;
        }
        let o = &mut self.outcome;
        o.unchanged = o.examined.saturating_sub(o.added + o.moved + o.updated + o.removed + o.undetermined);
        Ok(())
    }

    async fn judge_block(&mut self, tx: &mut Tx, block: Vec<Candidate>) -> Result<(), RefreshError> {
        let (Some(first), Some(last)) = (block.first(), block.last()) else { return Ok(()) };
        let range = (first.product, last.product);
        let stock =
            facts::stock_block(tx, self.store, &self.facilities, self.settings, self.now, range, self.reach).await?;
        let mut planned = Vec::new();
        let mut leaving = Vec::new();
        for Candidate { product, lines, member } in block {
            let (excluded, stock) = stock.of(product);
            let facts = ProductFacts { excluded, lines, stock };
            let decision = decide(&facts, self.settings, self.today, self.now);
            let plan = plan(member.as_ref(), &decision);
            match plan.change {
                Change::Keep if plan.warning.is_some() => self.outcome.undetermined += 1,
                Change::Keep => {}
                Change::Remove(_) => leaving.extend(member.map(|member| (product, member, facts))),
                Change::Add(to) | Change::Update { to, .. } | Change::Move { to, .. } => {
                    let active = facts.lines.into_iter().find(|line| line.id == to.line);
                    planned.push(Planned { product, change: plan.change, decision, active, reasons: Vec::new() });
                }
            }
        }
        self.explain_removals(tx, leaving, &mut planned).await?;
        planned.sort_by_key(|p| p.product);
        self.count(&planned);
        write::list_changes(tx, &mut self.outcome, &planned, self.request.list_changes).await?;
        if !self.request.dry_run {
            write::apply(tx, self.store, self.request.run_id, self.now, &planned).await?;
        }
        Ok(())
    }

    /// A removal needs its reasons, so its closed lines are read too and it is decided once more on all of them.
    async fn explain_removals(
        &self,
        tx: &mut Tx,
        leaving: Vec<(i64, Member, ProductFacts)>,
        planned: &mut Vec<Planned>,
    ) -> Result<(), RefreshError> {
        if leaving.is_empty() {
            return Ok(());
        }
        let products: Vec<i64> = leaving.iter().map(|(product, ..)| *product).collect();
        let lines = facts::lines_of(tx, self.store, &self.facilities, &products).await?;
        let mut lines = lines.into_iter().peekable();
        for (product, member, mut facts) in leaving {
            facts.lines.clear();
            while let Some((_, line)) = lines.next_if(|(p, _)| *p == product) {
                facts.lines.push(line);
            }
            let decision = decide(&facts, self.settings, self.today, self.now);
            let change = plan(Some(&member), &decision).change;
            let reasons = decision.reasons_for(Some(&member));
            let active = facts.lines.into_iter().find(|line| line.id == member.line);
            planned.push(Planned { product, change, decision, active, reasons });
        }
        Ok(())
    }

    fn count(&mut self, planned: &[Planned]) {
        for p in planned {
            match p.change {
                Change::Add(_) => self.outcome.added += 1,
                Change::Move { .. } => self.outcome.moved += 1,
                Change::Update { .. } => self.outcome.updated += 1,
                Change::Remove(_) => self.outcome.removed += 1,
                Change::Keep => {}
            }
        }
    }
}

/// Joins lines and members, both ascending by product.
fn candidates(lines: Vec<(i64, Line)>, members: Vec<(i64, Member)>) -> impl Iterator<Item = Candidate> {
    let mut lines = lines.into_iter().peekable();
    let mut members = members.into_iter().peekable();
    std::iter::from_fn(move || {
        let product = match (lines.peek(), members.peek()) {
            (Some((a, _)), Some((b, _))) => *a.min(b),
            (Some((a, _)), None) => *a,
            (None, Some((b, _))) => *b,
            (None, None) => return None,
        };
        let member = members.next_if(|(p, _)| *p == product).map(|(_, member)| member);
        let mut own = Vec::new();
        while let Some((_, line)) = lines.next_if(|(p, _)| *p == product) {
            own.push(line);
        }
        Some(Candidate { product, lines: own, member })
    })
}
