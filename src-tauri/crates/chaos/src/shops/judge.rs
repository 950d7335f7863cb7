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

#[cfg(test)]
mod tests;

use std::collections::HashMap;

use presell_catalog::rules::Class;
use presell_shops::model::Listing;
use presell_simulator::journal::{By, Change, Write};

use super::assortment::{BAG, TWIN};
use super::events::{Event, Wish, merged};
use super::shelf::{MARK, Mark, POLICY, QUANTITY, Shelf, TAGS, tag, turned};
use crate::check::{Figure, Found, Verdict};

/// What a variant of the shop is called.
#[derive(Clone, Debug)]
pub(super) struct Name {
    pub(super) sku: String,
    pub(super) product: String,
}

/// Judges all writes.
pub(super) fn judge(names: &HashMap<String, Name>, wishes: &[Wish], writes: &[Write]) -> Verdict {
    let mut judge = Judge::new(names);
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
    fn new(names: &'a HashMap<String, Name>) -> Judge<'a> {
        let rules = RULES.iter().map(|(rule, number, what)| (*rule, Found::none(number, what))).collect();
        let (shelf, open) = (Shelf::default(), HashMap::new());
        Judge { names, shelf, open, rules, listed: 0, moved: 0, delisted: 0, unknown: 0 }
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

    /// The variants of this SKU that are still there.
    fn variants(&self, sku: &str) -> Vec<(String, String)> {
        let there = self.names.iter().filter(|(id, name)| name.sku == sku && !self.shelf.is_gone(id));
        there.map(|(id, name)| (id.clone(), name.product.clone())).collect()
    }

    fn confirmed(&mut self, wish: &Wish) {
        let was: Option<Class> = wish.was.as_deref().and_then(|class| class.parse().ok());
        let listing = wish.listing();
        match (was, listing) {
            (Some(_), None) => self.delisted += 1,
            (_, Some(listing)) => {
                self.listed += 1;
                self.moved += i64::from(was.is_some_and(|was| was != listing.class));
            }
            (None, None) => {}
        }
        for (variant, product) in self.variants(&wish.sku) {
            let (continues, mark) = (self.shelf.continues(&variant), self.shelf.mark(&variant));
            let Some(listing) = listing else {
                if continues.ours && continues.value {
                    self.broken(Rule::SoldAfterDelist, || format!("{} at {}", wish.sku, wish.at));
                }
                continue;
            };
            let tagged = self.shelf.tagged(&product, listing.class);
            let wanted = Mark::Active(listing.class, listing.promise_date);
            for (what, missing) in [
                ("it does not sell", continues.ours && !continues.value),
                ("its mark says otherwise", mark.ours && mark.value != wanted),
                ("its tag is off", tagged.ours && !tagged.value),
            ] {
                if missing {
                    self.broken(Rule::NotShown, || format!("{} at {}: {what}", wish.sku, wish.at));
                }
            }
            if let Some(was) = was.filter(|was| *was != listing.class) {
                self.tagged_twice(&wish.sku, wish.at, &product, was);
            }
        }
    }

    /// Once a move is confirmed, the tag of the other list is off unless a sibling is, or may be, on that list.
    fn tagged_twice(&mut self, sku: &str, at: i64, product: &str, was: Class) {
        let other = self.shelf.tagged(product, was);
        let siblings = self.names.iter().filter(|(id, name)| name.product == product && !self.shelf.is_gone(id));
        let needed = siblings.into_iter().any(|(id, name)| {
            name.sku != sku
                && (matches!(self.shelf.mark(id).value, Mark::Active(class, _) if class == was)
                    || self.open.contains_key(&name.sku))
        });
        if other.ours && other.value && !needed {
            self.broken(Rule::BothTags, || format!("{sku} at {at}"));
        }
    }

    fn write(&mut self, write: &Write) {
        let ours = write.by != By::Other;
        for change in &write.changes {
            if ours {
                self.change(write.at, change);
            }
            self.shelf.apply(change, ours);
        }
    }

    fn change(&mut self, at: i64, change: &Change) {
        let told = || format!("{} of {} at {at}: {} → {}", change.field, change.id, change.before, change.after);
        if change.field == TAGS {
            return self.tags(at, change);
        }
        if ![POLICY, MARK, QUANTITY].contains(&change.field.as_str()) {
            return self.broken(Rule::Foreign, told);
        }
        let Some(name) = self.names.get(&change.id) else { return self.broken(Rule::NotOurs, told) };
        if [BAG, TWIN].contains(&&*name.sku) {
            self.broken(Rule::NotOurs, told);
        }
        let open = self.open.get(&name.sku).cloned();
        if open.as_ref().is_none_or(|open| open.state != "sent") {
            self.broken(Rule::NotSent, || format!("{} {}, which is {open:?}", name.sku, told()));
        }
        let wanted = open.and_then(|open| open.listing);
        let told = || format!("{} {}, wanted {wanted:?}", name.sku, told());
        match change.field.as_str() {
            POLICY if change.after == "CONTINUE" => {
                if wanted.is_none() {
                    self.broken(Rule::SoldUnwanted, told);
                }
                self.bare(&change.id, name, self.shelf.mark(&change.id).value, told);
            }
            POLICY if wanted.is_some() => self.broken(Rule::Stopped, told),
            MARK => {
                let mark = Mark::read(&change.after);
                let right = wanted.map_or(Mark::Inactive, |wanted| Mark::Active(wanted.class, wanted.promise_date));
                if mark != right {
                    self.broken(Rule::OtherMark, told);
                }
                let continues = self.shelf.continues(&change.id);
                if continues.ours && continues.value && mark == right && wanted.is_some() {
                    self.bare(&change.id, name, mark, told);
                }
            }
            QUANTITY if change.after != wanted.map_or(0, |wanted| wanted.cap).to_string() => {
                self.broken(Rule::OtherMark, told);
            }
            _ => {}
        }
    }

    /// It sells: then it has to be marked, and the tag of its class on.
    fn bare(&mut self, variant: &str, name: &Name, mark: Mark, told: impl FnOnce() -> String) {
        let others = !self.shelf.mark(variant).ours;
        let fine = match mark {
            Mark::Active(class, _) => {
                let tagged = self.shelf.tagged(&name.product, class);
                tagged.value || !tagged.ours
            }
            _ => others,
        };
        if !fine {
            self.broken(Rule::SoldBare, told);
        }
    }

    fn tags(&mut self, at: i64, change: &Change) {
        let told = || format!("tags of {} at {at}: {} → {}", change.id, change.before, change.after);
        let own: Vec<(&String, &Name)> = self.names.iter().filter(|(_, name)| name.product == change.id).collect();
        if own.is_empty() || own.iter().any(|(_, name)| [BAG, TWIN].contains(&&*name.sku)) {
            self.broken(Rule::NotOurs, told);
        }
        if !own.iter().any(|(_, name)| self.open.get(&name.sku).is_some_and(|open| open.state == "sent")) {
            self.broken(Rule::NotSent, told);
        }
        for (turned, on) in turned(change) {
            let Some(class) = [Class::PreOrder, Class::Backorder].into_iter().find(|class| tag(*class) == turned)
            else {
                self.broken(Rule::Foreign, told);
                continue;
            };
            let sells = own.iter().any(|(id, _)| {
                let (continues, mark) = (self.shelf.continues(id), self.shelf.mark(id));
                let marked = matches!(mark.value, Mark::Active(of, _) if of == class);
                !self.shelf.is_gone(id) && continues.ours && continues.value && mark.ours && marked
            });
            if !on && sells {
                self.broken(Rule::TagLost, told);
            }
        }
    }
}
