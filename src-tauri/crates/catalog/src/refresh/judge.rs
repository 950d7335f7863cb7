//! Judges products block by block: facts in, one decision each, changes out to be written.

use chrono::{DateTime, NaiveDate, Utc};
use presell_store::Tx;

use super::write;
use super::{Outcome, RefreshError, Request};
use crate::facts::{self, Facilities, Reach};
use crate::rules::{Change, Code, Decision, Line, Member, ProductFacts, decide, plan};
use crate::settings::Settings;
use crate::stores::Store;

/// Products judged between two writes: enough to read set-wise, few enough to keep memory flat.
const BLOCK: usize = 20_000;

/// A product to judge: its lines that could qualify, and its place in the catalog.
struct Candidate {
    product: i64,
    lines: Vec<Line>,
    member: Option<Member>,
}

/// A change to write, with the decision it came from.
pub(super) struct Planned {
    pub(super) product: i64,
    pub(super) change: Change,
    pub(super) decision: Decision,
    pub(super) active: Option<Line>,
    pub(super) reasons: Vec<Code>,
}

/// Rules to compare with instead of the lists as they stand: members are what these would make.
pub(super) struct Instead<'a> {
    pub(super) settings: &'a Settings,
    pub(super) today: NaiveDate,
}

pub(super) struct Work<'a> {
    pub(super) store: &'a Store,
    pub(super) settings: &'a Settings,
    pub(super) instead: Option<Instead<'a>>,
    pub(super) facilities: Facilities,
    pub(super) request: &'a Request,
    pub(super) today: NaiveDate,
    pub(super) now: DateTime<Utc>,
    pub(super) reach: Reach,
    pub(super) outcome: Outcome,
}

impl Work<'_> {
    pub(super) async fn judge(&mut self, tx: &mut Tx) -> Result<(), RefreshError> {
        let from = self.instead.as_ref().map_or(self.today, |instead| instead.today.min(self.today));
        let lines = facts::live_lines(tx, self.store, &self.facilities, from, self.reach).await?;
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

    async fn judge_block(&mut self, tx: &mut Tx, mut block: Vec<Candidate>) -> Result<(), RefreshError> {
        let (Some(first), Some(last)) = (block.first(), block.last()) else { return Ok(()) };
        let range = (first.product, last.product);
        if let Some(instead) = &self.instead {
            let stock =
                facts::stock_block(tx, self.store, &self.facilities, instead.settings, self.now, range, self.reach)
                    .await?;
            for candidate in &mut block {
                let (excluded, stock) = stock.of(candidate.product);
                let listed = candidate.member.is_some();
                let facts = ProductFacts { listed, excluded, lines: candidate.lines.clone(), stock };
                let decision = decide(&facts, instead.settings, instead.today, self.now);
                candidate.member = plan(candidate.member.as_ref(), &decision).change.apply(candidate.member);
            }
        }
        let stock =
            facts::stock_block(tx, self.store, &self.facilities, self.settings, self.now, range, self.reach).await?;
        let mut planned = Vec::new();
        let mut leaving = Vec::new();
        for Candidate { product, lines, member } in block {
            let (excluded, stock) = stock.of(product);
            let facts = ProductFacts { listed: member.is_some(), excluded, lines, stock };
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
        write::list_changes(tx, &mut self.outcome, &planned, self.request.list_changes).await?;
        self.count(&planned);
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
