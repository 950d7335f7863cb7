//! Each value that was written, against what the outbox said then.

use presell_catalog::rules::Class;
use presell_simulator::journal::{By, Change, Write};

use super::{Judge, Name, Rule};
use crate::shops::assortment::{BAG, TWIN};
use crate::shops::shelf::{MARK, Mark, POLICY, QUANTITY, TAGS, tag, turned};

impl Judge<'_> {
    pub(super) fn write(&mut self, write: &Write) {
        let ours = write.by != By::Other;
        for change in &write.changes {
            if ours {
                self.change(write.at, change);
            }
            self.shelf.apply(change, !ours);
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
                if continues.value && !continues.others && mark == right && wanted.is_some() {
                    self.bare(&change.id, name, mark, told);
                }
            }
            QUANTITY
                if change.after.as_str().and_then(|text| text.parse().ok())
                    != Some(wanted.map_or(0, |wanted| wanted.cap)) =>
            {
                self.broken(Rule::OtherMark, told);
            }
            _ => {}
        }
    }

    /// It sells: then it has to be marked, and the tag of its class on.
    fn bare(&mut self, variant: &str, name: &Name, mark: Mark, told: impl FnOnce() -> String) {
        let others = self.shelf.mark(variant).others;
        let fine = match mark {
            Mark::Active(class, _) => {
                let tagged = self.shelf.tagged(&name.product, class);
                tagged.value || tagged.others
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
                self.shelf.has(id) && continues.value && !continues.others && marked && !mark.others
            });
            if !on && sells {
                self.broken(Rule::TagLost, told);
            }
        }
    }
}
