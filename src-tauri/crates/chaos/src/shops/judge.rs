//! The checker: each write the shop got from Presell, against what the outbox said of that product at that moment.
//!
//! | rule | what must not be |
//! |---|---|
//! | W1 | a foreign tag or field touched, or a product that is none of ours |
//! | W2 | something written of a product that was not marked as sent before: a node that had lost its right to write |
//! | W3 | a variant that went on selling though it was not to be listed; above all after its delist was confirmed |
//! | W4 | a variant stopped, or marked otherwise than wanted, while it was to be listed: a move through `DENY` or another class |
//! | W5 | a variant that sells before it is marked and tagged, or after its tag is gone |
//! | W6 | something sent again before it was read back |
//! | W7 | something confirmed that the shop does not show |
//! | W8 | a shop that in the end does not show what is wanted, or is written to though it does |
//!
//! What somebody else set last is nobody's fault: another app may take a tag off between two of our writes.

mod confirmed;
#[cfg(test)]
mod tests;
mod writes;

use std::collections::HashMap;

use presell_shops::model::Listing;
use presell_simulator::journal::{By, Write};

use super::events::{Event, Wish, merged};
use super::shelf::Shelf;
use crate::check::{Figure, Found, Verdict};

/// What a variant of the shop is called.
#[derive(Clone, Debug)]
pub(super) struct Name {
    pub(super) sku: String,
    pub(super) product: String,
}

/// Judges all writes.
pub(super) fn judge(names: &HashMap<String, Name>, wishes: &[Wish], writes: &[Write]) -> Verdict {
    let mut judge = Judge::new(names, Shelf::before(writes));
    for event in merged(wishes, writes) {
        match event {
            Event::Wish(wish) => judge.wish(wish),
            Event::Write(write) => judge.write(write),
        }
    }
    let count = |keep: &dyn Fn(&Write) -> bool| writes.iter().filter(|w| w.by != By::Other && keep(w)).count() as i64;
    let group = "What the shop was asked to write";
    let figures = vec![
        Figure::new(group, "writes", count(&|_| true)),
        Figure::new(group, "  refused, all or in part", count(&|write| !write.errors.is_empty())),
        Figure::new(group, "  done, and nobody was told", count(&|write| !write.answered && !write.changes.is_empty())),
        Figure::new(group, "writes of others", writes.len() as i64 - count(&|_| true)),
        Figure::new(group, "listings confirmed", judge.listed),
        Figure::new(group, "  moves to the other list among them", judge.moved),
        Figure::new(group, "delists confirmed", judge.delisted),
        Figure::new(group, "outcomes nobody knew", judge.unknown),
    ];
    Verdict { rules: judge.rules.into_iter().map(|(_, found)| found).collect(), figures }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rule {
    Foreign,
    NotOurs,
    NotSent,
    SoldUnwanted,
    SoldAfterDelist,
    Stopped,
    OtherMark,
    SoldBare,
    TagLost,
    NotReadBack,
    NotShown,
    BothTags,
}

const RULES: &[(Rule, &str, &str)] = &[
    (Rule::Foreign, "W1", "foreign tags or fields touched"),
    (Rule::NotOurs, "W1", "products written that are none of ours"),
    (Rule::NotSent, "W2", "written without being marked as sent"),
    (Rule::SoldUnwanted, "W3", "set on CONTINUE though not to be listed"),
    (Rule::SoldAfterDelist, "W3", "on CONTINUE when the delist was confirmed"),
    (Rule::Stopped, "W4", "moved or updated through DENY"),
    (Rule::OtherMark, "W4", "marked otherwise than wanted"),
    (Rule::BothTags, "W4", "moved, and still tagged for the other list"),
    (Rule::SoldBare, "W5", "sold without mark or tag"),
    (Rule::TagLost, "W5", "tag taken from under a variant that sells"),
    (Rule::NotReadBack, "W6", "sent again without being read back"),
    (Rule::NotShown, "W7", "confirmed though the shop does not show it"),
];

/// The open item of a product.
#[derive(Clone, Debug)]
struct Open {
    state: String,
    listing: Option<Listing>,
}

struct Judge<'a> {
    names: &'a HashMap<String, Name>,
    shelf: Shelf,
    open: HashMap<String, Open>,
    rules: Vec<(Rule, Found)>,
    listed: i64,
    moved: i64,
    delisted: i64,
    unknown: i64,
}

impl<'a> Judge<'a> {
    fn new(names: &'a HashMap<String, Name>, shelf: Shelf) -> Judge<'a> {
        let rules = RULES.iter().map(|(rule, number, what)| (*rule, Found::none(number, what))).collect();
        Judge { names, shelf, open: HashMap::new(), rules, listed: 0, moved: 0, delisted: 0, unknown: 0 }
    }

    fn broken(&mut self, rule: Rule, example: impl FnOnce() -> String) {
        if let Some((_, found)) = self.rules.iter_mut().find(|(own, _)| *own == rule) {
            found.add(example);
        }
    }

    fn wish(&mut self, wish: &Wish) {
        if wish.what == "shown" {
            return self.confirmed(wish);
        }
        if wish.was.as_deref() == Some("unknown") && wish.state == "sent" {
            self.broken(Rule::NotReadBack, || format!("{} at {}", wish.sku, wish.at));
        }
        self.unknown += i64::from(wish.state == "unknown" && wish.was.as_deref() != Some("unknown"));
        match wish.state.as_str() {
            "confirmed" | "dropped" => drop(self.open.remove(&wish.sku)),
            state => {
                let open = Open { state: state.to_owned(), listing: wish.listing() };
                self.open.insert(wish.sku.clone(), open);
            }
        }
    }
}
