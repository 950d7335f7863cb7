//! The decision about one product: pre-order, backorder, not listed, or undetermined; with every reason.
//! The only place where eligibility is written. Who wants to show, plan or store it reads the [`Decision`].

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use ts_rs::TS;

use super::{Class, Code, FreeLine, Line, LineVerdict, Member, OnlineAtp, ProductFacts, online_atp, qualify};
use crate::settings::{CapScope, Settings, UnknownStockPolicy};

/// What should be, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// What should be.
    pub verdict: Verdict,
    /// Why it is not listed, most important first; empty for a listed product. For a product that is in the catalog now,
    /// ask [`Decision::reasons_for`], which puts the reason of its active line first.
    pub reasons: Vec<Code>,
    /// The stock that was found.
    pub stock: OnlineAtp,
    /// Every line of the product, in the order in which lines compete.
    pub lines: Vec<LineVerdict>,
}

/// The outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It should be listed like this.
    Listed(Listing),
    /// It should not be listed.
    NotListed,
    /// Stock is unknown, so nothing is listed or withdrawn; this is how it would be listed if it were out of stock.
    Undetermined(Listing),
}

/// How a product is listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Listing {
    /// Pre-order or backorder, by the active line.
    pub class: Class,
    /// The date customers are told: that of the active line.
    pub promise_date: NaiveDate,
    /// Key of the active line, the first one that qualifies.
    pub line: i64,
    /// Pieces to publish as sellable.
    pub cap: i64,
    /// PO ATP of all qualifying lines.
    pub total: i64,
}

impl From<Listing> for Member {
    fn from(listing: Listing) -> Member {
        Member { class: listing.class, line: listing.line, promise_date: listing.promise_date, cap: listing.cap }
    }
}

/// Decides about one product.
///
/// A product taken out by the user is never listed; one in stock is not listed; without a qualifying line there is
/// nothing to promise. Otherwise the first qualifying line gives class and date, unless stock is unknown and may not be
/// read as zero. When the active line stops qualifying, the next one takes over here, by itself.
///
/// `today` is the store's calendar date of `now`, see [`super::today`].
pub fn decide(facts: &ProductFacts, settings: &Settings, today: NaiveDate, now: DateTime<Utc>) -> Decision {
    let stock = online_atp(&facts.stock, settings, now);
    let mut lines: Vec<LineVerdict> =
        facts.lines.iter().enumerate().map(|(index, line)| qualify(index, line, settings, today)).collect();
    lines.sort_by(|a, b| facts.lines[a.index].tie_break(&facts.lines[b.index]));

    let listing = listing(facts, settings, &lines);
    let in_stock = stock.atp().is_some_and(|atp| atp > settings.enough(facts.listed));
    let (verdict, reasons) = match listing {
        _ if facts.excluded => (Verdict::NotListed, vec![Code::Excluded]),
        Some(_) if in_stock => (Verdict::NotListed, vec![Code::InStock]),
        None => (Verdict::NotListed, in_stock.then_some(Code::InStock).into_iter().chain(po_codes(&lines)).collect()),
        Some((active, listing)) if stock == OnlineAtp::Unknown && !unknown_is_zero(settings, active) => {
            (Verdict::Undetermined(listing), vec![Code::StockUnknown])
        }
        Some((_, listing)) => (Verdict::Listed(listing), Vec::new()),
    };
    Decision { verdict, reasons, stock, lines }
}

impl Decision {
    /// How the product should be listed; none if it should not, or if that is undetermined.
    pub fn listing(&self) -> Option<&Listing> {
        match &self.verdict {
            Verdict::Listed(listing) => Some(listing),
            Verdict::NotListed | Verdict::Undetermined(_) => None,
        }
    }

    /// The reasons in the order to show for a product that is in the catalog: taken out, in stock, then what happened to
    /// the line that was active, then the other lines.
    pub fn reasons_for(&self, member: Option<&Member>) -> Vec<Code> {
        let mut reasons = self.reasons.clone();
        let active = member.and_then(|member| self.lines.iter().find(|line| line.line == member.line));
        if let Some(code) = active.and_then(LineVerdict::code)
            && let Some(at) = reasons.iter().position(|reason| *reason == code)
        {
            let first = reasons.iter().take_while(|reason| matches!(reason, Code::Excluded | Code::InStock)).count();
            reasons[first..=at].rotate_right(1);
        }
        reasons
    }

    /// The lines that may take new allocations, in the order in which they are filled.
    pub fn free_lines(&self) -> impl Iterator<Item = FreeLine> + '_ {
        self.lines.iter().filter(|line| line.qualifies).filter_map(|line| {
            line.promise_date.map(|promise_date| FreeLine { line: line.line, promise_date, free: line.atp.atp })
        })
    }
}

/// The listing that the qualifying lines give, and the active line; none if no line qualifies.
fn listing<'a>(facts: &'a ProductFacts, settings: &Settings, lines: &[LineVerdict]) -> Option<(&'a Line, Listing)> {
    let mut found: Option<(&Line, Listing)> = None;
    for verdict in lines.iter().filter(|line| line.qualifies) {
        let line = &facts.lines[verdict.index];
        let share = share(line, verdict.atp.atp, settings);
        match &mut found {
            Some((_, listing)) => {
                listing.total = listing.total.saturating_add(verdict.atp.atp);
                if settings.cap_scope == CapScope::AllLines {
                    listing.cap = listing.cap.saturating_add(share);
                }
            }
            None => {
                let class = Class::of(line);
                let promise_date = line.promise_date?;
                found =
                    Some((line, Listing { class, promise_date, line: line.id, cap: share, total: verdict.atp.atp }));
            }
        }
    }
    found
}

/// This store's part of a line. Rounded down for a line that several stores sell from, so that together they never
/// publish more than will come.
fn share(line: &Line, atp: i64, settings: &Settings) -> i64 {
    match settings.shared_line_split {
        Some(percent) if line.shared => atp.saturating_mul(percent) / 100,
        _ => atp,
    }
}

/// Whether a product without any stock record may be read as out of stock.
fn unknown_is_zero(settings: &Settings, active: &Line) -> bool {
    match settings.unknown_stock_policy {
        UnknownStockPolicy::ZeroForNewStyles => active.is_new,
        UnknownStockPolicy::NeverZero => false,
        UnknownStockPolicy::AlwaysZero => true,
    }
}

/// Why no line qualifies: the reason of each line once, in the order of the lines.
fn po_codes(lines: &[LineVerdict]) -> Vec<Code> {
    if lines.is_empty() {
        return vec![Code::NoPo];
    }
    let mut codes = Vec::new();
    for code in lines.iter().filter_map(LineVerdict::code) {
        if !codes.contains(&code) {
            codes.push(code);
        }
    }
    codes
}
